"""What is not known: whether the decision rests on it, and the sentence that says so. Unknown is not zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.sa_state import flows_both_ways
from vpn_check.model.finding import DeviceFault
from vpn_check.model.snapshot import Gap, Topic
from vpn_check.model.transcript import Problem

if TYPE_CHECKING:
    from vpn_check.model.snapshot import DeviceSnapshot

_NEXT = {
    Problem.UNSUPPORTED: "the device does not know it: check `platform:`, the privilege level, and the image.",
    Problem.NOT_AUTHORISED: "not authorised: allow the account these show commands on the AAA server (where `aaa "
    "authorization commands` asks for permission).",
    Problem.UNPRIVILEGED: "the privilege level is too low for it: use an account of level 15, or give the enable "
    "secret (`enable_secret_env` or `enable_secret_file` of the credential, VPN_CHECK_ENABLE).",
    Problem.TIMED_OUT: "timed out: raise --timeout, or look at the device's load.",
    Problem.CLOSED: "the session was closed before the answer was whole: try again.",
    Problem.INCOMPLETE: "the answer is not whole, it stops at a page end: collect it again with paging off.",
}

_UNKNOWN_COMMAND = {Problem.UNSUPPORTED, Problem.UNPRIVILEGED}
"""What a device says to a command that its release, or this privilege level, does not have."""


def optional(gap: Gap) -> bool:
    """A command that older releases do not know is not missed, nor is a configuration that we may not read."""
    if gap.topic is Topic.CONFIG:
        return gap.reason in {*_UNKNOWN_COMMAND, Problem.NOT_AUTHORISED}
    return gap.topic in {Topic.IKEV2_SA, Topic.ENGINE, Topic.LOG, Topic.OTHER}


def matters(gap: Gap, snapshot: DeviceSnapshot) -> bool:
    """Whether a refused or broken answer leaves the device unknown: the decision rests on it."""
    if gap.reason not in _NEXT:
        return False
    if gap.topic is Topic.IPSEC_SA:
        return True
    asked_either = {Topic.IKE_SA, Topic.IKEV2_SA}
    if gap.topic not in asked_either or (gap.topic is Topic.IKEV2_SA and gap.reason in _UNKNOWN_COMMAND):
        return False
    return not snapshot.tunnels or not all(flows_both_ways(tunnel) for tunnel in snapshot.tunnels)


def refusals(snapshot: DeviceSnapshot) -> tuple[DeviceFault, ...]:
    """One sentence for each way in which commands were not answered, with what to do next."""
    faults = []
    for problem, what in _NEXT.items():
        sources = [gap.source for gap in snapshot.gaps if gap.reason == problem and not optional(gap)]
        if sources:
            named = ", ".join(f"`{source}`" for source in dict.fromkeys(sources))
            code = problem.value.replace(" ", "-")
            faults.append(DeviceFault(step="command", code=code, message=f"{snapshot.name}: {named}: {what}"))
    return tuple(faults)
