"""Figures, measured here and now, each beside its floor of the same run. `make bench` prints them; nothing asserts."""
