"""Pings of chosen sizes from one device to one destination: in one line, or in the dialogue where that is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.model.transcript import Command, CommandClass, Problem

if TYPE_CHECKING:
    from vpn_check.collect.session import Session
    from vpn_check.model.sweep import Probe
    from vpn_check.model.transcript import CommandOutput
    from vpn_check.platforms.ping import PingForm

WAIT = 2
"""Seconds that the device waits for each reply."""


class Pinger:
    """Asks one device to ping one destination.

    Args:
        session: an open session that was opened for probes.
        form: how the platform pings.
        to: an IPv4 address.
        source: an address or interface of the device; None: the device chooses. Only where the form has a place for it.
        vrf: where the destination is looked up; None: in the global table.
        interface: the name of the interface to ping through (ASA).
        one_line: False where it is known that the release refuses options on one line.
    """

    def __init__(self, session: Session, form: PingForm, *, to: str, source: str | None = None, vrf: str | None = None,
                 interface: str | None = None, one_line: bool = True) -> None:
        self._session = session
        self._form = form
        self._to = to
        self._source = source
        self._vrf = vrf
        self._interface = interface
        self.one_line = one_line

    def ask(self, probe: Probe) -> CommandOutput:
        """Send one probe. The command of the output says in one line what was asked, however it was asked.

        Raises:
            CommandNotAllowed: an address or a name is not what it should be. Nothing was sent.
        """
        if len(probe.sizes) == 1 and self.one_line:
            line = self._form.line.format(
                vrf=f"vrf {self._vrf} " if self._vrf else "",
                interface=f"{self._interface} " if self._interface else "",
                to=self._to,
                source=f"source {self._source} " if self._source else "",
                size=probe.sizes[0], repeat=probe.repeat, timeout=WAIT,
            )  # fmt: skip
            output = self._session.run(Command(text=line, kind=CommandClass.PROBE))
            if output.problem is not Problem.UNSUPPORTED or not self._form.dialogue:
                return output
            self.one_line = False
        return self._converse(probe)

    def _converse(self, probe: Probe) -> CommandOutput:
        sizes = probe.sizes
        values = {
            "to": self._to, "source": self._source or "", "repeat": str(probe.repeat), "timeout": str(WAIT),
            "size": str(sizes[0]), "walk": "y" if len(sizes) > 1 else "", "low": str(sizes[0]), "high": str(sizes[-1]),
            "step": str(sizes[1] - sizes[0]) if len(sizes) > 1 else "",
        }  # fmt: skip
        opening = f"ping vrf {self._vrf}" if self._vrf else "ping"
        output = self._session.converse(opening, self._form.dialogue, values)
        size = str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]} by {values['step']}"
        return replace(output, command=f"{opening}, to {self._to}, size {size}, DF set")
