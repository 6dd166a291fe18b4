"""What the demonstration's people say about goals: arguments, evidence and answers. All invented."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from lib.rules.goals import EvidenceKind, ResidentsWord, Stance
from lib.rules.lifecycle import Electorate

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS
FOR, AGAINST = Stance.FOR, Stance.AGAINST


@dataclass(frozen=True)
class DemoArgument:
    """`is_withdrawn`: taken back some days later."""

    stance: Stance
    side: Electorate
    text: str
    is_withdrawn: bool = False


@dataclass(frozen=True)
class DemoEvidence:
    """For the commitment at this position of its goal; shown so many days before it was settled, or before today.
    `withdrawn_reason`: why it was taken back."""

    commitment: int
    kind: EvidenceKind
    side: Electorate
    text: str
    days: int
    link: str = ""
    withdrawn_reason: str = ""


ARGUMENTS: dict[str, tuple[DemoArgument, ...]] = {
    "k2-plaza": (
        DemoArgument(FOR, RESIDENTS, "When two officers stood there in June the square was full of families by seven."),
        DemoArgument(FOR, OFFICERS, "People talk to us on foot. Three of four useful hints came that way."),
        DemoArgument(AGAINST, OFFICERS, "Every evening takes a car off the beat while calls wait on 1st Avenue South."),
        DemoArgument(AGAINST, RESIDENTS, "Some of the young people leave when officers come. Ask them first."),
        DemoArgument(AGAINST, OFFICERS, "Winter evenings are empty anyway.", is_withdrawn=True),
    ),
    "k2-training": (
        DemoArgument(FOR, RESIDENTS, "The staff know the guests. Two evenings a year cost us nothing."),
        DemoArgument(FOR, OFFICERS, "Where bars call early, it ends with a taxi and not with handcuffs."),
        DemoArgument(AGAINST, RESIDENTS, "Small bars cannot close for an evening. Hold it on a Monday afternoon."),
    ),
    "k2-benches": (
        DemoArgument(FOR, RESIDENTS, "A bench in the light is the cheapest patrol there is."),
        DemoArgument(AGAINST, OFFICERS, "Repairs and restrooms are the parks department’s; we can only ask for them."),
    ),
    "k2-scooters": (
        DemoArgument(FOR, RESIDENTS, "My mother does not go there any more after she was run over."),
        DemoArgument(AGAINST, RESIDENTS, "After dusk the road beside it is worse. Give scooters a lane first."),
        DemoArgument(AGAINST, OFFICERS, "A fine for the third time means that we must know the first two."),
    ),
    "u2-study": (
        DemoArgument(FOR, RESIDENTS, "Between ten and one there is nowhere to sit that does not sell beer."),
        DemoArgument(AGAINST, OFFICERS, "An officer who drops in is welcome to us only if the students ask for it."),
    ),
    "u2-trail": (
        DemoArgument(FOR, OFFICERS, "Both attacks of last winter happened on the dark third of the trail."),
        DemoArgument(AGAINST, RESIDENTS, "Light draws people to where nobody can help them. Start with two lamps."),
    ),
}

EVIDENCE: dict[str, tuple[DemoEvidence, ...]] = {
    "k2-cars": (
        DemoEvidence(0, EvidenceKind.PHOTO, RESIDENTS, "The sign on the pay station of the north lot", 4),
        DemoEvidence(0, EvidenceKind.TEXT, RESIDENTS, "Twelve of twelve put up; two were replaced after the rain.", 2),
        DemoEvidence(
            3,
            EvidenceKind.LINK,
            OFFICERS,
            "The roster of the foot patrol, week by week",
            6,
            link="https://www.example.org/pioneer-square/foot-patrol-roster",
        ),
        DemoEvidence(4, EvidenceKind.TEXT, OFFICERS, "Eleven lots walked; one page each is in the community room.", 3),
        DemoEvidence(
            4,
            EvidenceKind.TEXT,
            OFFICERS,
            "A list with the owners’ telephone numbers",
            5,
            withdrawn_reason="It named people who had not agreed to that.",
        ),
    ),
    "k2-walk": (
        DemoEvidence(0, EvidenceKind.TEXT, RESIDENTS, "Twelve weekends, between four and eleven people each.", 3),
        DemoEvidence(3, EvidenceKind.TEXT, OFFICERS, "Three of four stretches walked; 22 poles listed so far.", 5),
    ),
    "k2-nights": (
        DemoEvidence(1, EvidenceKind.TEXT, RESIDENTS, "Diary of ten nights: nobody was there on six of them.", 2),
    ),
}

ANSWERS: dict[str, dict[ResidentsWord, int]] = {
    "k2-nights": {ResidentsWord.SOLVED: 1, ResidentsWord.BETTER: 4, ResidentsWord.SAME: 3, ResidentsWord.WORSE: 2},
    "k2-lamps": {ResidentsWord.SOLVED: 7, ResidentsWord.BETTER: 3, ResidentsWord.SAME: 1},
    "l3-dumping": {ResidentsWord.SOLVED: 5, ResidentsWord.BETTER: 2, ResidentsWord.SAME: 1},
    "r2-school": {ResidentsWord.SOLVED: 4, ResidentsWord.BETTER: 4},
    "u2-racks": {ResidentsWord.SOLVED: 2, ResidentsWord.BETTER: 5, ResidentsWord.SAME: 2},
}
"""What residents answered through their follow links."""

HANDS: dict[str, tuple[str, dict[ResidentsWord, int]]] = {
    "k2-lamps": (
        "k2-third",
        {ResidentsWord.SOLVED: 31, ResidentsWord.BETTER: 22, ResidentsWord.SAME: 6, ResidentsWord.WORSE: 1},
    ),
}
"""Hands counted in a room: at which meeting, and how many for each answer."""

FIRST_TELLING = ("scanning",)
"""The parts of a story that stand when a goal is proposed; the rest is told once it was answered."""


def a_sign() -> bytes:
    """The picture that stands for a photo: a drawn sign, since nobody of the demonstration has a camera. PNG."""
    picture = Image.new("RGB", (1200, 900), "#C9D3DE")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 640, 1200, 900), fill="#6B7684")
    draw.rectangle((560, 420, 640, 860), fill="#3C4654")
    draw.rounded_rectangle((240, 110, 960, 520), radius=36, fill="#0B4F9E", outline="white", width=14)
    for at, words in enumerate(("LEAVE NOTHING", "IN THE CAR")):
        draw.text((600, 250 + at * 120), words, fill="white", anchor="mm", font_size=84)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
