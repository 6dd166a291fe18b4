"""The rules, pure: values in, values out. No database, clock, network or Streamlit; `now` and `today` are arguments."""
