"""The phone door: plain HTML over Starlette and Jinja2 that needs no JavaScript.

A page here is one handler (`def`, so that Starlette runs it in a thread: the database blocks) and one template. Each
subject module lists its own `ROUTES`; `routes.py` collects them, `headers.py` guards every request to them, `errors.py`
turns what goes wrong into a page with its status. Forms are read with `forms.form(request)`.
"""
