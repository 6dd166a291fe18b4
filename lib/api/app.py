"""The application of this door, mounted at `/api`."""

import logging
from importlib import import_module
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lib.api.answers import errors
from lib.errors import Explained, Unavailable
from lib.queries.places import has_city

log = logging.getLogger("common_beat.api")

SUBJECTS = ("places", "concerns", "first_answers", "withheld", "evidence", "goals", "meetings", "voting", "pulse")
"""Modules of this folder with a `router`."""

DESCRIPTION = """Open data of one Common Beat installation: what residents raised, the goals that residents and officers
agreed on, and what became of them. Read-only, no key. Places are h3 cells, never addresses; results appear when they
are published. Errors are `{"error": "one sentence"}` with the fitting HTTP status."""


class Start(BaseModel):
    """Where to go from here."""

    name: str = Field(examples=["Common Beat"])
    document: str = Field(description="Address of the OpenAPI document.")
    addresses: list[str] = Field(description="Every address of this API.")


class Health(BaseModel):
    status: str = Field(examples=["ok"])
    has_city: bool = Field(description="Whether the installation was given its city.")


def _made() -> FastAPI:
    made = FastAPI(
        title="Common Beat",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            Explained: _explained,
            HTTPException: _refused,
            RequestValidationError: _not_valid,
            Exception: _defect,
        },
    )
    made.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET"])
    made.add_api_route("/", _start, methods=["GET"], summary="What there is", response_model=Start)
    made.add_api_route(
        "/health", _health, methods=["GET"], summary="Is it up?", response_model=Health, responses=errors(503)
    )
    for subject in SUBJECTS:
        if (Path(__file__).parent / f"{subject}.py").exists():
            made.include_router(import_module(f"lib.api.{subject}").router)
    return made


def _start(request: Request) -> Start:
    """Every address of this API, and its OpenAPI document."""
    base = request.scope.get("root_path", "")
    application: FastAPI = request.app
    return Start(
        name=application.title,
        document=f"{base}{application.openapi_url}",
        addresses=[f"{base}{path}" for path in application.openapi()["paths"]],
    )


def _health(response: Response) -> Health:
    """Whether the database answers; 503 if not. For balancers and watchers."""
    response.headers["Cache-Control"] = "no-store"
    return Health(status="ok", has_city=has_city())


async def _explained(_request: Request, error: Explained) -> JSONResponse:
    headers = {"Retry-After": "10"} if isinstance(error, Unavailable) else None
    return JSONResponse({"error": error.sentence}, error.status, headers)


async def _refused(_request: Request, error: HTTPException) -> JSONResponse:
    said = {
        404: "There is nothing at this address. See /api/ for what there is.",
        405: "This API is read-only: use GET.",
    }
    return JSONResponse(
        {"error": said.get(error.status_code, error.detail)}, error.status_code, dict(error.headers or {})
    )


async def _not_valid(_request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    name = str(first["loc"][-1])
    said = first["msg"].removeprefix("Value error, ")
    return JSONResponse({"error": f"{name}: {said}."}, 422)


async def _defect(request: Request, error: Exception) -> JSONResponse:
    log.error("%s failed", request.url.path, exc_info=error)
    return JSONResponse({"error": "Something went wrong on our side. Please try again."}, 500)


api = _made()
