"""How far a long run is: a bar on a terminal, an occasional line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TextIO

Clock = Callable[[], float]


class Progress(Protocol):
    """What a long run tells about itself; one `start`, any number of `advance`, one `finish`."""

    def start(self, total: int | None, what: str) -> None:
        """Work on `total` things begins, None if nobody knows how many; `what` names them."""

    def advance(self, count: int) -> None:
        """`count` more are done."""

    def finish(self) -> None:
        """It is over, well or not."""


class Silent:
    """A progress that nobody looks at."""

    def start(self, total: int | None, what: str) -> None:
        pass

    def advance(self, count: int) -> None:
        pass

    def finish(self) -> None:
        pass


class _Counting:
    """Counts, and reports at most once in `interval` seconds."""

    def __init__(self, stream: TextIO, interval: float, clock: Clock) -> None:
        self._stream, self._interval, self._clock = stream, interval, clock
        self._total: int | None = None
        self._what = ""
        self._done = 0
        self._started = self._shown = 0.0

    def start(self, total: int | None, what: str) -> None:
        self._total, self._what, self._done = total, what, 0
        self._started = self._shown = self._clock()

    def advance(self, count: int) -> None:
        self._done += count
        now = self._clock()
        if now - self._shown >= self._interval:
            self._shown = now
            self._show(now - self._started)

    def _show(self, seconds: float) -> None:
        raise NotImplementedError

    def _rate(self, seconds: float) -> str:
        return f"{self._done / seconds:,.0f}/s" if seconds > 0 else ""

    def _left(self, seconds: float) -> str:
        """Time left by the rate so far; empty if it cannot be known, or the total proved low."""
        if not self._total or not self._done or self._done >= self._total:
            return ""
        return f"{duration(seconds / self._done * (self._total - self._done))} left"

    def _share(self) -> float | None:
        # A total may be an estimate: only `finish` says that all is done.
        return min(self._done / self._total, 0.99) if self._total else None


class TerminalProgress(_Counting):
    """A bar with rate and time left that redraws itself in place."""

    WIDTH = 24

    def __init__(
        self, stream: TextIO, interval: float = 0.1, clock: Clock = time.monotonic
    ) -> None:
        super().__init__(stream, interval, clock)
        self._drawn = 0

    def finish(self) -> None:
        """Wipe the bar; the report that follows says the rest."""
        if self._drawn:
            self._stream.write("\r" + " " * self._drawn + "\r")
            self._stream.flush()
            self._drawn = 0

    def _show(self, seconds: float) -> None:
        parts = [f"{self._done:,} {self._what}", self._rate(seconds), self._left(seconds)]
        line = "  ".join(part for part in parts if part)
        share = self._share()
        if share is not None:
            filled = int(share * self.WIDTH)
            bar = "█" * filled + "░" * (self.WIDTH - filled)
            line = f"{bar} {share:4.0%}  {line}"
        self._stream.write("\r" + line.ljust(self._drawn))
        self._stream.flush()
        self._drawn = max(self._drawn, len(line))


class PlainProgress(_Counting):
    """A line every few seconds, for logs."""

    def __init__(
        self, stream: TextIO, interval: float = 5.0, clock: Clock = time.monotonic
    ) -> None:
        super().__init__(stream, interval, clock)

    def finish(self) -> None:
        self._stream.flush()

    def _show(self, seconds: float) -> None:
        of = f" of about {self._total:,}" if self._total else ""
        parts = [f"{self._done:,}{of} {self._what}", self._rate(seconds), self._left(seconds)]
        self._stream.write(", ".join(part for part in parts if part) + "\n")
        self._stream.flush()


def duration(seconds: float) -> str:
    """`0.8 s`, `12 s`, `3 min 20 s`, `1 h 5 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
