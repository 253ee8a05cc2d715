"""Remote-access sessions, tunnels that break in rhythm, standby peers: what their evidence allows and what not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vpn_check.diagnose.verdict import diagnose
from vpn_check.jobs.configured import configured
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Diagnosis, Severity, Status
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble


def judged(platform: PlatformName, **outputs: str) -> Diagnosis:
    given = tuple(CommandOutput(command=name.replace("__", "-").replace("_", " "), text=text)
                  for name, text in outputs.items())
    return diagnose(configured(assemble(Transcript(device="fw", platform=platform, outputs=given))[0]))


def sessions(*counts: tuple[int, int]) -> str:
    """AnyConnect sessions: bytes sent to each client, and received from it."""
    return "\nSession Type: AnyConnect\n" + "".join(f"""
Username     : user{at}                  Index        : {70 + at}
Assigned IP  : 10.99.0.{10 + at}             Public IP    : 203.0.113.{140 + at}
Protocol     : AnyConnect-Parent SSL-Tunnel
License      : AnyConnect Premium
Bytes Tx     : {sent:<23}Bytes Rx     : {received}
Group Policy : STAFF                  Tunnel Group : STAFF-TG
Login Time   : 06:30:00 UTC Tue Mar 12 2024
Duration     : 0h:49m:59s
Inactivity   : 0h:00m:00s
""" for at, (sent, received) in enumerate(counts))


@pytest.mark.parametrize(("counts", "status", "cause"), [
    (((9000, 7000), (8000, 6000)), Status.HEALTHY, "healthy"),
    (((9000, 7000), (0, 0)), Status.HEALTHY, "healthy"),
    (((0, 7000), (0, 6000)), Status.CRITICAL, "config.route-missing"),
    (((0, 7000),), Status.CRITICAL, "traffic.not-encrypted"),
    (((9000, 7000), (0, 6000)), Status.WARNING, "traffic.not-encrypted"),
])
def test_sessions_of_clients(counts: tuple[tuple[int, int], ...], status: Status, cause: str) -> None:
    diagnosis = judged(PlatformName.ASA, show_vpn__sessiondb_anyconnect=sessions(*counts))
    assert diagnosis.status is status
    assert diagnosis.verdict is not None
    assert diagnosis.verdict.cause == cause
    assert all(line.text.startswith("Bytes Tx") for line in diagnosis.verdict.evidence)


def flaps(*times: str, back: str = "00:00:30") -> str:
    """A log in which the tunnel goes down at each time, and is up again after `back`."""
    lines = []
    for time in times:
        ended = datetime.strptime(f"2024 Mar 12 {time}", "%Y %b %d %H:%M:%S.%f").replace(tzinfo=UTC)
        hours, minutes, seconds = map(int, back.split(":"))
        again = ended + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        lines += [(ended, "DOWN."), (again, "UP  .")]
    return "\n".join(f"Mar 12 {time:%H:%M:%S}.100: %CRYPTO-5-SESSION_STATUS: Crypto tunnel is {state}  Peer "
                     "203.0.113.2:500       Id: 203.0.113.2" for time, state in lines)


@pytest.mark.parametrize(("times", "back", "regular"), [
    (("09:20:44.100", "10:20:45.300", "11:20:43.900"), "00:00:30", True),
    (("09:20:44.100", "10:20:45.300", "11:20:43.900"), "00:40:00", False),   # used once an hour
    (("09:20:44.100", "10:20:45.300"), "00:00:30", False),
    (("09:20:44.100", "09:51:45.300", "11:20:43.900"), "00:00:30", False),
    (("09:20:44.100", "09:21:44.100", "09:22:44.100"), "00:00:30", False),
    (("11:20:44.100", "10:20:44.100", "09:20:44.100"), "00:00:30", False),
])
def test_only_a_rhythm_points_at_the_lifetime(
    times: tuple[str, ...], back: str, regular: bool  # noqa: FBT001  a table
) -> None:
    found = [finding for finding in judged(PlatformName.IOS, show_logging=flaps(*times, back=back)).findings
             if finding.cause == "ipsec.lifetime-rekey"]
    assert bool(found) is regular
    assert all(finding.severity is Severity.WARNING and finding.peer == "203.0.113.2" for finding in found)
