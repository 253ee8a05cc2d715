"""What every test may use: the command as a user runs it, and the shared knowledge where it is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """What a run of the command gave back."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document on standard output."""
        body: dict[str, Any] = json.loads(self.out)
        return body

    @property
    def device(self) -> dict[str, Any]:
        """The first device of the document."""
        first: dict[str, Any] = self.document["devices"][0]
        return first


def run_vpn_check(
    home: Path, *arguments: str | Path, stdin: str | bytes | None = None, env: dict[str, str] | None = None,
    timeout: float = 300,
) -> Answer:
    """Run `vpn-check` as a process of its own in an empty home, with no credentials in the environment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VPN_CHECK_", "SSH_"))}
    clean |= {"HOME": str(home), "COLUMNS": "120", **(env or {})}
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "vpn_check", *map(str, arguments)],
        input=data,
        capture_output=True,
        env=clean,
        timeout=timeout,
        check=False,
        cwd=home,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two workers a processor: most of these tests wait for a device."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture
def vpn_check(tmp_path: Path) -> Callable[..., Answer]:
    """Run `vpn-check` as a process of its own, with an empty home and no credentials in the environment."""

    def run(
        *arguments: str | Path, stdin: str | bytes | None = None, env: dict[str, str] | None = None, timeout: float = 60
    ) -> Answer:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        return run_vpn_check(home, *arguments, stdin=stdin, env=env, timeout=timeout)

    return run


def shared(*parts: str) -> Path:
    """A folder of the knowledge beside the project; the test skips where it is not there."""
    path = HERE.parent.parent.joinpath("shared", *parts)
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    return path
