"""The MTU and MSS statements of a configuration, as far as a filtered `show running-config` shows them."""

from __future__ import annotations

import re

from vpn_check.model.finding import Evidence
from vpn_check.model.path_report import ConfiguredMtu
from vpn_check.model.transcript import CommandOutput

_IP_MTU = re.compile(r"^\s*ip mtu (?P<mtu>[0-9]+)\s*$")
_MSS = re.compile(r"^\s*(?:ip tcp adjust-mss|sysopt connection tcpmss) (?P<mss>[0-9]+)\s*$")


def read_mtu_lines(output: CommandOutput, *, interface: str | None) -> ConfiguredMtu:
    """Read `ip mtu`, `ip tcp adjust-mss` (IOS) and `sysopt connection tcpmss` (ASA); 0 switches the last one off.

    Args:
        output: the answer; one with a problem says nothing.
        interface: where the statements stand; None for global ones.
    """
    if output.problem is not None:
        return ConfiguredMtu()
    ip_mtu = mss = None
    evidence: list[Evidence] = []
    for number, line in enumerate(output.text.splitlines(), 1):
        found = _IP_MTU.match(line) or _MSS.match(line)
        if found is None:
            continue
        named = found.groupdict()
        ip_mtu = int(named["mtu"]) if "mtu" in named else ip_mtu
        mss = (int(named["mss"]) or None) if "mss" in named else mss
        evidence.append(Evidence(source=output.command, line=number, text=line.strip()))
    return ConfiguredMtu(seen=True, interface=interface, ip_mtu=ip_mtu, mss=mss, evidence=tuple(evidence))
