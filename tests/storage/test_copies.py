"""A copy reads one moment of the database, and nothing is called clean while it does."""

import pytest

from lib.services.traces import sweep_traces
from lib.settings import settings
from lib.storage.copies import snapshot


def test_nothing_is_swept_beside_a_copy_that_has_asked_for_nothing_yet(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its first moment a copy may still ask for dead ballots, so it holds their tables before it reads any."""
    monkeypatch.setenv("LOCK_WAIT_SECONDS", "0.3")
    settings.cache_clear()
    with snapshot():
        assert not sweep_traces()
    assert sweep_traces()
