"""Progress of one goal, as people speak about it: arguments, evidence, handover, earlier stories, residents' word."""

from datetime import timedelta
from uuid import UUID

import pytest

from lib import clock
from lib.model import Goal
from lib.queries.goal_voices import goal_voices
from lib.queries.residents_word import word_of_residents
from lib.rules.goals import EvidenceKind, Stance
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.rules.residents_word import WordCount
from lib.services.arguments import argue, withdraw_argument
from lib.services.commitment_evidence import add_evidence, withdraw_evidence
from lib.services.commitments import accept_commitment, offer_commitment
from lib.services.goals import tell_story
from lib.services.people import deactivate_person
from tests.builders import a_beat, a_city, a_coordinator, a_facilitator, a_goal, a_meeting, a_person, uuid_of
from tests.goal_builders import due, residents_say
from tests.pages.test_goal import choose, press, tasks_of
from tests.pages.visiting import page_text, visit

TODAY = clock.now().date()


class Beat:
    def __init__(self, state: GoalState = GoalState.ACTIVE) -> None:
        a_city()
        self.beat = a_beat("K2")
        self.goal_id = a_goal(self.beat, state=state)
        self.goal: UUID = uuid_of(Goal, self.goal_id)
        self.officer = a_person("Maya Lindqvist", beats=(self.beat,))
        self.resident = a_facilitator("Rosa Delgado")

    def promised(self) -> int:
        commitment = offer_commitment(
            actor=self.officer,
            goal_uuid=self.goal,
            party=Party.OFFICERS,
            owner="The late shift",
            deliverable="Eight foot patrols",
            due_on=TODAY + timedelta(days=9),
        )
        accept_commitment(actor=self.officer, commitment_id=commitment)
        return commitment


def pick(app, key: str, words: str) -> None:
    """Choose what begins with these words."""
    box = app.selectbox(key=key)
    box.select_index(next(at for at, option in enumerate(box.options) if option.startswith(words))).run()


