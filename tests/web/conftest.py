"""The phone door as it is served, without Streamlit: routes, guard and error pages."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lib.web.errors import handlers
from lib.web.headers import middleware
from lib.web.rendering import _city
from lib.web.routes import routes


def phone_door() -> Starlette:
    return Starlette(routes=routes(), middleware=middleware(), exception_handlers=dict(handlers()))


@pytest.fixture
def phone() -> Iterator[TestClient]:
    """A browser that keeps cookies and follows no redirect by itself. Defects answer 500 instead of raising."""
    _city.cache_clear()
    with TestClient(phone_door(), follow_redirects=False, raise_server_exceptions=False) as client:
        yield client
