"""Invented goals for a rehearsal of the live display: title, icon and colour of the category."""

SHORT_GOALS: tuple[tuple[str, str, str], ...] = (
    ("Light the example path", "street_lighting", "#D0782A"),
    ("Slow the cars at Example School", "road_safety", "#2F6BDE"),
    ("A gym open to teenagers on Fridays", "young_people", "#4B2A9B"),
    ("Board up the empty house on Sample Street", "theft_and_break_ins", "#86124B"),
    ("Foot patrol on Example Avenue every night", "other", "#696D88"),
    ("Quiet hours for street music", "noise", "#2AA58E"),
    ("Clean alleys by eight in the morning", "waste_and_litter", "#97614F"),
    ("Benches that everybody dares to sit on", "parks_and_trees", "#3A4A04"),
    ("A watch group for Example Square", "theft_and_break_ins", "#86124B"),
    ("Bar staff and officers train together", "drugs_and_alcohol", "#2AA58E"),
    ("Scooters walk on the example waterfront after dusk", "road_safety", "#2F6BDE"),
    ("Somebody to call when a person needs help", "other", "#696D88"),
)

LONG_QUESTION = (
    "Which of these goals shall residents and officers of the example beat work on together until the end of next "
    "summer, and which can wait a year?"
)

LONG_GOALS: tuple[tuple[str, str, str], ...] = (
    (
        "Light the whole path between Example Avenue and the school, so children walk home without fear",
        "street_lighting",
        "#D0782A",
    ),
    (
        "Slow the cars on both sides of Example School at drop-off and pick-up, with signs, paint and officers on foot",
        "road_safety",
        "#2F6BDE",
    ),
    (
        "A gym open to teenagers every Friday until eleven, run by neighbours and two officers of the beat",
        "young_people",
        "#4B2A9B",
    ),
    (
        "Board up the empty house on Sample Street, and find its owner, before somebody is hurt in it or a fire starts",
        "theft_and_break_ins",
        "#86124B",
    ),
    (
        "Foot patrol on Example Avenue every night between ten and two, by officers who stay for a whole year",
        "other",
        "#696D88",
    ),
    (
        "Quiet hours for street music near the homes of shift workers, agreed with the musicians of the square",
        "noise",
        "#2AA58E",
    ),
)
