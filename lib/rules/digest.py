"""The digest: what became of all that somebody follows, in the order "you said, we agreed, we did, we didn't"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lib.rules.concerns import STATUS_SENTENCES
from lib.rules.lifecycle import Party
from lib.rules.mail_words import ASKED, Counting, Days, Letter, Speech, signed
from lib.rules.moderation import REASON_WORDS, Reason, TextState
from lib.rules.states import ConcernStatus
from lib.rules.text import clipped

LATE_BY = timedelta(hours=12)
"""A scheduled command never starts at the same second: somebody is due again half a day before their days are over."""

SAID_LENGTH = 600
"""Characters of a person's text in a mail; the page that the mail leads to has it whole."""


class Chapter(StrEnum):
    """Where something stands in the mail."""

    ON_THE_WAY = "on_the_way"
    AGREED = "agreed"
    DID = "did"
    DID_NOT = "did_not"


class Deed(StrEnum):
    """What happened to a goal or a commitment."""

    PROPOSED = "proposed"
    ON_BALLOT = "on_ballot"
    ADOPTED = "adopted"
    CONTESTED = "contested"
    ANSWERED = "answered"
    TAKEN_ON = "taken_on"
    KEPT = "kept"
    BROKEN = "broken"
    OVERDUE = "overdue"
    ACHIEVED = "achieved"
    NOT_ACHIEVED = "not_achieved"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


CHAPTERS: dict[Deed, Chapter] = {
    Deed.PROPOSED: Chapter.ON_THE_WAY,
    Deed.ON_BALLOT: Chapter.ON_THE_WAY,
    Deed.ADOPTED: Chapter.AGREED,
    Deed.TAKEN_ON: Chapter.AGREED,
    Deed.KEPT: Chapter.DID,
    Deed.ACHIEVED: Chapter.DID,
    Deed.CONTESTED: Chapter.DID_NOT,
    Deed.ANSWERED: Chapter.DID_NOT,
    Deed.BROKEN: Chapter.DID_NOT,
    Deed.OVERDUE: Chapter.DID_NOT,
    Deed.NOT_ACHIEVED: Chapter.DID_NOT,
    Deed.WITHDRAWN: Chapter.DID_NOT,
    Deed.REOPENED: Chapter.DID_NOT,
}


_SETTLED = (Deed.KEPT, Deed.BROKEN, Deed.OVERDUE)


@dataclass(frozen=True)
class Step:
    """An answer to a concern. `by`: the officer, "" where it followed by rule; `partner`: to whom it was passed on.
    `elsewhere`: it was said of a concern that this one goes on in, merged with it or split from it."""

    on: date
    status: ConcernStatus
    said: str
    by: str
    partner: str = ""
    elsewhere: bool = False


@dataclass(frozen=True)
class Checked:
    """What a moderator decided about a concern's words, or a photo of it. `reason`: why something was kept back."""

    on: date
    decision: TextState
    reason: Reason | None = None
    is_photo: bool = False


@dataclass(frozen=True)
class ConcernNews:
    """What was said of a followed concern, the oldest first. `is_asked`: the day came on which whoever raised or
    supported it is asked whether it is solved. `checked`: what moderators decided about it."""

    category: str
    beat: str
    text: str
    link: str
    steps: tuple[Step, ...]
    is_asked: bool = False
    checked: tuple[Checked, ...] = ()


@dataclass(frozen=True)
class Told:
    """One thing that happened. `what`: a commitment's words, "" for the goal itself; `why`: a person's reason."""

    deed: Deed
    on: date
    what: str = ""
    party: Party | None = None
    partner: str = ""
    why: str = ""


@dataclass(frozen=True)
class GoalNews:
    """What became of a goal that grew out of a followed concern. `headline`: the verdict of its measure, once it ended.
    `asked_from`: the day from which its residents are asked, if it came."""

    title: str
    link: str
    told: tuple[Told, ...]
    headline: str = ""
    asked_from: date | None = None


@dataclass(frozen=True)
class MeetingNews:
    """The next meeting of a beat; `starts_at` in the city's time zone."""

    title: str
    place: str
    starts_at: datetime
    link: str


