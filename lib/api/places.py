"""The city's beats and what concerns are about."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from lib import clock
from lib.api.answers import NO_NUL, FeatureCollection, errors, geojson
from lib.queries import places

router = APIRouter(tags=["places"], responses=errors(503))


class CityAnswer(BaseModel):
    """The one city of this installation."""

    name: str
    time_zone: str = Field(description="IANA name; dates in every answer are of this zone, instants are UTC.")
    emergency_number: str
    is_demonstration: bool = Field(description="Real boundaries, invented people and events.")


class BeatAnswer(BaseModel):
    code: str = Field(description="As the city writes it, zeros kept.")
    name: str
    precinct: str
    adults: int | None = Field(description="Adults who live there; null where the city gave no figure.")


class CategoryAnswer(BaseModel):
    key: str
    name: str
    colour: str


@router.get("/city", summary="The city", responses=errors(404))
def city() -> CityAnswer:
    """Name, time zone and emergency number. 404 before the installation was given its city."""
    row = places.city()
    return CityAnswer(
        name=row.name,
        time_zone=row.time_zone,
        emergency_number=row.emergency_number,
        is_demonstration=row.is_demonstration,
    )


@router.get("/beats", summary="Every beat")
def beats() -> list[BeatAnswer]:
    """Every beat by code, with the latest number of adults."""
    adults = places.adults_per_beat()
    return [
        BeatAnswer(code=row.code, name=row.name, precinct=row.precinct, adults=adults.get(row.code))
        for row in places.beats()
    ]


@router.get(
    "/beats.geojson",
    summary="Today's outlines",
    responses=errors(404) | {200: {"model": FeatureCollection, "content": {"application/geo+json": {}}}},
    response_class=Response,
)
def beats_geojson() -> Response:
    """Light outlines for drawing, valid today in the city. They are simplified: assign no points with them."""
    return geojson(places.drawn_beats(clock.today(places.city().time_zone)))


@router.get("/categories", summary="What concerns are about", responses=errors(422))
def categories(
    language: Annotated[
        str, Query(max_length=8, pattern=NO_NUL, description="ISO 639-1; English where missing.")
    ] = "en",
) -> list[CategoryAnswer]:
    """Every category that the public sees, in the city's order."""
    return [
        CategoryAnswer(key=row.key, name=row.name, colour=row.colour)
        for row in places.categories(language)
        if row.is_public
    ]
