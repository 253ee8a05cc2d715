"""The answer of a guarded debug on a terminal: the diagnosis, then what was done and that it is undone."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.model.debugging import Outcome, Proof

_WIDTH = 110
_SHOWN = 12


def write_debug(outcome: Outcome, stream: TextIO, *, redact: Callable[[str], str]) -> None:
    """Write what was done; the diagnosis itself is written by the report of every job."""
    _line(stream, f"{outcome.device}: {outcome.why[:1].upper()}{outcome.why[1:].rstrip('.')}.")
    if outcome.history.finding is not None and outcome.ended == "history":
        age = outcome.history.age
        minutes = f"{age.total_seconds() / 60:.0f} min ago by the device's clock" if age is not None else ""
        _line(stream, f"Read: {', '.join(outcome.history.asked)}. The newest line is from {minutes}. "
                      "To debug all the same: --force.")
    elif outcome.history.finding is not None:
        _line(stream, f"The log named {outcome.history.finding.cause} for this peer, at a time that is not certain or "
                      "not recent.")
    for check in outcome.checks:
        if outcome.ended in {"refused", "declined"} or not check.holds:
            stream.write(f"  {'ok  ' if check.holds else 'NO  '}{check.text}\n")
    if outcome.proof is None:
        return
    if outcome.started_at and outcome.ended_at:
        seconds = (outcome.ended_at - outcome.started_at).total_seconds()
        dropped = f", {outcome.dropped} more dropped" if outcome.dropped else ""
        _line(stream, f"On from {outcome.started_at:%H:%M:%S} to {outcome.ended_at:%H:%M:%S} UTC ({seconds:.0f} s): "
                      f"{len(outcome.lines)} lines, {outcome.size} characters{dropped}.")
    if outcome.loads:
        _line(stream, f"Load while they were on: {max(load.worst for load in outcome.loads)} % at most, "
                      f"{len(outcome.loads)} looks.")
    if not outcome.lines and outcome.ended == "duration":
        _line(stream, f"No debug line came: nothing was negotiated with {outcome.peer}. Send traffic that needs the "
                      "tunnel (from inside), or wait for a retry: --duration.")
    if outcome.diagnosis is not None and not outcome.diagnosis.findings:
        stream.writelines(f"      | {redact(line.text)}\n" for line in outcome.lines[-_SHOWN:])
    write_proof(outcome.device, outcome.proof, stream, journal=outcome.journal)


def write_proof(device: str, proof: Proof, stream: TextIO, *, journal: str | None) -> None:
    """Write that all is off, or what to type by hand."""
    if proof.off:
        _line(stream, f"{device}: all debugs of ours are off, proved by the device's own answers.")
        return
    _line(stream, f"{device}: NOT PROVED OFF: {proof.reason.rstrip('.')}. Log in to {device} and type, in this order:")
    stream.writelines(f"      {command}\n" for command in proof.by_hand)
    if journal:
        _line(stream, f"The journal {journal} stays open; `vpn-check debug-off {device}` tries again.")


def _line(stream: TextIO, text: str) -> None:
    filled = textwrap.fill(text, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    stream.write(f"{filled}\n")
