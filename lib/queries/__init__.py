"""Every SELECT: one function per question; frozen rows or frames come out, never ORM objects."""
