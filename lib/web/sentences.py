"""Sentences that other layers say and the phone pages show, in the language of the request.

Services and queries raise English sentences. Those without figures are looked up as they are; those with figures are
recognised by the patterns below, whose parts are put into the translated pattern. `tests/web/test_languages.py` reads
from the sources what can be raised, and fails when something is missing here.
"""

import re
from functools import lru_cache

from lib.rules.tally import residents_threshold
from lib.rules.voting import RoundMode, RoundRule
from lib.web.languages import _


def marked(text: str) -> str:
    """Nothing but the mark by which `pybabel extract` finds a text (see `locales/README.md`)."""
    return text


NOT_BEGUN = marked("The meeting of this slip has not begun. Scan it again when the facilitator opens the doors.")
IS_OVER = marked("The meeting of this slip is over. Its results are on the page of the meeting.")
IS_VOID = marked("This slip was declared void before the vote. Ask at the door: a void slip cannot vote.")
VOID_SINCE = marked(
    "This slip was declared void during round %(number)s; a ballot it had cast there or later was deleted and is not "
    "counted. Ask at the door: a void slip cannot vote."
)

NO_ANSWER = marked("This is no answer to that question. Choose one from the list.")

SENTENCES = frozenset(
    {
        NOT_BEGUN,
        IS_OVER,
        IS_VOID,
        marked(
            "This code is not known here. Codes have 16 letters and digits; please check it, "
            "or ask at the door for a new slip."
        ),
        marked("This pass is not known here. Scan the code on your slip again, or type it."),
        marked("This pass cannot vote here. Scan the code on your slip again."),
        marked("This vote does not exist. Start again from the list of meetings."),
        marked("This meeting does not exist. Choose one from the list of meetings."),
        marked("This vote is for the residents in the room."),
        marked("This vote needs a slip from the door: the pass of an open room only ranks."),
        marked("This pass was shown already and is never shown again. Tap once more for the next one."),
        marked("One pass at a time, please: wait two seconds, then tap for the person who stands in front of you."),
        marked("Officers hand out passes at meetings of their own beats only."),
        marked("This meeting is over; its passes are good for nothing any more."),
        marked("This meeting is over; nothing is asked at its door any more."),
        NO_ANSWER,
        marked("Nobody is asked about this goal now: it has another state, or its due date has not come."),
        marked("This link was made after residents began to be asked about this goal. Only earlier ones are asked."),
        marked("Nobody is asked about this concern now: it is not called solved, or four weeks have not passed since."),
        marked("This link was made after the concern was called solved. Only earlier ones are asked."),
        marked("This photo is not here, or it was taken back."),
        marked("This goal does not exist. Go back to the list of goals."),
        marked("This is no answer to that question. Choose one from the list."),
        marked("This code is not known here. Codes of invitations have 16 letters and digits; please check yours."),
        marked("This invitation has been used: one answer is counted for each, and yours is in. Thank you."),
        marked("This survey has not begun. Use your invitation again from the day that it names."),
        marked("This survey is closed. Its results are on the page How safe people feel."),
        marked("Every question may be left out, but not all of them. Answer at least one."),
        marked("Your browser kept no cookie, so we cannot count you once only. Allow cookies and try again."),
        marked("No open room takes votes at this moment. Please wait until the facilitator opens one."),
        marked("This open room has handed out more passes than any hall holds, and gives no more."),
        marked("The fingerprint of the ballots has been read out for the dice: no ballot can come or go any more."),
        marked("This vote has not been opened yet, so nothing of it is frozen."),
        marked("The result of this vote is not published yet. It appears here when both sides have been counted."),
        marked("There is no such page in the list of ballots."),
        marked("There is no such file in the download of this vote."),
        marked("This vote has not been opened yet. Please wait for the facilitator."),
        marked("This vote is closed: your ballot came too late and was not counted."),
        marked(
            "You voted since this form was opened, so it was not taken and what is stored stays. "
            "Open the ballot again to change it."
        ),
        marked("This form has been used already. Open the ballot again and send it once more."),
        marked("One of the goals is not on this ballot. Open the ballot again."),
        marked("Choose goals, or “none of these”, but not both."),
        marked("This slip has voted already; its paper ballot cannot be entered as well."),
        marked("Typed in already as paper. This side gets no tracker: mark the slip as entered."),
        marked("This slip was made after the vote was closed. It is good for the next votes only."),
        marked("Paper ballots are typed in after the vote is closed and before it is counted."),
        marked("Choose what it is about from the list."),
        marked("This is not written down here, because it would be public. See whom to call."),
        marked("Choose how often it happens from the list."),
        marked("This category does not exist. Choose one from the list."),
        marked("Choose a photo first."),
        marked("This photo is larger than 5 MB. Choose a smaller one."),
        marked("This picture has too many pixels. Choose a smaller one."),
        marked("This is no photo that we can read. Choose a JPEG, PNG or WebP picture."),
        marked("Up to three photos are possible. Choose fewer."),
        marked("Say where it is. Choose the beat, or a point."),
        marked("This is no point on the map. Choose it again."),
        marked("This link leads nowhere: it is mistyped, or the concern was erased."),
        marked("This concern does not exist, or its reporter took it back."),
        marked("The e-mail address or the password is not right."),
        marked("This person does not exist."),
        marked("This PIN is too easy to guess. Choose digits that do not repeat or count."),
        marked("This check is over. Scan the code on the facilitator's screen again."),
        marked("This page was opened by another address than the one that is checked. Scan the code on the screen."),
        marked("Your present password is not right."),
        marked("This password is too easy to guess; four random words make a good one."),
        marked("Your city account has no confirmed e-mail address, so we cannot tell who you are."),
        marked("Your city account is not known here. Ask your coordinator to add you."),
        marked("Please sign in first."),
        marked("This person is not here any more."),
        marked("This installation has no city yet. Run: python -m lib city NAME --time-zone ZONE"),
        marked("This installation's secret has changed; restore data/secret_key or SECRET_KEY."),
        marked("The database is busy or cannot be reached. Nothing was changed; please try again in a moment."),
        marked("This is no e-mail address. Write it as in name@example.org."),
        marked("Very many people asked for mail in the last hour. Please try again in an hour."),
        marked("This link leads nowhere: the mails were ended, or it was never confirmed and is older than a week."),
        marked("This activity is not here any more. Look for another one on the page Help and services."),
        marked("Nobody can be told of volunteers here at the moment. Come by, or call the number if there is one."),
        marked("Write your first name in letters only."),
        marked("This link leads nowhere: it is mistyped, or it was ended, or the activity is not there any more."),
        marked("These are too many messages for one day. Please go on tomorrow."),
        marked("Please confirm first that you would like to join."),
        marked("This person has left the activity."),
        marked("Nobody organises this activity at the moment, so nobody can be written to."),
        # What a status means (`lib/rules/concerns.py`).
        marked("It waits for a first answer."),
        marked("The officers of the beat have read it."),
        marked("The officers are looking into it."),
        marked("Something is planned."),
        marked("Work on it has begun."),
        marked("The officers say that it is solved."),
        marked("Nothing more will be done about it."),
        marked("It is about the same thing as another concern and goes on there."),
        marked("It was passed on to somebody who can help better."),
    }
)
"""Whole sentences without figures."""

