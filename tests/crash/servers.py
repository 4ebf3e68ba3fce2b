"""Servers that die and come back."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from registry.core.house import House
from tests.crash.scene import Scene

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "20"))
"""How often one dies; `make crash` asks for two hundred."""


class Servers:
    """The process that becomes a server, as often as one is asked for."""

    def __init__(self, house: House) -> None:
        self.house = house
        settings = house.settings
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        keys = str(settings.root_key_file)
        self.ask({"url": settings.database_url, "root_key": keys, "instance": str(settings.instance)})

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Ask for something, and hear what came of it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return dict(json.loads(self.process.stdout.readline()))

    def serve(self, failpoint: str) -> tuple[int, str]:
        """Start a server: its process and its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        pid = self.ask({"do": "serve", "port": port, "failpoint": failpoint})["pid"]
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return pid, f"http://127.0.0.1:{port}"
        raise AssertionError("the server did not come")

    def renew(self, scene: Scene, failpoint: str) -> int:
        """Start somebody who renews the council's key over and over: their process."""
        who = {"council": scene.world.council.id, "actor": scene.people["clerk"].id}
        return int(self.ask({"do": "rotate", "failpoint": failpoint, **who})["pid"])

    def send(self, address: str, failpoint: str) -> None:
        """Have somebody send by the mail server at this address until they die of it."""
        pid = self.ask({"do": "send", "mail": address, "failpoint": failpoint})["pid"]
        self.ask({"do": "wait", "pid": pid})

    def kill(self, pid: int) -> None:
        """End a server as a power cut would, if nothing has yet, and see it gone."""
        os.kill(pid, signal.SIGKILL)  # a dead child keeps its number until it is waited for
        self.ask({"do": "wait", "pid": pid})

    def close(self) -> None:
        """No more servers."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()
