"""The OpenAPI document keeps its word: whatever it allows is answered as it says, on a small full city."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from lib.api.app import api
from lib.rules.lifecycle import GoalState
from lib.storage.engine import using
from lib.storage.schema import migrate
from tests.builders import a_beat, a_city, a_concern, a_goal, a_meeting, a_published_outcome

schema = schemathesis.openapi.from_asgi("/openapi.json", api)


@pytest.fixture(scope="module", autouse=True)
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A city with one of everything; the API only reads, so that every example may share it."""
    with using(f"sqlite:///{tmp_path_factory.mktemp('api') / 'beat.sqlite3'}"):
        migrate()
        a_city()
        beat = a_beat("K2")
        a_concern(beat)
        a_goal(beat, state=GoalState.ACTIVE)
        a_published_outcome(a_goal(beat, "Brighter paths"), a_meeting(beat))
        yield


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case) -> None:
    case.call_and_validate()