def test_both_sides_argue_and_a_thing_taken_back_stays_crossed_out(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Beat(GoalState.PROPOSED)
    app = visit("goal", monkeypatch, at.officer, id=str(at.goal))
    choose(app, "Say something for or against")
    press(app, "Say it for the officers")
    assert "Argument is empty" in app.error[0].value
    app.radio(key=f"argument_stance_{at.goal_id}").set_value(Stance.AGAINST)
    app.text_area(key=f"argument_text_{at.goal_id}").input("<b>Two</b> patrols less")
    press(app, "Say it for the officers")
    argue(actor=at.resident, goal_uuid=at.goal, stance=Stance.FOR, text="We could sleep")
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert "<p>&lt;b&gt;Two&lt;/b&gt; patrols less</p><p>Maya Lindqvist, officers</p>" in shown
    assert "<p>We could sleep</p><p>Rosa Delgado, residents</p>" in shown
    withdraw_argument(actor=at.officer, argument_id=goal_voices(at.goal).arguments[0].id)
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert "<s>&lt;b&gt;Two&lt;/b&gt; patrols less</s></p><p>Maya Lindqvist, officers, taken back</p>" in shown


def test_evidence_is_shown_as_text_and_taken_back_with_a_reason(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = Beat()
    commitment = at.promised()
    app = visit("goal", monkeypatch, at.officer, id=str(at.goal))
    choose(app, "Show what was done")
    app.radio(key=f"evidence_kind_{at.goal_id}").set_value(EvidenceKind.LINK).run()
    pick(app, f"evidence_commitment_{at.goal_id}", "Eight foot patrols")
    app.text_input(key=f"evidence_link_{at.goal_id}").input("javascript:alert(1)")
    app.text_input(key=f"evidence_text_{at.goal_id}").input("The <i>log</i>")
    press(app, "Show it")
    assert "begins with https" in app.error[0].value.replace("\\", "")
    app.text_input(key=f"evidence_link_{at.goal_id}").input("https://example.org/?a=1&b=2")
    press(app, "Show it")
    assert "stands below the commitment" in app.success[0].value
    (row,) = goal_voices(at.goal).evidence
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert (
        '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer nofollow" target="_blank">'
        "The &lt;i&gt;log&lt;/i&gt;</a> <small>(example.org)</small>"
    ) in shown
    assert "1 piece of evidence" in shown
    assert (row.commitment_id, row.link) == (commitment, "https://example.org/?a=1&b=2")
    withdraw_evidence(actor=at.officer, evidence_uuid=row.uuid, reason="Wrong <b>week</b>")
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert "Taken back: “Wrong &lt;b&gt;week&lt;/b&gt;”" in shown
    assert "example.org" not in shown


def test_a_photo_stands_with_its_words(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.services.test_commitment_evidence import a_picture

    at = Beat()
    photo = add_evidence(
        actor=at.resident,
        commitment_id=at.promised(),
        kind=EvidenceKind.PHOTO,
        text='The "new" lamp',
        photo=a_picture(),
    )
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert f'<img src="/evidence/{photo}.jpg" alt="The &quot;new&quot; lamp" loading="lazy">' in shown


def test_a_handover_is_public_and_the_successor_takes_it_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = Beat()
    at.promised()
    assert "Maya Lindqvist answers for it" in page_text(visit("goal", monkeypatch, id=str(at.goal)))
    deactivate_person(person_id=at.officer.person_id, actor=a_coordinator())
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    for part in ("Waits for a new officer", "Maya Lindqvist left.", "It waits for a successor."):
        assert part in shown
    successor = a_person("Sam Okafor", beats=(at.beat,))
    app = visit("goal", monkeypatch, successor, id=str(at.goal))
    choose(app, "Accept or countersign a commitment")
    pick(app, f"settle_commitment_{at.goal_id}", "Eight foot patrols")
    app.radio(key=f"settle_move_{at.goal_id}").set_value(CommitmentState.ACCEPTED).run()
    press(app, "Say so")
    assert "Noted" in app.success[0].value
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert "Sam Okafor answers for it" in shown
    assert "A successor took on a commitment of the officers." in shown


def test_earlier_stories_can_be_read_with_who_and_when(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = Beat(GoalState.PROPOSED)
    for text in ("First <b>words</b>", "Second words"):
        tell_story(
            actor=at.officer, goal_uuid=at.goal, scanning=text, analysis="", response="", assessment="", now=clock.now()
        )
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert "1 earlier version" in shown
    assert "<p>First &lt;b&gt;words&lt;/b&gt;</p>" in shown
    assert "by Maya Lindqvist</summary>" in shown


def test_the_residents_word_is_hidden_below_three_and_told_from_then_on(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Beat()
    due(at.goal_id, TODAY + timedelta(days=3))
    assert "whoever raised or supported a concern" in page_text(visit("goal", monkeypatch, id=str(at.goal)))
    residents_say(at.goal_id, on=TODAY - timedelta(days=1), solved=2)
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert ("Fewer than 3 answers so far." in shown, "2 solved" in shown) == (True, False)
    residents_say(at.goal_id, on=TODAY - timedelta(days=1), worse=1)
    shown = page_text(visit("goal", monkeypatch, id=str(at.goal)))
    assert "2 of 3 answers say solved or better: 2 solved and 1 worse." in shown
    assert "Residents confirm it" in shown


def test_only_the_residents_facilitator_counts_hands_and_only_at_an_open_meeting(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Beat()
    due(at.goal_id, TODAY)
    assert "Count hands in the room" not in tasks_of(visit("goal", monkeypatch, at.resident, id=str(at.goal)))
    a_meeting(at.beat, "Autumn meeting")
    assert "Count hands in the room" not in tasks_of(visit("goal", monkeypatch, at.officer, id=str(at.goal)))
    app = visit("goal", monkeypatch, at.resident, id=str(at.goal))
    choose(app, "Count hands in the room")
    press(app, "Write down the hands")
    assert "Not one hand is counted" in app.error[0].value
    app.number_input(key=f"hands_solved_{at.goal_id}").set_value(12)
    app.number_input(key=f"hands_worse_{at.goal_id}").set_value(2)
    press(app, "Write down the hands")
    assert "written down" in app.success[0].value
    assert word_of_residents(at.goal, today=TODAY).by_hands == WordCount(solved=12, worse=2)
    assert "Hands raised: Autumn meeting" in page_text(visit("goal", monkeypatch, id=str(at.goal)))
