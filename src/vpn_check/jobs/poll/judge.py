"""What a look's answers mean: read, diagnosed, and judged by what came before. Pure, so that any process may do it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vpn_check.alarms.advance import Advance, advance
from vpn_check.alarms.growth import delta, started
from vpn_check.diagnose.verdict import diagnose
from vpn_check.inventory import ANY_PEER
from vpn_check.jobs.configured import configured
from vpn_check.jobs.decisive import decisive
from vpn_check.jobs.poll.fingerprint import config_lines
from vpn_check.jobs.poll.observe import booted_at, observe, unanswered
from vpn_check.jobs.poll.sharpen import from_full, from_memory, located
from vpn_check.model.finding import Status
from vpn_check.model.observation import COUNTERS
from vpn_check.model.pollrecord import Baseline, Kept
from vpn_check.model.sa import IkePhase
from vpn_check.parse.assemble import assemble
from vpn_check.parse.clean import display
from vpn_check.redact.redactor import Redactor, Wishes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.alarms.hold import HoldDown
    from vpn_check.diagnose.signature import Signature
    from vpn_check.model.alarm import Alarm
    from vpn_check.model.device import Device
    from vpn_check.model.finding import DeviceFault, Diagnosis
    from vpn_check.model.memory import DeviceMemory
    from vpn_check.model.observation import DeviceObservation
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.transcript import CommandOutput, Transcript

_CONFIG = "show running-config"
_WITHHELD = "(withheld: a secret is still seen in this answer after redaction)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is known of a device before the look.

    `maintenance`: nothing is raised for it now. `resting`: addresses of devices in maintenance: nor for tunnels there.
    """

    memory: DeviceMemory | None
    open_alarms: Mapping[str, Alarm]
    maintenance: bool = False
    resting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a device answered, at what time, after how many seconds. `key`: of the digests of its secrets."""

    device: Device
    before: Before
    transcript: Transcript
    at: datetime
    seconds: float
    hold: HoldDown
    key: bytes
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """A full collection, without secrets: what was said, and the configuration to compare with."""

    kept: Kept
    now: Baseline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of a look. `plain` is what the cheap commands alone showed, `seen` with what was found out besides."""

    plain: DeviceObservation
    seen: DeviceObservation
    advance: Advance
    full: Full | None = None


def judge(given: Answers, *, confirmed: bool = False, waits: bool = False) -> Looked | None:
    """Judge the answers to the cheap commands.

    Args:
        given: the answers.
        confirmed: it was looked at before, a moment ago.
        waits: the caller can look again in a moment.

    Returns:
        The look; None where it `waits` and a negotiation is open that only another look can tell to be stuck.
    """
    memory = given.before.memory
    snapshot = _grown(replace(assemble(given.transcript)[0], name=given.device.name), memory, given.at)
    diagnosis = _diagnose(given, snapshot, confirmed=confirmed)
    if memory is None and waits and _open_negotiation(diagnosis):
        return None
    plain = located(observe(given.device, diagnosis, given.at, given.seconds), memory)
    seen = from_memory(plain, memory)
    return Looked(plain=plain, seen=seen, advance=_advance(given.before, seen, given.hold))


def judge_all(given: Answers, looked: Looked) -> Looked:
    """Judge everything that a device said: the look with the causes that it names, and the evidence to keep."""
    memory = given.before.memory
    judged = replace(given.transcript, outputs=decisive(given.transcript.outputs))
    snapshot = _grown(configured(replace(assemble(judged)[0], name=given.device.name)), memory, given.at)
    seen = from_full(looked.plain, _diagnose(given, snapshot, confirmed=True), looked.advance.memory)
    step = _advance(given.before, seen, given.hold)
    full = Full(kept=_kept(given, step), now=_baseline(given, snapshot))
    return Looked(plain=looked.plain, seen=seen, advance=step, full=full)


