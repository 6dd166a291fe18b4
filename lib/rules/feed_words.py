"""What Atom feeds say in the language of their address. What people wrote stays as they wrote it."""

from dataclasses import dataclass
from datetime import date

from lib.rules.concerns import STATUS_SENTENCES
from lib.rules.digest import PARTY_WORDS
from lib.rules.lifecycle import CommitmentState, Party
from lib.rules.mail_words import Days, Speech, marked
from lib.rules.moderation import REASON_WORDS, Reason, TextState
from lib.rules.states import ConcernStatus

ENGLISH = "en"


@dataclass(frozen=True)
class Voice:
    """A language (ISO 639-1) with our texts, days and months in it."""

    language: str
    say: Speech
    day: Days
    month: Days


EVENT_WORDS: dict[str, str] = {
    "proposed": marked("It was proposed as a goal."),
    "feasibility": marked("Officers answered whether it can be done."),
    "on_ballot": marked("It is on the ballot of a meeting."),
    "adopted": marked("Residents and officers adopted it."),
    "open_without_place": marked("Both sides carried it; the places were taken by other goals."),
    "contested": marked("Only one side carried it; the other owes a written answer."),
    "neither": marked("Neither side carried it."),
    "answered": marked("The side that did not carry it answered why."),
    "argued": marked("Somebody said something for or against it."),
    "measure": marked("What it is measured by was set or changed."),
    "reading": marked("A new reading of its measure is in."),
    "active": marked("The goal began: measure and commitments of both sides are set."),
    "offered": marked("A commitment was offered."),
    "accepted": marked("A commitment was taken on."),
    "taken_over": marked("A successor took on a commitment of the officers."),
    "handed_over": marked("An officer left; a commitment waits for a successor."),
    "evidence": marked("Evidence of a commitment was added or taken back."),
    "countersigned": marked("The other side said whether a commitment was kept."),
    "released": marked("One side may let a commitment go."),
    "hands_counted": marked("Residents raised their hands on what has become of it."),
    "achieved": marked("The goal was achieved; residents confirmed it."),
    "not_achieved": marked("The goal ended without being achieved."),
    "withdrawn": marked("The goal was withdrawn."),
    "reopened": marked("Residents said that it got worse: the goal was opened again."),
}
"""What happened to a goal, by the kind of its event, without the figures that its English sentence has."""

STATE_WORDS: dict[CommitmentState, str] = {
    CommitmentState.OFFERED: marked("Offered."),
    CommitmentState.ACCEPTED: marked("Accepted."),
    CommitmentState.KEPT: marked("Kept."),
    CommitmentState.BROKEN: marked("Not kept."),
    CommitmentState.RELEASED: marked("Released."),
    CommitmentState.UNACCEPTED: marked("It waits for a successor."),
}


def beat_title(voice: Voice, *, beat: str, city: str) -> str:
    _ = voice.say
    return _("%(beat)s, %(city)s: concerns, goals and what became of them") % {"beat": beat, "city": city}


def raised_title(voice: Voice, category: str) -> str:
    _ = voice.say
    return _("Raised: %(category)s") % {"category": category or _("a concern")}


def raised_text(voice: Voice, text: str, state: TextState) -> str:
    """The words, and that a moderator took something out of them where one did."""
    _ = voice.say
    taken_out = _("A moderator took out what stands as […].")
    return f"{text}\n\n{taken_out}" if state is TextState.REDACTED else text


def answered_title(voice: Voice, category: str, status: ConcernStatus) -> str:
    _ = voice.say
    about = category or _("A concern")
    return f"{about}: {_(STATUS_SENTENCES[status])}"


def event_text(voice: Voice, kind: str, sentence: str) -> str:
    """The sentence as it was noted, in other languages than English what its kind says."""
    _ = voice.say
    return _(EVENT_WORDS[kind]) if voice.language != ENGLISH and kind in EVENT_WORDS else sentence


def commitment_title(voice: Voice, *, party: Party, partner: str, deliverable: str) -> str:
    _ = voice.say
    return f"{partner or _(PARTY_WORDS[party])}: {deliverable}"


def commitment_text(voice: Voice, state: CommitmentState, due_on: date) -> str:
    _ = voice.say
    due = _("Due on %(day)s.") % {"day": voice.day(due_on)}
    return f"{_(STATE_WORDS[state])} {due}"


def minutes_title(voice: Voice, meeting: str) -> str:
    _ = voice.say
    return _("Minutes: %(meeting)s") % {"meeting": meeting}


def minutes_text(voice: Voice) -> str:
    _ = voice.say
    return _("Both sides approved the minutes of this meeting.")


def kept_back_title(voice: Voice, month: date) -> str:
    _ = voice.say
    return _("What moderators kept back in %(month)s") % {"month": voice.month(month)}


def kept_back_line(voice: Voice, *, category: str, is_photo: bool, decision: TextState, reason: Reason) -> str:
    """One thing that was kept back, and why, without a word of it."""
    _ = voice.say
    if is_photo:
        what = _("a photo was withheld and deleted.")
    elif decision is TextState.REDACTED:
        what = _("parts of the words were taken out.")
    else:
        what = _("the words were withheld.")
    about = category or _("A concern")
    return f"- {about}: {what} {_(REASON_WORDS[reason])}"
