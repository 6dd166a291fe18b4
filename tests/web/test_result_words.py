"""The phone page says a result in its own language, and in English what the product says everywhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.rules.counting import Ballot
from lib.rules.results import outcome_sentence, result_sentence
from lib.rules.tally import tally_round, without_officers_figures
from lib.rules.voting import RoundMode, RoundRule
from lib.web.languages import ENGLISH, speak
from lib.web.result_words import outcome_in_words, result_in_words
from tests.rules.votes import GOALS

CANDIDATES = GOALS[:4]

votes = st.one_of(
    st.frozensets(st.sampled_from(CANDIDATES), min_size=1).map(Ballot),
    st.just(Ballot(none_of_these=True)),
    st.just(Ballot()),
)


@pytest.fixture(autouse=True)
def english_again() -> None:
    speak(ENGLISH)


@settings(max_examples=300, deadline=None)
@given(
    mode=st.sampled_from(RoundMode),
    residents=st.lists(votes, max_size=12),
    officers=st.lists(votes, max_size=6),
    places=st.integers(1, 4),
    dice=st.sampled_from(["", "4-1-6"]),
    is_sealed=st.booleans(),
)
def test_in_english_the_words_are_those_of_the_product(
    mode: RoundMode, residents: list[Ballot], officers: list[Ballot], places: int, dice: str, is_sealed: bool
) -> None:
    tally = tally_round(
        RoundRule.TWO_KEYS_TURNS, CANDIDATES, residents, officers, places=places, mode=mode, tie_seed=dice
    )
    tally = without_officers_figures(tally) if is_sealed else tally
    assert result_in_words(tally) == result_sentence(tally)
    for outcome in tally.outcomes:
        assert outcome_in_words(outcome, tally) == outcome_sentence(outcome, tally)
