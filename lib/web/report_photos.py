"""Photos of concerns. Those of a report that is not in yet travel inside the pages in between, cleaned, and are kept
nowhere else."""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.errors import Invalid, NotFound
from lib.queries.moderation import NO_PHOTO, concern_photo
from lib.rules.moderation import PhotoState
from lib.rules.rights import may_moderate
from lib.services.photos import clean_photos
from lib.web.forms import fields, files
from lib.web.rendering import NEVER_STORED, strict_headers
from lib.web.signin import actor_of

UPLOAD, KEPT = "photo", "kept_photo"
"""Fields of the form: files from the phone, and photos that a page in between has carried along as base64."""

SHOWN_SECONDS = 300
"""So long a browser may keep a public photo: a moderator can take it back."""


@dataclass(frozen=True)
class Photos:
    """JPEGs made of what was uploaded."""

    pictures: tuple[bytes, ...] = ()

    @property
    def carried(self) -> list[str]:
        """Each as base64, for a hidden field."""
        return [b64encode(picture).decode() for picture in self.pictures]


def chosen_photos(request: Request) -> Photos:
    """The photos that came with a form. Raises Invalid."""
    carried = []
    for text in fields(request, KEPT):
        try:
            carried.append(b64decode(text, validate=True))
        except (binascii.Error, ValueError) as cause:
            raise Invalid("This is no photo that we can read. Choose a JPEG, PNG or WebP picture.") from cause
    return Photos(tuple(clean_photos([*carried, *files(request, UPLOAD)])))


def show_photo(request: Request) -> Response:
    """A concern's photo: once a moderator has shown it for everybody, before for moderators. Raises NotFound."""
    try:
        name = UUID(str(request.path_params["uuid"]))
    except ValueError as cause:
        raise NotFound(NO_PHOTO) from cause
    picture, state = concern_photo(name, is_moderator=may_moderate(actor_of(request)))
    is_public = state is PhotoState.SHOWN
    return Response(
        picture,
        media_type="image/jpeg",
        headers={
            **strict_headers(),
            "Cache-Control": f"public, max-age={SHOWN_SECONDS}" if is_public else NEVER_STORED,
            "Content-Disposition": f'inline; filename="{name}.jpg"',
        },
    )


ROUTES: list[BaseRoute] = [Route("/concerns/photos/{uuid}.jpg", show_photo, methods=["GET"])]
