"""A real OpenSearch cluster on loopback: `python -m tests.cluster.nodes COMMAND …`

Runs the command with the cluster's hosts in its environment. The distribution comes from Maven
Central once and is kept in ~/.cache/timtin. OpenSearch will not run as root: then the nodes run as
`nobody`. Nodes are only ever stopped by the ids of their processes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.running import FOLDER, VARIABLE

VERSION = os.environ.get("OPENSEARCH_VERSION", "2.19.1")
ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "timtin"
NODES = 3
HEAP = os.environ.get("OPENSEARCH_HEAP", "384m")
START_SECONDS = 240
UNPRIVILEGED = "nobody"
START = "--start"
ROOT = Path(__file__).parents[2]


@dataclass
class LocalCluster:
    """The nodes of a cluster, whose state is in `folder`: any process may kill and start them."""

    folder: Path
    ports: list[tuple[int, int]]
    """HTTP and transport port of each node."""
    started: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def made(cls, folder: Path) -> LocalCluster:
        """A new cluster in an empty folder, not started yet."""
        with zipfile.ZipFile(_distribution()) as zipped:
            zipped.extractall(folder)
        home = folder / f"opensearch-{VERSION}"
        (home / "bin" / "opensearch").chmod(0o755)
        ports = [(_free_port(), _free_port()) for _ in range(NODES)]
        seeds = json.dumps([f"127.0.0.1:{transport}" for _, transport in ports])
        for number, (http, transport) in enumerate(ports):
            node = folder / f"node{number}"
            shutil.copytree(home / "config", node / "config")
            (node / "config" / "opensearch.yml").write_text(
                "cluster.name: timtin-test\n"
                f"node.name: node{number}\n"
                f"path.data: {node / 'data'}\n"
                f"path.logs: {node / 'logs'}\n"
                "network.host: 127.0.0.1\n"
                f"http.port: {http}\n"
                f"transport.port: {transport}\n"
                f"discovery.seed_hosts: {seeds}\n"
                f"cluster.initial_cluster_manager_nodes: {[f'node{n}' for n in range(NODES)]}\n"
                "cluster.routing.allocation.disk.threshold_enabled: false\n"
            )
            (node / "logs").mkdir()
        (folder / "ports.json").write_text(json.dumps(ports))
        if os.getuid() == 0:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, UNPRIVILEGED)
        return cls(folder, ports)

    @classmethod
    def attached(cls, folder: Path) -> LocalCluster:
        """The cluster that another process has made in this folder."""
        ports = json.loads((folder / "ports.json").read_text())
        return cls(folder, [(http, transport) for http, transport in ports])

    @property
    def hosts(self) -> str:
        return ",".join(f"127.0.0.1:{http}" for http, _ in self.ports)

    def start(self, number: int) -> None:
        """Start a node; `wait` for it afterwards."""
        node = self.folder / f"node{number}"
        environment = {
            "PATH": os.environ["PATH"],
            "JAVA_HOME": str(_java_home()),
            "OPENSEARCH_PATH_CONF": str(node / "config"),
            "OPENSEARCH_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}",
        }
        root = os.getuid() == 0
        with (self.folder / f"node{number}.out").open("ab") as output:
            process = subprocess.Popen(
                [self.folder / f"opensearch-{VERSION}" / "bin" / "opensearch"],
                cwd=node,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=UNPRIVILEGED if root else None,
                extra_groups=[] if root else None,
                start_new_session=True,
            )
        self.started[number] = process
        (self.folder / f"node{number}.pid").write_text(str(process.pid))

    def start_apart(self, number: int) -> None:
        """Start a node that nobody in this process has to look after."""
        line = [sys.executable, "-m", "tests.cluster.nodes", START, str(self.folder), str(number)]
        subprocess.run(line, cwd=ROOT, check=True)

    def kill(self, number: int) -> None:
        """End a node at once, as a power cut would."""
        self._kill(number)

    def wait(self, nodes: int = NODES, status: str = "green") -> None:
        """Until so many nodes are in the cluster and all shards are where they should be."""
        deadline = time.monotonic() + START_SECONDS
        asked = f"wait_for_nodes={nodes}&wait_for_status={status}&timeout=2s"
        while time.monotonic() < deadline:
            for http, _ in self.ports:
                try:
                    url = f"http://127.0.0.1:{http}/_cluster/health?{asked}"
                    with urllib.request.urlopen(url, timeout=10):
                        return
                except OSError:
                    time.sleep(0.2)
        raise TimeoutError(f"the cluster did not start; its logs are in {self.folder}")

    def stop(self) -> None:
        """End all nodes, whoever started them."""
        for number in range(len(self.ports)):
            self._kill(number)

    def _kill(self, number: int) -> None:
        pid = self.folder / f"node{number}.pid"
        try:
            os.kill(int(pid.read_text()), signal.SIGKILL)
        except (OSError, ValueError):
            return
        pid.unlink()
        if number in self.started:
            self.started.pop(number).wait()


def _distribution() -> Path:
    """The distribution's zip, downloaded once."""
    path = CACHE / f"opensearch-{VERSION}.zip"
    if not path.is_file():
        print(f"Downloading {ARTIFACT} …", file=sys.stderr, flush=True)
        goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy"
        subprocess.run(
            ["mvn", "-q", goal, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={CACHE}"], check=True
        )
    return path


def _java_home() -> Path:
    java = shutil.which("java")
    if java is None:
        raise SystemExit("java is missing: apt install openjdk-17-jre-headless")
    return Path(java).resolve().parent.parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(command: list[str]) -> int:
    """Run `command` beside a cluster and return its exit code; or start a node of one."""
    if command[0] == START:
        LocalCluster.attached(Path(command[1])).start(int(command[2]))
        return 0
    folder = Path(tempfile.mkdtemp(prefix="timtin-cluster-"))
    cluster = LocalCluster.made(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        for number in range(NODES):
            cluster.start(number)
        cluster.wait()
        environment = {**os.environ, VARIABLE: cluster.hosts, FOLDER: str(folder)}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
