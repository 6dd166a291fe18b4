"""What officers of the demonstration answer, by status and, where it matters, by category."""

from lib.rules.lifecycle import ConcernStatus

GENERAL: dict[ConcernStatus, tuple[str, ...]] = {
    ConcernStatus.ACKNOWLEDGED: (
        "Thank you, we have read this. One of us will go and look within the week.",
        "We know the place. I will pass by on my next two shifts and write here what I see.",
        "Thank you for telling us. Two other reports name the same spot, so we look at them together.",
        "Read and noted. If it happens again, the time of day helps us most.",
        "Thank you. I have put this on the list for Thursday’s briefing of the beat.",
        "We have it. Please add what you see with “me too” or a second report, it helps us choose the hours.",
        "Thank you for the clear description. I will come by in plain daylight first, then in the evening.",
    ),
    ConcernStatus.INVESTIGATING: (
        "I was there twice this week, at the hours you named, and saw it too. We are finding out who can change it.",
        "We are comparing this with the recorded incidents of the last three months.",
        "I spoke with two shop owners on the block. Both confirm it; I am asking for their camera pictures.",
        "We counted for an hour on two evenings. The figures go to the city department this week.",
        "I am talking with the building’s manager on Monday and will write here afterwards.",
        "Three visits so far: twice nothing, once exactly what you describe. We go on looking.",
    ),
    ConcernStatus.PLANNED: (
        "We agreed on foot patrols here on two evenings a week, from next Monday, for six weeks.",
        "This is on the agenda of the next beat meeting; we bring two proposals that we think are feasible.",
        "A walk with residents is planned for the first Wednesday of next month. Come and show us the spot.",
        "The city department has given us a date: work should begin within three weeks.",
        "We plan a joint morning with the partner agency this month, and will write here how it went.",
    ),
    ConcernStatus.IN_PROGRESS: (
        "The first two visits are done. We keep coming by until the end of the month.",
        "Work has begun. Please tell us if you see a difference, or none.",
        "We are there on foot most evenings at the moment. Say hello.",
        "The first part is done, the second needs the city’s crew; they have a date now.",
        "Half way: it is quieter on weekdays, weekends are next.",
    ),
}

SOLVED: dict[str, tuple[str, ...]] = {
    "road_safety": (
        "The corner is marked as no parking now and the view is clear. We measured speeds again: clearly lower.",
        "The sign stands again, and we watched for three mornings. Solved for now; tell us if it returns.",
        "The signal’s walking time was made four seconds longer. Thank you for insisting.",
    ),
    "street_lighting": (
        "The lamps were repaired on Tuesday. I walked through after dark: all of them work.",
        "The branches are cut and the light reaches the sidewalk again.",
        "A new lamp was put up at the foot of the steps. Thank you for the pole number.",
    ),
    "young_people": (
        "The gym is open on two evenings a week, with a youth worker. On most nights the corner is empty.",
        "We met the young people and the owner together. They use the court until nine, and it holds.",
        "The after-school room has new hours, and the families know. Three weeks without a report.",
    ),
    "drugs_and_alcohol": (
        "The doorway has been closed by the owner and the needle box is emptied daily. Four weeks without a report.",
        "Outreach workers come by three times a week; several people accepted help. We keep an eye on it.",
        "Two arrests for dealing, and more light. Neighbours tell us that the benches are theirs again.",
    ),
    "noise": (
        "The bar closes its terrace at eleven now. We checked on three weekends.",
        "The owner has signed house rules with the neighbours, and the number on the door is answered.",
        "The vehicle was found and repaired; the owner was not aware how loud it is.",
    ),
    "parks_and_trees": (
        "The parks crew removed the branch and checked the trees around it.",
        "The hedge is cut back and you can see across again. Thank you to the volunteers.",
        "The gate has a new lock and the ranger checks it in the evening.",
    ),
    "waste_and_litter": (
        "Everything was picked up on Wednesday and a second bin has been set up.",
        "The company that dumped here was fined. The camera sign stays.",
        "Cleared, and the collection is twice a week now. Please tell us if it fills up again.",
    ),
    "theft_and_break_ins": (
        "One suspect was arrested with tools in the car. Five weeks without a new report on this block.",
        "The lot has new lamps and an attendant on game days. Far fewer windows broken since.",
        "The lobby has a locked parcel room now. Thank you to the building’s manager.",
    ),
}

NO_FURTHER_ACTION: dict[str, tuple[str, ...]] = {
    "road_safety": (
        "We measured for a week: nine in ten cars keep to the limit. That is not enough for the city to rebuild.",
    ),
    "street_lighting": ("These lamps belong to a private lot. We wrote to the owner; we cannot order it.",),
    "young_people": (
        "We came by six times. The young people are loud at times and break no rule; we keep saying hello.",
    ),
    "drugs_and_alcohol": (
        "We came by eight times at different hours and saw nothing we can act on. Please report it again with a time.",
    ),
    "noise": ("The permit allows the music until midnight. We told the organisers how far it carries.",),
    "parks_and_trees": (
        "The tree was examined and is healthy. It drops leaves and fruit, and the city will not cut it.",
    ),
    "waste_and_litter": ("It stands on private ground and breaks no rule. We told the owner that neighbours mind.",),
    "theft_and_break_ins": (
        "There is no lead: no pictures, no witness, nothing found. We close this and keep the figures for the pattern.",
    ),
}

REFERRED: dict[str, tuple[str, ...]] = {
    "road_safety": ("This needs paint and posts: passed to the desk for safe routes, which answers in 30 days.",),
    "street_lighting": ("Passed to the city’s lighting crew with the pole numbers. They repair within two weeks.",),
    "young_people": (
        "Passed to the youth centre, whose street workers know the group. They call back who left a number.",
    ),
    "drugs_and_alcohol": ("Passed to the outreach team. They come by on foot and offer help before anything else.",),
    "noise": ("Passed to the mediators, who sit down with both sides. They begin with a call to the one next door.",),
    "parks_and_trees": ("Passed to the clean-up crew, who also do the parks. They look at it within the week.",),
    "waste_and_litter": ("Passed to the city’s clean-up crew; bulky things are collected within ten days.",),
    "theft_and_break_ins": (
        "Passed to the business circle, who share cameras and lend locks and lights to shops and neighbours.",
    ),
}

DUPLICATE = (
    "Thank you. This is already reported; we join it to the earlier report, where you can follow what happens.",
    "We have an open report about the same spot. Yours counts with it, and both are answered there.",
)

REOPENED = (
    "It has come back, as two of you told us. We look at it again.",
    "You say that it is worse again. Opened once more; I come by this weekend.",
)
