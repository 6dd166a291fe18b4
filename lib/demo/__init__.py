"""The demonstration city: real boundaries, invented people and events.

Pure invention: each module turns a seed, a day and the geography into rows, the same ones every time; nothing here
writes. `lib/services/demonstration.py` stores what these functions return.
"""
