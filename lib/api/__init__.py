"""The open-data door: JSON, GeoJSON and CSV over FastAPI, read-only, no key, no Streamlit.

One router per subject; `app.py` joins them. What is read here is public already: cells instead of addresses, results
only once they are published.
"""
