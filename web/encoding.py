"""JSON as the answers need it: in UTF-8 rather than escapes, keys in order, a tenth of the time."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response
from flask.json.provider import JSONProvider

_ENCODER = msgspec.json.Encoder()


class MsgspecProvider(JSONProvider):
    """Flask's JSON by msgspec, which also knows dataclasses, structs and dates."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return _ENCODER.encode(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return msgspec.json.decode(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        # As bytes: text would be encoded once more.
        body = _ENCODER.encode(self._prepare_response_obj(args, kwargs))
        return Response(body, mimetype="application/json")
