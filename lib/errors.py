"""What can go wrong, said so that a person can act on it.

Every error that reaches a person is an `Explained`: one sentence for the reader and the HTTP status that `lib/web` and
`lib/api` answer with. Anything else that is raised is a defect and is shown as "something went wrong on our side".
"""


class Explained(Exception):
    """An error with a sentence for the reader. `status` is the HTTP status of the phone pages and the API."""

    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(Explained):
    """Something typed in or uploaded cannot be taken. `field` names the input it came from, where there is one."""

    status = 422

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NotFound(Explained):
    """What was asked for does not exist (or no longer, or is not public)."""

    status = 404


class SignInNeeded(Explained):
    """Nobody is signed in, and this needs somebody."""

    status = 401


class NotAllowed(Explained):
    """Somebody is signed in whose role does not hold the right."""

    status = 403


class Conflict(Explained):
    """The world moved on: a round that closed meanwhile, a state that another person changed first."""

    status = 409


class TooMany(Explained):
    """Too many wrong tries in a short time; the sentence says how long to wait."""

    status = 429


class Unavailable(Explained):
    """The database cannot be reached or is locked for longer than we wait."""

    status = 503