@dataclass(frozen=True)
class Digest:
    """Everything that a reader is told once. `unconfirmed`: concerns that wait for their yes. `since`: the first day
    that it tells of."""

    since: date
    concerns: tuple[ConcernNews, ...] = ()
    goals: tuple[GoalNews, ...] = ()
    meetings: tuple[MeetingNews, ...] = ()
    unconfirmed: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing happened: a coming meeting alone is no reason to write."""
        return not self.concerns and not self.goals


def is_due(told_until: datetime | None, until: datetime, days: int) -> bool:
    """Whether a reader may be written to again: not within `days` of the last time.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 5, 4, 7, 0, 9, tzinfo=UTC)
    >>> is_due(None, monday, 7), is_due(monday, datetime(2026, 5, 11, 7, tzinfo=UTC), 7)
    (True, True)
    >>> is_due(monday, datetime(2026, 5, 10, 7, tzinfo=UTC), 7)
    False
    """
    return told_until is None or until - told_until >= timedelta(days=days) - LATE_BY


def digest_letter(
    _: Speech, ngettext: Counting, day: Days, digest: Digest, *, city: str, followed: str, end: str
) -> Letter:
    """The digest as a mail. `followed` and `end` are the reader's links to what they follow and to stop it.

    Neither a category nor anybody's words stand in the subject: it shows on locked screens.
    """
    parts = [_("This happened since %(day)s with what you follow.") % {"day": day(digest.since)}]
    for concern in digest.concerns:
        parts += _of_concern(_, day, concern)
    for goal in digest.goals:
        parts += _of_goal(_, day, goal)
    if digest.meetings:
        parts.append(heading(_("Next meetings")))
        parts += [_of_meeting(day, meeting) for meeting in digest.meetings]
    if digest.unconfirmed:
        waiting = ngettext(
            "%(number)s more concern waits for your yes:",
            "%(number)s more concerns wait for your yes:",
            digest.unconfirmed,
        )
        parts.append(f"{waiting % {'number': digest.unconfirmed}}\n{followed}")
    parts.append(f"{_('What I follow')}: {followed}")
    parts.append(f"{_('Stop all mail and erase my address')}: {end}")
    number = len(digest.concerns) + len(digest.goals)
    subject = ngettext(
        "What became of it: news about %(number)s matter", "What became of it: news about %(number)s matters", number
    )
    return Letter(subject % {"number": number}, signed(_, tuple(parts), city))


def heading(text: str) -> str:
    """A heading in plain text.

    >>> print(heading("Next"))
    Next
    ----
    """
    return f"{text}\n{'-' * len(text)}"


def merged(told: Sequence[Told]) -> tuple[Told, ...]:
    """In the order of the mail, and the oldest first within a chapter; nothing twice. What was overtaken by something
    later in the same mail is left out: the way to a vote once the goal is adopted, taking on what was settled since."""
    deeds = {each.deed for each in told}
    settled = {(each.what, each.party, each.partner) for each in told if each.deed in _SETTLED}

    def is_overtaken(each: Told) -> bool:
        if each.deed in (Deed.PROPOSED, Deed.ON_BALLOT):
            return Deed.ADOPTED in deeds
        return each.deed is Deed.TAKEN_ON and (each.what, each.party, each.partner) in settled

    order = list(Chapter)
    kept = [each for each in dict.fromkeys(told) if not is_overtaken(each)]
    return tuple(sorted(kept, key=lambda each: (order.index(CHAPTERS[each.deed]), each.on)))


def _of_concern(_: Speech, day: Days, concern: ConcernNews) -> list[str]:
    parts = [heading(f"{concern.category}, {concern.beat}")]
    if concern.text:
        parts.append(_("You said:") + f"\n{quoted(concern.text)}")
    if concern.checked:
        parts.append("\n".join(_checked(_, day, each) for each in concern.checked))
    for step in concern.steps:
        lines = [f"{day(step.on)}: {_(STATUS_SENTENCES[step.status])}"]
        if step.elsewhere:
            lines.append(_("It was said of the concern that yours goes on in."))
        if step.partner:
            lines.append(_("It was passed on to %(partner)s.") % {"partner": step.partner})
        if step.said:
            lines.append(quoted(step.said))
        if step.said and step.by:
            lines.append(f"    {step.by}")
        parts.append("\n".join(lines))
    if concern.is_asked:
        parts.append(_(ASKED))
    return [*parts, concern.link]


def _checked(_: Speech, day: Days, checked: Checked) -> str:
    if checked.is_photo:
        sentences = {
            TextState.SHOWN: _("A moderator has looked at a photo; everybody can see it now."),
            TextState.WITHHELD: _("A moderator withheld a photo and deleted it."),
        }
    else:
        sentences = {
            TextState.SHOWN: _("A moderator has read the words; everybody can read them now as they were written."),
            TextState.REDACTED: _("A moderator took out parts of the words, marked […]; everybody reads the rest."),
            TextState.WITHHELD: _("A moderator withheld the words; the concern itself stays and counts."),
        }
    why = f" {_(REASON_WORDS[checked.reason])}" if checked.reason else ""
    return f"{day(checked.on)}: {sentences[checked.decision]}{why}"


def _of_goal(_: Speech, day: Days, goal: GoalNews) -> list[str]:
    parts = [heading(_("A goal that grew out of what you follow: %(title)s") % {"title": goal.title})]
    headings = {
        Chapter.ON_THE_WAY: _("On the way"),
        Chapter.AGREED: _("We agreed"),
        Chapter.DID: _("We did"),
        Chapter.DID_NOT: _("We didn’t, and why"),
    }
    for chapter in Chapter:
        lines = [_line(_, day, each) for each in goal.told if CHAPTERS[each.deed] is chapter]
        if lines:
            parts.append("\n".join([f"{headings[chapter]}:", *lines]))
    if goal.headline:
        parts.append(_("The measure says: %(finding)s") % {"finding": _(goal.headline)})
    if goal.asked_from:
        parts.append(_(ASKED))
    return [*parts, goal.link]


def _line(_: Speech, day: Days, told: Told) -> str:
    sentences = {
        Deed.PROPOSED: _("It was proposed as a goal on %(day)s."),
        Deed.ON_BALLOT: _("It is on the ballot of a meeting."),
        Deed.ADOPTED: _("Residents and officers adopted it on %(day)s."),
        Deed.CONTESTED: _("Only one side carried it on %(day)s; the other owes a written answer."),
        Deed.ANSWERED: _("%(who)s answered why they did not carry it."),
        Deed.TAKEN_ON: _("%(who)s took on, by %(day)s: %(what)s"),
        Deed.KEPT: _("%(who)s kept, countersigned by the other side: %(what)s"),
        Deed.BROKEN: _("%(who)s did not keep: %(what)s"),
        Deed.OVERDUE: _("%(who)s should have done by %(day)s: %(what)s"),
        Deed.ACHIEVED: _("The goal was achieved; residents confirmed it on %(day)s."),
        Deed.NOT_ACHIEVED: _("The goal ended on %(day)s without being achieved."),
        Deed.WITHDRAWN: _("The goal was withdrawn."),
        Deed.REOPENED: _("Residents said that it got worse: the goal was opened again on %(day)s."),
    }
    who = told.partner or (_(PARTY_WORDS[told.party]) if told.party else "")
    line = f"- {sentences[told.deed] % {'day': day(told.on), 'who': who, 'what': told.what}}"
    why = _("Why")
    return f"{line}\n  {why}: {' '.join(clipped(told.why, SAID_LENGTH).split())}" if told.why else line


PARTY_WORDS: dict[Party, str] = {
    Party.RESIDENTS: "The residents",
    Party.OFFICERS: "The officers",
    Party.PARTNER: "Partners",
}


def _of_meeting(day: Days, meeting: MeetingNews) -> str:
    when = f"{day(meeting.starts_at.date())}, {meeting.starts_at:%H:%M}"
    return f"{meeting.title}\n{when}, {meeting.place}\n{meeting.link}"


def quoted(text: str) -> str:
    """A person's words as mail quotes them, line by line, so that none of it looks like ours.

    >>> print(quoted("Two lamps.\\nIt is dark."))
    > Two lamps.
    > It is dark.
    """
    return "\n".join(f"> {line}" for line in clipped(text, SAID_LENGTH).splitlines())
