"""Tables, one module per subject. Guarantees stand here as constraints before they stand in code.

`from lib.model import Concern` works for every table; importing this package also fills `Base.metadata`.
"""

from lib.model.base import Base
from lib.model.concerns import Category, CategoryText, Concern, ConcernAnswer, ConcernPlace, Support
from lib.model.evidence import ImportRun, Incident, IncidentMonth
from lib.model.goals import Commitment, Countersignature, Goal, GoalBeat, GoalConcern, GoalEvent, Measure, Reading
from lib.model.log import LogEntry, LogLink
from lib.model.meetings import AgendaItem, CheckinAnswer, Meeting, MeetingBeat, Minute, PhoneCheck
from lib.model.partners import Activity, Partner, Service
from lib.model.people import OfficerPosting, Person, PersonRole, SignIn, SignInFailure
from lib.model.places import Beat, BeatBoundary, BeatFigure, City, MapFeature
from lib.model.pulse import PulseAnswer, PulseInvitation, PulseSurvey
from lib.model.results import Outcome, OwedAnswer, Reconciliation, SealedBallot, SideCount
from lib.model.voting import (
    Ballot,
    Candidate,
    CandidateText,
    DoorPass,
    DoorTally,
    Pass,
    PassBatch,
    Round,
    RoundSecret,
    RoundText,
    SecondVote,
)

__all__ = [
    "Activity",
    "AgendaItem",
    "Ballot",
    "Base",
    "Beat",
    "BeatBoundary",
    "BeatFigure",
    "Candidate",
    "CandidateText",
    "Category",
    "CategoryText",
    "CheckinAnswer",
    "City",
    "Commitment",
    "Concern",
    "ConcernAnswer",
    "ConcernPlace",
    "Countersignature",
    "DoorPass",
    "DoorTally",
    "Goal",
    "GoalBeat",
    "GoalConcern",
    "GoalEvent",
    "ImportRun",
    "Incident",
    "IncidentMonth",
    "LogEntry",
    "LogLink",
    "MapFeature",
    "Measure",
    "Meeting",
    "MeetingBeat",
    "Minute",
    "OfficerPosting",
    "Outcome",
    "OwedAnswer",
    "Partner",
    "Pass",
    "PassBatch",
    "Person",
    "PersonRole",
    "PhoneCheck",
    "PulseAnswer",
    "PulseInvitation",
    "PulseSurvey",
    "Reading",
    "Reconciliation",
    "Round",
    "RoundSecret",
    "RoundText",
    "SealedBallot",
    "SecondVote",
    "Service",
    "SideCount",
    "SignIn",
    "SignInFailure",
    "Support",
]
