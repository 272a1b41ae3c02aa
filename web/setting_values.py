"""How the value of a setting is read: each function refuses what cannot be used, with the reason.

`given` is what is set: names of variables and their texts, none of them empty.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from index.cluster.address import Access, Credentials, parse
from index.errors import TimtinError
from index.readers.limits import LIMITS, Limits

MEBIBYTE = 1 << 20
MIN_TOKEN_CHARACTERS = 16
OFF = "off"

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")  # RFC 6750, section 2.1: what a bearer token may hold
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
_HOST = re.compile(r"\.?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")

LogForm = Literal["text", "json"]

Given = Mapping[str, str]


class SettingsError(TimtinError):
    """A setting is unknown or has a value that cannot be used."""


def whole_number(given: Given, name: str, default: int, lowest: int, highest: int) -> int:
    text = given.get(name, str(default)).strip()
    if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
        raise SettingsError(
            f"{name}={text!r} is not a whole number from {lowest} to {highest}",
            f"leave it out for {default}",
        )
    return int(text)


def limits(given: Given) -> Limits:
    def number(name: str, default: int, highest: int = 1_000_000) -> int:
        return whole_number(given, name, default, 1, highest)

    return Limits(
        file_bytes=MEBIBYTE * number("TIMTIN_MAX_FILE_MB", LIMITS.file_bytes // MEBIBYTE, 4_096),
        stream_bytes=MEBIBYTE * number("TIMTIN_MAX_STREAM_MB", LIMITS.stream_bytes // MEBIBYTE),
        expansion=number("TIMTIN_MAX_EXPANSION", LIMITS.expansion),
        documents=number("TIMTIN_MAX_DOCUMENTS", LIMITS.documents, 100_000_000),
        seconds=number("TIMTIN_READER_SECONDS", LIMITS.seconds, 86_400),
        memory_bytes=MEBIBYTE * number("TIMTIN_READER_MB", LIMITS.memory_bytes // MEBIBYTE),
    )


def engine(given: Given) -> str | None:
    address = given.get("TIMTIN_ENGINE")
    if address:
        parse(address, access(given))
    return address


def access(given: Given) -> Access:
    # No message repeats a secret: it may end in a log.
    verify = given.get("TIMTIN_ENGINE_VERIFY", "yes")
    if verify not in ("yes", "no"):
        raise SettingsError("TIMTIN_ENGINE_VERIFY must be yes or no", "leave it out for yes")
    ca = Path(given["TIMTIN_ENGINE_CA"]) if "TIMTIN_ENGINE_CA" in given else None
    if ca is not None and not ca.is_file():
        raise SettingsError(f"TIMTIN_ENGINE_CA: there is no file {ca}")
    credentials = Credentials(
        given.get("TIMTIN_ENGINE_USER"),
        given.get("TIMTIN_ENGINE_PASSWORD"),
        given.get("TIMTIN_ENGINE_TOKEN"),
    )
    if (credentials.user is None) != (credentials.password is None):
        raise SettingsError("TIMTIN_ENGINE_USER and TIMTIN_ENGINE_PASSWORD belong together")
    return Access(credentials, ca, verify == "yes")


def origins(text: str) -> tuple[str, ...]:
    origins = _listed(text)
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"TIMTIN_CORS_ORIGINS: {origin!r} is not an origin",
                "write it as in https://example.org, without a path",
            )
    return origins


def token(given: Given, name: str) -> str | None:
    token = given.get(name)
    # The message never repeats the token: it may end in a log.
    if token is not None and (len(token) < MIN_TOKEN_CHARACTERS or not _TOKEN.fullmatch(token)):
        raise SettingsError(
            f"{name} needs {MIN_TOKEN_CHARACTERS} or more letters, digits or ._~+/=-",
            "make one with 'python3 -c \"import secrets; print(secrets.token_urlsafe())\"'",
        )
    return token


def rate_limit(given: Given) -> str | None:
    text = given.get("TIMTIN_RATE_LIMIT")
    if text is None or text == OFF:
        return text
    from limits import parse_many  # noqa: PLC0415 (most commands need not wait for it)

    try:
        parse_many(text)
    except ValueError as error:
        raise SettingsError(
            f"TIMTIN_RATE_LIMIT: {text!r} is not a number of requests for a time",
            "write it as in 600/minute; 30/second, or off",
        ) from error
    return text


def networks(text: str) -> tuple[str, ...]:
    networks = _listed(text)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise SettingsError(
                f"TIMTIN_TRUSTED_PROXIES: {network!r} is no address and no network",
                "write it as in 127.0.0.1, 10.0.0.0/8",
            ) from error
    return networks


def hosts(text: str) -> tuple[str, ...]:
    hosts = _listed(text)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsError(
                f"TIMTIN_HOSTS: {host!r} is not the name of a host",
                "write it as in search.example.org, without a port",
            )
    return hosts


def log_form(text: str) -> LogForm:
    for form in get_args(LogForm):
        if text == form:
            return form  # type: ignore[no-any-return]
    raise SettingsError(f"TIMTIN_LOG={text!r} is unknown", "known are text and json")


def is_loopback(host: str) -> bool:
    """Whether an address or name means this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
