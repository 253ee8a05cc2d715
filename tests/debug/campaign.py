"""One guarded debug in trouble: a device, a fault, a moment; and what must be true at the end."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.debug.conftest import IKEV1, PEER, ROUTERS, Desk, device, until

from vpn_check.jobs.debug.folder import JournalFolder
from vpn_check.lab.server import Lab
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Iterator

TROUBLES = ("killed", "killed at once", "cut", "hang", "hang at undo", "refused", "flood", "down", "killed and down",
            "interrupted")
"""What happens to a run. The moment is drawn."""
PATIENCE = 90.0
_MOST = 12.0
_LONGEST = 120.0


@dataclass(frozen=True)
class Plan:
    """A run as drawn from its seed."""

    seed: int
    platform: PlatformName
    trouble: str
    moment: float
    foreign: bool
    away: float

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.platform}, {self.trouble} after {self.moment:.2f} s, away {self.away:.1f} s"


def drawn(seed: int) -> Plan:
    """The run of a seed: every trouble comes as often as every other."""
    draw = random.Random(seed)
    platform = draw.choice(list(PlatformName))
    return Plan(seed=seed, platform=platform, trouble=TROUBLES[seed % len(TROUBLES)], moment=draw.uniform(0, 3.0),
                foreign=draw.random() < 0.5, away=draw.uniform(0.5, 4.0))


def _first_debug(platform: PlatformName) -> str:
    return "debug crypto isakmp" if platform in ROUTERS else f"debug crypto {IKEV1[platform]} 127"


def _fault(plan: Plan) -> dict[str, Any]:
    first = _first_debug(plan.platform)
    off = f"no {first.removesuffix(' 127')}"
    faults: dict[str, dict[str, Any]] = {
        "hang": {"trouble": "hang", "strikes": first},
        "hang at undo": {"trouble": "hang", "strikes": off},
        "refused": {"trouble": "refused", "strikes": first},
        "flood": {"flood": 50},
    }
    return faults.get(plan.trouble, {})


def _foreign(plan: Plan) -> tuple[str, ...]:
    return ("debug ip ospf adj",) if plan.foreign and plan.platform in ROUTERS else ()


def run(plan: Plan, folder: Path) -> list[str]:
    """Do one run; what was wrong at its end, nothing where all is as it must be."""
    played = device(plan.platform, play={"foreign": _foreign(plan), "linger": 0.7, **_fault(plan)})
    with Lab([played]) as lab:
        at = Desk(lab, folder, lab.write_inventory(folder / "lab"))
        process = at.start("debug", "r1", "--peer", PEER, "--yes", "--json", "--duration", "2.5", "--timeout", "4",
                           "--despite", "debugs", "--despite", "unfiltered", "--force")
        began = time.monotonic()
        if plan.trouble != "killed at once":   # else: measured from the start of the process, whatever it is doing
            until(lambda: bool(lab.debugs("r1").changes[len(_foreign(plan)):]) or process.poll() is not None, 20)
        _strike(plan, at, process.pid, process.poll)
        try:
            out, err = process.communicate(timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            return [f"{plan}: not done after {_LONGEST:g} s: {process.communicate()[1][-1500:]}"]
        ended = time.monotonic() - began
        wrong = list(_wrong(plan, at, process.returncode, out, err))
        return [f"{plan} ({ended:.1f} s): {each}" for each in wrong]


def _strike(plan: Plan, at: Desk, pid: int, poll: Any) -> None:
    end = time.monotonic() + plan.moment
    while time.monotonic() < end and poll() is None:
        time.sleep(0.01)
    if plan.trouble in {"killed", "killed at once"} and poll() is None:
        os.kill(pid, signal.SIGKILL)
    elif plan.trouble == "interrupted" and poll() is None:
        os.kill(pid, signal.SIGINT)
    elif plan.trouble == "cut":
        at.lab.cut("r1")
    elif plan.trouble in {"down", "killed and down"}:
        at.lab.down("r1")
        if plan.trouble == "killed and down" and poll() is None:
            os.kill(pid, signal.SIGKILL)
        time.sleep(plan.away)
        at.lab.up("r1")


def _wrong(plan: Plan, at: Desk, code: int, out: str, err: str) -> Iterator[str]:
    foreign = tuple(line.removeprefix("debug ") for line in _foreign(plan))
    if not until(lambda: at.ours_on(foreign=foreign) == [], PATIENCE):
        yield f"still on: {at.ours_on(foreign=foreign)}; {_journals(at)}"
    if not until(lambda: at.journals == [], _MOST):
        yield f"a journal is left: {_journals(at)}"
    if [name for name in foreign if name not in at.lab.debugs("r1").on()]:
        yield "somebody else's debug is off"
    if "Traceback" in err:
        yield f"a crash: {err[-1500:]}"
    killed = code == -signal.SIGKILL
    if not killed and code not in {0, 2, 3, 4, 130}:
        yield f"exit code {code}: {err[-500:]}"
    if out and not killed:
        proof = json.loads(out)["proof"]
        if proof is not None and (code == 4) is proof["off"]:
            yield f"exit code {code} and proof {proof}"
    forbidden = [line for line in at.typed() if line in {"undebug all", "no debug all"} or line.startswith("conf")]
    if forbidden:
        yield f"sent: {forbidden}"


def _journals(at: Desk) -> list[str]:
    folder = JournalFolder(at.state / "debug")
    return [f"{name} held by {folder.holder(name)}: {path.read_text()[-300:]}" for name in folder.names()
            if (path := folder.file(name)).exists()]
