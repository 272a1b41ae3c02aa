"""The `timtin` command: reads the line, runs one command, turns failures into a line and a code.

Exit codes: 0 done; 1 done, but something was found wrong (a seed that cannot be read, a damaged
index); 2 nothing was done, because of what was asked or because of what is not there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from index.errors import TimtinError
from search.request import RequestError
from web.cli_parser import Options, parser
from web.settings import Settings

FAILED = 2
INTERRUPTED = 128 + 2  # as a shell reports SIGINT
PIPE_CLOSED = 128 + 13  # and SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (of this process unless given); returns the exit code."""
    options = parser().parse_args(argv, Options())
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        settings = options.settings(Settings.from_environment())
        # Loaded by name, so that `timtin search` does not wait for the server's modules.
        run: Callable[[Options, Settings], int] = import_module(options.module).run
        code = run(options, settings)
        sys.stdout.flush()
    except RequestError as error:
        name = {"q": "QUERY", "id": "ID"}.get(error.parameter, f"--{error.parameter}")
        return _fail(f"{name} {error.detail}")
    except TimtinError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has enough. Python flushes once more at exit: into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return code


def _fail(text: str) -> int:
    print(f"timtin: {' '.join(text.split())}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
