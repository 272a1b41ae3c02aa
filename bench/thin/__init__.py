"""The thinnest search pages one could write instead of timtin: a Flask view over another engine.

`GET /search?q=` answers JSON with ten hits: id, title, score and one highlighted snippet, made by
the engine's own means. Marks are folded by the engine's own means too. Words are joined by OR.
"""

from __future__ import annotations
