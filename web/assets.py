"""Static files, under a name for all their contents together: browsers may keep them for good.

The name stands in the path, not behind a `?`, so that the modules of the scripts find each other
beside them and a change of one is a change of all.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

blueprint = Blueprint("assets", __name__)

FOLDER = Path(__file__).parent / "static"
YEAR_SECONDS = 365 * 24 * 3600
HOUR_SECONDS = 3600


@blueprint.get("/assets/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """A static file; one asked for by an older name is not kept for long."""
    response = _whole(send_from_directory(FOLDER, name))
    response.cache_control.no_cache = None
    response.cache_control.public = True
    if version == contents():
        response.cache_control.max_age = YEAR_SECONDS
        response.cache_control.immutable = True
    else:
        response.cache_control.max_age = HOUR_SECONDS
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """For browsers that look here whatever a page says."""
    return _whole(send_from_directory(FOLDER, "icon-180.png", max_age=HOUR_SECONDS))


def _whole(response: Response) -> Response:
    """In one piece: a thread that sends piece by piece waits for a client that reads slowly."""
    response.direct_passthrough = False
    with response:
        response.set_data(response.get_data())
    return response


@blueprint.app_template_global()
def asset(name: str) -> str:
    """The address of a static file."""
    return url_for("assets.file", version=contents(), name=name)


@cache
def contents() -> str:
    """A name for the contents of all files."""
    digest = blake2b(digest_size=6)
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(FOLDER).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
