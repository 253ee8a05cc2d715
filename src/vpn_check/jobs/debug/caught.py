"""What a capture tells: the same reading and judging as of a debug that somebody pasted."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.verdict import diagnose
from vpn_check.jobs.debug.history import names_cause
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

if TYPE_CHECKING:
    from vpn_check.jobs.debug.capture import Capture
    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import Diagnosis

_SETTLED = 1.5   # seconds: an offer that is refused may be followed by one that is accepted
_GROWN = 1.2     # a longer capture is read again only when it has grown by this factor


def judge(name: str, platform: PlatformName, peer: str, text: str, *, filtered: bool) -> Diagnosis:
    """Judge captured debugs of a negotiation with a peer.

    Args:
        name: the device's.
        platform: the device's.
        peer: whose negotiation was asked for.
        text: the device's lines.
        filtered: whether a condition kept other peers away, so that what names no peer is about this one.
    """
    transcript = Transcript(device=name, platform=platform, outputs=(CommandOutput(command="debug", text=text),))
    snapshot = replace(assemble(transcript)[0], name=name)
    diagnosis = diagnose(snapshot, asked=(peer,))
    if not filtered:
        return diagnosis
    ours = tuple(replace(finding, peer=finding.peer or peer) for finding in diagnosis.findings)
    verdict = diagnosis.verdict and replace(diagnosis.verdict, peer=diagnosis.verdict.peer or peer)
    return replace(diagnosis, findings=ours, verdict=verdict)


class CauseWatch:
    """Says when a growing capture names the cause, and goes on naming it."""

    def __init__(self, name: str, platform: PlatformName, peer: str, capture: Capture, *, filtered: bool) -> None:
        self._about = (name, platform, peer)
        self._capture = capture
        self._filtered = filtered
        self._read = 0
        self._cause: str | None = None
        self._since = 0.0

    def caught(self) -> bool:
        """Whether the same cause has been named for a while, with all that came in the meantime."""
        size = self._capture.size
        grown = size > self._read * (_GROWN if self._read > 200_000 else 1)  # noqa: PLR2004  small ones are read in no time
        if size and grown:
            self._read = size
            name, platform, peer = self._about
            verdict = judge(name, platform, peer, self._capture.text(), filtered=self._filtered).verdict
            cause = verdict.cause if verdict is not None and names_cause(verdict, peer) else None
            if cause != self._cause:
                self._cause, self._since = cause, time.monotonic()
        return self._cause is not None and time.monotonic() - self._since >= _SETTLED
