"""Which other sites' pages may read the API: none, unless the settings name them."""

from __future__ import annotations

from flask import Flask
from flask_cors import CORS

from web.settings import Settings

READABLE = r"/(search|search/batch|suggest|explain|documents/.+|health|status|openapi\.json)"
"""What a page elsewhere may read. Reindexing is not: a token has no place in a page."""


def register(app: Flask, settings: Settings) -> None:
    if not settings.cors_origins:
        return
    CORS(
        app,
        resources={READABLE: {"origins": list(settings.cors_origins)}},
        methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["Accept", "Content-Type", "If-None-Match"],
        expose_headers=["ETag", "Server-Timing"],
        max_age=3600,
    )
