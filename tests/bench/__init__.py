"""Figures, measured here and now, each beside its floor from the same run. `make bench` prints them; nothing asserts."""
