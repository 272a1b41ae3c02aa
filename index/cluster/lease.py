"""One writer at a time, over all machines: a lease, kept as a document that is only changed by
compare-and-set.

Its holder renews it while it writes; that of a holder who died runs out by itself. The clocks of
the machines that write are taken to agree within some seconds.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from typing import Any
from uuid import uuid4

from opensearchpy.exceptions import ConflictError

from index.cluster.connection import Connection
from index.cluster.errors import ClusterError
from index.cluster.state import State
from index.errors import IndexLockedError

LEASE_SECONDS = 45.0
RENEW_SECONDS = 10.0
LOOK_SECONDS = 0.2
_KEY = "writer"


class Lease:
    """The right to write, from the moment it is made until `release`.

    Waits up to `timeout` seconds for another writer, then raises IndexLockedError.
    """

    def __init__(self, connection: Connection, state: State, timeout: float) -> None:
        self._connection, self._state = connection, state
        self._holder = uuid4().hex
        self._version: dict[str, int] = {}
        self._mutex = threading.Lock()
        self._over = threading.Event()
        self._lost: Exception | None = None
        self._other = ""
        deadline = time.monotonic() + timeout
        while not self._acquire():
            if time.monotonic() >= deadline:
                raise IndexLockedError(f"another process ({self._other}) writes to the index")
            time.sleep(LOOK_SECONDS)
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()

    def confirm(self) -> None:
        """Make sure that this is still the writer. Raises IndexLockedError, ClusterError."""
        if self._lost is not None or not self._write(self._version):
            raise IndexLockedError("another process has taken over as the writer of the index")

    def release(self) -> None:
        """Let others write. What goes wrong here mends itself when the lease runs out."""
        self._over.set()
        self._thread.join()
        if self._lost is None:
            try:
                self._connection.ask(
                    lambda client: client.delete(
                        index=self._state.index, id=_KEY, params={**self._version, "ignore": 409}
                    )
                )
            except ClusterError:
                return

    def _acquire(self) -> bool:
        found = self._state.document(_KEY)
        if found is None:
            return self._write({})
        holder = found["_source"]
        self._other = holder["who"]
        if holder["until"] > time.time():
            return False
        return self._write(
            {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        )

    def _write(self, version: dict[str, int]) -> bool:
        """Write the lease over this version of it, or where there is none; whether that is so."""
        body = {
            "who": f"pid {os.getpid()} on {socket.gethostname()}",
            "holder": self._holder,
            "until": time.time() + LEASE_SECONDS,
        }
        params: dict[str, Any] = dict(version) or {"op_type": "create"}
        with self._mutex:
            try:
                written = self._connection.ask(
                    lambda client: client.index(
                        index=self._state.index, id=_KEY, body=body, params=params
                    )
                )
            except ConflictError:
                # A request that was sent twice may have lost against itself.
                written = self._state.document(_KEY)
                if written is None or written["_source"]["holder"] != self._holder:
                    return False
            self._version = {
                "if_seq_no": written["_seq_no"],
                "if_primary_term": written["_primary_term"],
            }
        return True

    def _keep(self) -> None:
        failing_since = 0.0
        while not self._over.wait(RENEW_SECONDS):
            try:
                if not self._write(self._version):
                    self._lost = IndexLockedError("the lease was taken by another process")
                    return
                failing_since = 0.0
            except ClusterError as error:
                failing_since = failing_since or time.monotonic()
                if time.monotonic() - failing_since > LEASE_SECONDS:
                    self._lost = error
                    return


def abandoned(state: State) -> bool:
    """Whether a writer ended without letting go of its lease, which has run out."""
    found = state.document(_KEY)
    return found is not None and found["_source"]["until"] <= time.time()
