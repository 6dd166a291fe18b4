"""Who helps in the demonstration: invented agencies and what they offer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoService:
    """`beat` is "" for a service to the whole city; `checked_days` says how many days ago it was checked."""

    name: str
    description: str
    needs: str
    hours: str
    languages: str
    checked_days: int
    beat: str = ""


@dataclass(frozen=True)
class DemoPartner:
    name: str
    phone: str
    website: str
    services: tuple[DemoService, ...]


PARTNERS: tuple[DemoPartner, ...] = (
    DemoPartner(
        "City Information Line",
        "206-555-0111",
        "https://cityline.example",
        (
            DemoService(
                "One number for any question",
                "Says who helps with what, calls there with you if you like, and finds an interpreter.",
                "general help, anything else, information line, where to turn, who can help",
                "daily 7:00–22:00",
                "English, Spanish, interpreters for 90 more",
                8,
            ),
        ),
    ),
    DemoPartner(
        "Harborlight Crisis Line",
        "206-555-0101",
        "https://harborlight.example",
        (
            DemoService(
                "Somebody to talk to, day and night",
                "Trained listeners for anybody in a crisis, and for those who worry about somebody else.",
                "suicide crisis panic despair lonely mental health talk",
                "all day, every day",
                "English, Spanish, Vietnamese, interpreters for 90 more",
                12,
            ),
            DemoService(
                "Mobile crisis team",
                "Two counsellors come to where the person is, without police unless you ask for it.",
                "mental health crisis shouting confused neighbour psychosis",
                "daily 8:00–24:00",
                "English, Spanish",
                12,
            ),
        ),
    ),
    DemoPartner(
        "Rainwater Outreach",
        "206-555-0114",
        "https://rainwater-outreach.example",
        (
            DemoService(
                "Street outreach",
                "Workers on foot who know the shelters that have a bed tonight and can bring people there.",
                "homeless tent shelter sleeping outside cold bed",
                "daily 7:00–21:00",
                "English, Spanish, Somali",
                25,
            ),
            DemoService(
                "Needle collection",
                "Picks up used needles within three hours and brings boxes to parks, shops and stairwells.",
                "needles syringes drugs injecting park playground",
                "daily 6:00–22:00",
                "English, Spanish",
                25,
            ),
        ),
    ),
    DemoPartner(
        "Cedar Bridge Recovery",
        "206-555-0127",
        "https://cedarbridge.example",
        (
            DemoService(
                "Treatment without waiting",
                "A first appointment on the same day for people who drink or use drugs and want to change something.",
                "alcohol drinks drugs fentanyl addiction recovery treatment",
                "Mon–Sat 8:00–18:00",
                "English, Spanish, Amharic",
                40,
            ),
            DemoService(
                "Evenings for families",
                "For people who live with somebody who drinks or uses drugs: what helps, and what does not.",
                "family alcohol drinks addiction partner son daughter",
                "Tuesdays 18:30–20:30",
                "English, Spanish",
                40,
            ),
        ),
    ),
    DemoPartner(
        "Open Gym Seattle",
        "206-555-0132",
        "https://opengym.example",
        (
            DemoService(
                "Gyms open in the evening",
                "Basketball, futsal and dance for 12- to 19-year-olds, free, with coaches who listen.",
                "teenagers young people bored sport basketball evening",
                "Tue–Sat 17:00–21:30",
                "English, Spanish, Somali, Tagalog",
                18,
            ),
        ),
    ),
    DemoPartner(
        "Lantern Youth House",
        "206-555-0145",
        "https://lantern-youth.example",
        (
            DemoService(
                "A bed for tonight, under 21",
                "A safe place to sleep, breakfast, and somebody who helps with the next step.",
                "runaway young homeless bed shelter teenager",
                "doors open 20:00–23:00",
                "English, Spanish",
                33,
            ),
            DemoService(
                "Work for the summer",
                "Paid summer jobs with the city and with shops, and help with the first application.",
                "job work teenagers summer money apprenticeship",
                "Mon–Fri 14:00–18:00",
                "English, Spanish, Vietnamese",
                33,
            ),
        ),
    ),
    DemoPartner(
        "Safe Threshold",
        "206-555-0158",
        "https://safethreshold.example",
        (
            DemoService(
                "Help when home is not safe",
                "Advice, a safe place and company to court for people who are hurt or threatened at home.",
                "violence partner abuse beaten threatened home domestic women",
                "all day, every day",
                "English, Spanish, Mandarin, Russian, interpreters",
                9,
            ),
        ),
    ),
    DemoPartner(
        "Good Neighbours Mediation",
        "206-555-0163",
        "https://goodneighbours.example",
        (
            DemoService(
                "A talk between neighbours",
                "Two trained volunteers help neighbours find an arrangement: noise, parking, dogs, trees. Free.",
                "neighbour noise dogs barking quarrel parking tree music",
                "Mon–Fri 10:00–19:00",
                "English, Spanish, Korean",
                51,
            ),
        ),
    ),
    DemoPartner(
        "City Lighting Desk",
        "206-555-0170",
        "https://lighting.example",
        (
            DemoService(
                "Report a dark lamp",
                "Give the number on the pole; repaired within two weeks. The desk also puts light on stairs and stops.",
                "lamp light dark street pole stairs bus stop",
                "Mon–Fri 7:00–17:00",
                "English, Spanish, Chinese",
                21,
            ),
        ),
    ),
    DemoPartner(
        "Clean Blocks Crew",
        "206-555-0182",
        "https://cleanblocks.example",
        (
            DemoService(
                "Bulky trash and dumping",
                "Collects what was dumped within ten days; lends gloves, tongs and a truck for clean-up days.",
                "trash garbage dumping mattress litter clean-up graffiti",
                "Mon–Sat 8:00–16:00",
                "English, Spanish",
                30,
            ),
        ),
    ),
    DemoPartner(
        "Safe Routes Desk",
        "206-555-0191",
        "https://saferoutes.example",
        (
            DemoService(
                "Speed check and crosswalk visit",
                "Somebody measures, counts and looks with you at a crossing; the report is public.",
                "speeding traffic crosswalk school cars road crossing",
                "Mon–Fri 9:00–16:00",
                "English, Spanish",
                45,
            ),
            DemoService(
                "Crossing guards",
                "Trains and equips volunteers who see children across the street before and after school.",
                "school children crossing traffic volunteer",
                "school days 8:00–15:00",
                "English, Spanish, Somali",
                45,
            ),
        ),
    ),
    DemoPartner(
        "Tenants’ Corner",
        "206-555-0106",
        "https://tenantscorner.example",
        (
            DemoService(
                "Advice for tenants",
                "What the landlord has to repair, locks and lights included, and how to ask so that it happens.",
                "tenant landlord rent lock repair eviction building",
                "Mon, Wed, Fri 12:00–18:00",
                "English, Spanish, Chinese, Tigrinya",
                60,
            ),
        ),
    ),
    DemoPartner(
        "Elder Company",
        "206-555-0119",
        "https://eldercompany.example",
        (
            DemoService(
                "A companion on the way",
                "Volunteers go with older people to the shop, the doctor or a meeting, also after dark.",
                "old older people fear dark company lonely walk",
                "daily 9:00–21:00",
                "English, Mandarin, Cantonese, Tagalog",
                27,
            ),
            DemoService(
                "No to swindlers",
                "Calls back whoever is unsure about a caller, a letter or a man at the door.",
                "fraud scam phone swindle grandparent bank",
                "Mon–Fri 9:00–17:00",
                "English, Spanish, Mandarin",
                27,
            ),
        ),
    ),
    DemoPartner(
        "Newcomers’ House",
        "206-555-0123",
        "https://newcomers.example",
        (
            DemoService(
                "Interpreters for talking with the police",
                "An interpreter on the phone or beside you when you report something; nobody asks for papers.",
                "language interpreter immigrant refugee report papers",
                "daily 8:00–20:00",
                "25 languages",
                36,
            ),
        ),
    ),
    DemoPartner(
        "Second Chance Workshop",
        "206-555-0138",
        "https://secondchance.example",
        (
            DemoService(
                "After prison",
                "Work in the bicycle and furniture workshop, and help with housing and letters.",
                "prison release probation work housing bicycle",
                "Mon–Fri 8:30–16:30",
                "English, Spanish",
                410,
            ),
        ),
    ),
    DemoPartner(
        "Pioneer Square Business Circle",
        "206-555-0149",
        "https://psq-circle.example",
        (
            DemoService(
                "Lot attendants on game days",
                "Attendants in yellow vests watch the parking lots around the stadiums before and after games.",
                "car window smashed theft parking lot stadium game",
                "game days, three hours before to one hour after",
                "English, Spanish",
                15,
                beat="K2",
            ),
        ),
    ),
)
