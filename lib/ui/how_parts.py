"""How it works, in plain words. Fixed text of ours; the figures in it are those of the rules."""

from html import escape

import streamlit as st

from lib.rules.geography import HOME_RESOLUTION, STREET_RESOLUTION
from lib.rules.pulse import HIDDEN_BELOW, WARNED_BELOW
from lib.rules.tally import FEWEST_OFFICERS

LOOP = (
    ("Raise a concern", "Say what happens, where and how often. Others say “me too”. No account is needed."),
    (
        "It becomes a goal",
        "What recurs is made a goal. Officers say whether they can work on it, and why, before the vote.",
    ),
    ("Both sides vote", "At a meeting residents and officers vote. A goal is adopted only if both sides carry it."),
    ("Each side commits", "Who does what by when is public. Only the other side can say that it was kept."),
    ("We look what came of it", "Figures are counted, never typed. What may be chance is called chance."),
    (
        "You have the last word",
        "Residents say whether it got better. Then the next meeting begins where this one ended.",
    ),
)

VOTE = (
    "Everybody in the room gets one pass, and with it one ballot in each vote of the evening. You may choose any number of "
    "goals, or none of them, and change your vote until the round closes.",
    "A side turns its key for a goal when enough of its ballots are for it: half of the officers’ ballots, and half of the "
    "residents’ ballots, or a smaller part where several goals can be adopted (a third for three places). Blank ballots "
    "count as taking part and nothing else. The two sides are never added up.",
    "Goals for which both keys are turned get the places, one after the other: each place goes to the goal whose supporters "
    "have waited longest, so that a large group does not take every place. A goal that one side only carried is contested: "
    "the other side owes a written answer, and a second vote follows.",
    f"With fewer than {FEWEST_OFFICERS} officers’ ballots nothing is adopted; the residents’ order is noted as advice. Of a "
    "small side, usually the officers, only the key is shown and not the figures, because figures would tell who voted how.",
)

COUNTED = (
    "After sealing, the ballots of the residents are published in the order of their trackers, with the rule and the result. "
    "Anybody can count them again. With the tracker from your ballot you find it in that list. The ballots of a small side are "
    "not published: two witnesses see its keys.",
    "Rule, who may vote, the goals’ texts and when results show are frozen before the first ballot. The first twelve "
    "characters of their fingerprint stand on the screen.",
)

PRIVACY = (
    "Your home cannot be found from what is public. A concern stands on the map as a cell: some dozens of homes, or a stretch of "
    f"street (h3 cells of size {HOME_RESOLUTION} and {STREET_RESOLUTION}). The exact place and your contact are kept apart; "
    "officers see them only if you agree, and each look is noted.",
    "Words that may name a person or tell where somebody lives, and every photo, are read by a moderator before anybody else. "
    "Officers never decide what becomes public. What is kept back, and why, stands in a public list.",
    "Who voted what is not kept. Once a round is sealed nothing links a ballot to a pass, a person or the order of voting.",
    "With your private link you follow what becomes of your concern, and you can erase what you wrote. Category, month and cell "
    "stay, because others have built on them.",
    "Every change is noted in a log that can only be added to. It holds numbers, never your words.",
)

FIGURES = (
    "Recorded incidents come from the police’s own files and concerns from residents. A goal is compared with the same months "
    "before it began, complete months only. “May be chance” means that the change is no larger than such figures vary by themselves.",
    f"How safe people feel is asked in the pulse. Under {HIDDEN_BELOW} answers no figure is shown, under {WARNED_BELOW} it is a "
    "hint. Where volunteers answered, the figure says nothing about those who did not.",
    "Fewer recorded incidents can also mean that fewer were reported. That is why residents have the last word on a goal.",
)

LIMITS = (
    "Somebody who runs this installation and changes its program could cheat. That is why ballots can be counted again by anybody, "
    "and why an auditor outside the police reads the log.",
    "While a round is open, somebody who copies the raw database sees choices and their order. No page, command or backup of "
    "this product shows them.",
    "A tracker proves your vote to you, and it could prove it to somebody who wants to buy it. Do not show it to anybody.",
    "In a hall without an encrypted address (https) the Wi-Fi has to be encrypted.",
    "A city that needs more protection than this should hold the vote with Belenios or on paper.",
)


def loop_part() -> None:
    """The loop in six steps."""
    items = "".join(f"<li><b>{escape(title)}</b>{escape(words)}</li>" for title, words in LOOP)
    st.html(f'<ol class="cb-loop">{items}</ol>')


def paragraphs(lines: tuple[str, ...]) -> None:
    """A part of the text, one paragraph a thought."""
    st.html(f'<div class="cb-how">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>')


def points(lines: tuple[str, ...]) -> None:
    """A part of the text as a list."""
    st.html(f'<div class="cb-how"><ul>{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul></div>')
