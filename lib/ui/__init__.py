"""Streamlit parts: the shell around every page, the session, cached reads, maps, charts, cards.

The only package below `pages/` that knows Streamlit. Pages compose these parts; they compute nothing themselves.
"""