def missed(device: Device, before: Before, fault: DeviceFault, at: datetime, seconds: float, hold: HoldDown) -> Looked:
    """A look of which nothing came but this fault, after so many seconds: nothing is known of the tunnels."""
    seen = unanswered(device, fault, at, seconds)
    return Looked(plain=seen, seen=seen, advance=_advance(before, seen, hold))


def _advance(before: Before, seen: DeviceObservation, hold: HoldDown) -> Advance:
    return advance(before.memory, seen, hold, maintenance=before.maintenance, open_alarms=before.open_alarms,
                   resting=before.resting)


def _diagnose(given: Answers, snapshot: DeviceSnapshot, *, confirmed: bool) -> Diagnosis:
    memory, expected = given.before.memory, given.device.expected_up
    seen_bad = memory is not None and any(tunnel.bad_since is not None for tunnel in memory.tunnels)
    return diagnose(snapshot, expected=[peer for peer in expected if peer != ANY_PEER], confirmed=confirmed or seen_bad,
                    all_expected=ANY_PEER in expected, signatures=given.signatures)


def _grown(snapshot: DeviceSnapshot, memory: DeviceMemory | None, at: datetime) -> DeviceSnapshot:
    """The snapshot with the growth of each tunnel's counters since the poll before."""
    if memory is None:
        return snapshot
    held = {tunnel.id.key: tunnel for tunnel in memory.tunnels}
    restart = started(memory, booted_at(snapshot, at))
    deltas = {}
    for tunnel in snapshot.tunnels:
        counters = {name: value for name in COUNTERS if (value := getattr(tunnel.counters, name)) is not None}
        grown = delta(held.get(tunnel.key), counters, at, restart)
        if grown is not None:
            deltas[tunnel.key] = grown
    return replace(snapshot, deltas=deltas)


def _open_negotiation(diagnosis: Diagnosis) -> bool:
    if diagnosis.snapshot is None:
        return False
    return any(verdict.status is Status.CRITICAL and any(sa.phase is IkePhase.NEGOTIATING for sa in tunnel.ike)
               for tunnel, verdict in zip(diagnosis.snapshot.tunnels, diagnosis.tunnels, strict=True))


def _kept(given: Answers, step: Advance) -> Kept:
    redactor = Redactor(Wishes(), tidy=display)
    answers = [output for output in given.transcript.outputs if output.text]
    for output in answers:
        redactor.learn(output.text)
    name = given.device.name
    return Kept(
        id=hashlib.sha256(f"{name}\0{given.at.isoformat()}".encode()).hexdigest()[:12], device=name, at=given.at,
        why=_why(step, given.before.memory), platform=given.transcript.platform,
        outputs=tuple((output.command, _shown(redactor, output)) for output in answers),
    )  # fmt: skip


def _why(step: Advance, before: DeviceMemory | None) -> str:
    if before is None:
        return "first poll"
    bad = [tunnel.id.name for tunnel in step.memory.tunnels if tunnel.bad_since is not None]
    return f"something is wrong: {'; '.join(bad[:3])}{' ...' if bad[3:] else ''}" if bad else "all is well again"


def _shown(redactor: Redactor, output: CommandOutput) -> str:
    text = redactor.redact(output.text)
    return _WITHHELD if redactor.survivors(text) else text


def _baseline(given: Answers, snapshot: DeviceSnapshot) -> Baseline | None:
    text = next((output.text for output in given.transcript.outputs
                 if output.command == _CONFIG and output.problem is None), None)
    if text is None:
        return None
    shown = snapshot.shown
    facts = {f"route to {route.asked}": " ".join(word for word in (str(route.prefix), route.next_hop, route.interface)
                                                 if word)
             for route in (shown.routes if shown is not None else ()) if route.asked}
    facts |= {f"route to {absent.asked}": "none" for absent in (shown.no_routes if shown is not None else ())}
    lines = config_lines(text.splitlines(), given.key)
    return Baseline(device=given.device.name, at=given.at, lines=lines, facts=facts)
