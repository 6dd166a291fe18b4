"""What the sides of the demonstration answered each other about contested goals. Invented, as all its people."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class DemoAnswer:
    """`after`: how long after the vote it was written."""

    reason: str
    counter_offer: str
    after: timedelta


ANSWERS: dict[tuple[str, int], DemoAnswer] = {
    ("k2-closure", 1): DemoAnswer(
        "The street department and the fire department have to agree to a closure, and the beat cannot promise it for "
        "them. On match days we have six officers for the whole stadium district.",
        "Two officers at the crossing of Occidental and South King Street in the hour after each match, and a request "
        "for movable barriers at the city.",
        timedelta(days=12),
    ),
    ("k2-plaza", 1): DemoAnswer(
        "A post every evening would take one car off the beat for every call. We looked at the hours of the last six "
        "months: what was reported falls on Thursday to Saturday.",
        "Two officers on foot from Thursday to Saturday, 19:00 to 23:00, until the end of the season.",
        timedelta(days=17),
    ),
    ("e2-cameras", 1): DemoAnswer(
        "Those who live at these corners do not want to be filmed on the way home, and nobody could say who would look "
        "at the pictures and for how long they are kept.",
        "Lamps and cut hedges at the same four corners first, and a count after six months.",
        timedelta(days=9),
    ),
    ("s3-speed", 1): DemoAnswer(
        "The bus riders among us fear longer journeys, and the shops fear for deliveries. Speed is a problem at two "
        "schools, not along the whole avenue.",
        "Thirty at the two schools from seven to nine and from two to four.",
        timedelta(days=15),
    ),
    ("s3-speed", 2): DemoAnswer(
        "More of us want it than last time, but not enough. The crossing at South Othello Street comes first.",
        "A crossing guard at South Othello Street, whom we help to find.",
        timedelta(days=19),
    ),
    ("l3-crisis", 1): DemoAnswer(
        "Officers are not the right people for somebody who is ill, and we say so ourselves. What was asked for needs "
        "a crisis team that the precinct does not have.",
        "Each of us carries the number of the mobile crisis team and stays until they have come.",
        timedelta(days=8),
    ),
}
"""By the goal's key and whether it was contested for the first or the second time. One way in Weller Street still waits
for its answer, long overdue: that happens, and everybody can see it."""