WORDS = frozenset(
    {
        # How often (`lib/rules/concerns.py`).
        marked("It happened once"),
        marked("Now and then"),
        marked("Every week"),
        marked("Most days"),
        marked("Every day"),
        # The states of a concern.
        marked("new"),
        marked("acknowledged"),
        marked("investigating"),
        marked("planned"),
        marked("in progress"),
        marked("solved"),
        marked("no further action"),
        marked("duplicate"),
        marked("referred"),
        # What residents say became of a goal (`lib/rules/residents_word.py`).
        marked("Solved"),
        marked("Better"),
        marked("The same"),
        marked("Worse"),
        # Kinds of activity (`lib/rules/partners.py`).
        marked("youth evening"),
        marked("watch group"),
        marked("joint training"),
        # What a refusal calls the fields of a form.
        marked("First name"),
        marked("Message"),
        marked("What happens"),
        marked("Place"),
        marked("Address"),
        marked("Contact"),
        marked("Word"),
        marked("Number one issue"),
    }
)
"""Words of other layers that are shown by themselves or inside a sentence."""

PATTERNS = (
    VOID_SINCE,
    marked("Typed in already as paper; write this tracker on it: %(tracker)s"),
    marked("This is already “%(state)s”: somebody else did it a moment ago."),
    marked("This is “%(state)s” and cannot become “%(other)s”. Perhaps somebody changed it a moment ago."),
    marked("%(field)s is empty: please write something."),
    marked("%(field)s is too long: %(longest)s characters are possible, this has %(length)s."),
    marked("This needs the role %(roles)s. Ask your coordinator if you should have it."),
    marked("There is no beat %(code)s. Choose one from the list."),
    marked("This concern is closed (%(status)s). If it goes on, please raise it again."),
    marked(
        "This point lies outside every beat of %(city)s, in the water or beyond the city's limits. "
        "Choose a point on land, or choose the beat from the list."
    ),
    marked("A password has %(shortest)s to %(longest)s characters; four random words make a good one."),
    marked("A PIN has %(shortest)s to %(longest)s digits."),
    marked("Too many wrong tries. Please wait 1 second, then try again."),
    marked("Too many wrong tries. Please wait %(number)s seconds, then try again."),
    marked("The database's folder cannot be made: %(cause)s. Check DATA_FOLDER."),
)
"""Sentences with something filled in."""


