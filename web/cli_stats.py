"""`timtin stats`: what the index holds, in numbers."""

from __future__ import annotations

import json

from web.cli_parser import Options
from web.engines import engine_of
from web.settings import Settings


def run(options: Options, settings: Settings) -> int:
    engine = engine_of(settings)
    try:
        stats = engine.stats()
    finally:
        engine.close()
    stats = {name: value for name, value in stats.items() if not name.startswith("cache_")}
    if options.json:
        print(json.dumps(stats, ensure_ascii=False, indent=2))
        return 0
    width = max(map(len, stats), default=0)
    for name, value in stats.items():
        shown = f"{value:,}" if isinstance(value, int | float) else value
        print(f"{name.replace('_', ' '):<{width}}  {shown}")
    return 0
