"""When a vote that adopted nothing for want of officers is held again."""

from datetime import date
from zoneinfo import ZoneInfo

from lib.queries.meetings import MeetingRow, coming_meetings
from lib.queries.places import city
from lib.rules.lifecycle import MeetingState
from lib.rules.results import repeat_sentence
from lib.rules.tally import RoundTally


def repeated_on(tally: RoundTally, meeting: MeetingRow) -> date | None:
    """The city's day of the next planned meeting of the same beat; None without one, and for a result that is not
    advisory. Three statements."""
    if not tally.advisory:
        return None
    beat = meeting.beat_codes[0] if meeting.beats else None
    coming = (each for each in coming_meetings(beat) if each.state is MeetingState.PLANNED and each.id != meeting.id)
    following = next(coming, None)
    return None if following is None else following.starts_at.astimezone(ZoneInfo(city().time_zone)).date()


def when_repeated(tally: RoundTally, meeting: MeetingRow) -> str:
    """The day of `repeated_on` in a sentence, or that there is none yet; "" for a result that is not advisory. Three
    statements."""
    return repeat_sentence(repeated_on(tally, meeting)) if tally.advisory else ""