def translated(sentence: str) -> str:
    """A sentence that another layer says, in the language of the request; as it is where it is not known here."""
    found = _(sentence)
    if found != sentence:
        return found
    for pattern in PATTERNS:
        match = _recognised(pattern).fullmatch(sentence)
        if match:
            return _(pattern) % {name: _(part) if part else part for name, part in match.groupdict().items()}
    return sentence


def says_void(sentence: str) -> bool:
    """Whether a refusal says that a slip was declared void, before any round or during one."""
    return sentence == IS_VOID or _recognised(VOID_SINCE).fullmatch(sentence) is not None


@lru_cache(maxsize=64)
def _recognised(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s|%\((\w+)\)s", r"(?P<\1\2>.+)", re.escape(pattern)), re.DOTALL)


def rule_in_words(rule: RoundRule, places: int, mode: RoundMode) -> str:
    """`lib.rules.results.rule_sentence` in the language of the request; in English it is the same text."""
    if mode is RoundMode.OPEN_ROOM:
        return _("This open room puts the goals in an order by the residents’ ballots; it adopts none of them.")
    part = residents_threshold(places).denominator
    parts = {2: _("half"), 3: _("a third"), 4: _("a quarter")}
    keys = _(
        "A goal needs at least %(part)s of the residents’ ballots and at least half of the officers’ ballots; "
        "%(places)s"
    )
    return keys % {
        "part": parts.get(part, _("one in %(number)s") % {"number": part}),
        "places": _places_in_words(rule, places) % {"places": places},
    }


def _places_in_words(rule: RoundRule, places: int) -> str:
    if rule is RoundRule.LOWER_SHARE and places == 1:
        return _(
            "the place goes to the open goal with the highest share, counting for each goal the lower of its two sides."
        )
    if rule is RoundRule.LOWER_SHARE:
        return _(
            "the %(places)s places go to the open goals with the highest shares, "
            "counting for each goal the lower of its two sides."
        )
    if places == 1:
        return _("the place goes to the open goal that most residents’ ballots approve.")
    return _("the %(places)s places go, one after the other, to the open goal whose supporters have waited longest.")
