"""Which tunnel a ping goes through, and what measured paths say of it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest

from vpn_check.diagnose.mtu.flow import choose
from vpn_check.diagnose.mtu.judge import judge
from vpn_check.model.device import PlatformName
from vpn_check.model.encapsulation import Encapsulation
from vpn_check.model.finding import Evidence, Severity, Status
from vpn_check.model.path_report import ConfiguredMtu, PathReport
from vpn_check.model.printed_mtu import PrintedMtu
from vpn_check.model.sa import TrafficCounters, Where
from vpn_check.model.sweep import Measured, Outcome, Reason, Reply, Result
from vpn_check.model.transform import transform_of
from vpn_check.model.tunnel import TrafficSelector, Tunnel


def flow(remote: str, *, local: str = "10.1.0.0/255.255.0.0/0/0", peer: str = "203.0.113.2", spi: int = 7) -> Tunnel:
    return Tunnel(
        peer=ip_address(peer), interface="GigabitEthernet0/1", local_ident=TrafficSelector(text=local),
        remote_ident=TrafficSelector(text=remote), counters=TrafficCounters(encaps=5), outbound_spi=spi,
        sas_listed=True, where=Where(source=0), printed_mtu=PrintedMtu(plaintext=1438, path=1500, ip=1500),
    )  # fmt: skip


WIDE = flow("10.0.0.0/255.0.0.0/0/0", peer="203.0.113.1")
NARROW = flow("10.2.20.0/255.255.255.0/0/0")
TCP_ONLY = flow("10.2.20.1/255.255.255.255/6/443", peer="203.0.113.3")
NAMED = flow("BRANCH/255.255.255.255/0/0", peer="203.0.113.4")
VTI = flow("0.0.0.0/0.0.0.0/0/0", local="0.0.0.0/0.0.0.0/0/0", peer="203.0.113.5")
GRE = flow("203.0.113.6/255.255.255.255/47/0", local="192.0.2.1/255.255.255.255/47/0", peer="203.0.113.6")


@pytest.mark.parametrize(("tunnels", "source", "peer", "want"), [
    ((WIDE, NARROW, TCP_ONLY, NAMED), None, None, NARROW), ((WIDE, NARROW), "10.1.3.4", None, NARROW),
    ((WIDE, NARROW), "GigabitEthernet0/0", None, NARROW), ((WIDE, NARROW), None, "203.0.113.1", WIDE),
    ((NARROW, VTI, GRE), None, None, NARROW), ((VTI,), None, None, VTI), ((GRE, TCP_ONLY), None, None, GRE),
    ((VTI, GRE), None, "203.0.113.6", GRE), ((NARROW, replace(NARROW, outbound_spi=0)), None, None, NARROW),
])  # fmt: skip
def test_the_narrowest_flow_that_takes_a_ping_is_chosen(
    tunnels: tuple[Tunnel, ...], source: str | None, peer: str | None, want: Tunnel
) -> None:
    assert choose(tunnels, to="10.2.20.1", source=source, peer=peer).tunnel is want


@pytest.mark.parametrize(("tunnels", "peer", "said"), [
    ((), None, "No flow"), ((TCP_ONLY, NAMED), None, "No flow"), ((NARROW,), "203.0.113.9", "no tunnel with"),
    ((VTI, GRE), None, "name it with --peer"), ((NARROW, flow("10.2.20.0/255.255.255.0/0/0", peer="203.0.113.8")), None,
                                                "name one with --peer"),
])  # fmt: skip
def test_where_none_or_several_can_be_meant_none_is_chosen(
    tunnels: tuple[Tunnel, ...], peer: str | None, said: str
) -> None:
    choice = choose(tunnels, to="10.2.20.1", peer=peer)
    assert choice.tunnel is None
    assert choice.why is not None
    assert said in choice.why


def test_a_source_outside_the_flow_is_not_in_it() -> None:
    assert choose((NARROW,), to="10.2.20.1", source="172.16.0.1").tunnel is None


AES = transform_of(["esp-256-aes esp-sha256-hmac"])
assert AES is not None
WRAP = Encapsulation(transform=AES)


def measured(largest: int, *, silent: bool = False, result: Result = Result.EXACT) -> Measured:
    quoted = [Reply(size=size, outcome=outcome, signs=signs, evidence=Evidence(source="ping", line=5, text=signs))
              for size, outcome, signs in ((largest, Outcome.PASSED, "!!"), (largest + 1, Outcome.TOO_BIG, "M."))]
    return Measured(target="10.2.20.1", result=result, largest=largest, refused=largest + 1, silent=silent,
                    replies=tuple(quoted), probes=2, packets=4)  # fmt: skip


UNTOLD = Measured(target="10.2.20.1", result=Result.CANNOT_TELL, reason=Reason.NO_ANSWER)


def judged(outside: Measured | None, inside: Measured | None, tunnel: Tunnel = NARROW, **changes: object) -> PathReport:
    report = PathReport(device="r1", platform=PlatformName.IOS, to="10.2.20.1", tunnel=tunnel, wrap=WRAP,
                        outside=outside, inside=inside)  # fmt: skip
    line = Evidence(source="show crypto ipsec sa", line=18, text="plaintext mtu 1438, path mtu 1500")
    return judge(replace(report, **changes), (line,))  # type: ignore[arg-type]


def causes(report: PathReport) -> list[tuple[str, str]]:
    return [(finding.severity.value, finding.cause) for finding in report.findings]


def test_what_fits_is_healthy_and_the_values_follow() -> None:
    report = judged(measured(1500), measured(1438))
    assert causes(report) == [("info", "healthy")]
    assert report.status is Status.HEALTHY
    assert report.right is not None
    assert (report.right.ip_mtu, report.right.mss) == (1438, 1398)


def test_a_silent_limit_of_the_device_itself_is_no_black_hole() -> None:
    assert causes(judged(measured(1500), measured(1438, silent=True))) == [("info", "healthy")]
    hole = judged(measured(1460, silent=True), measured(1390, silent=True))   # 1460 leaves 1390: both show it
    assert causes(hole) == [("warning", "traffic.mtu"), ("warning", "traffic.mtu")]
    loud = judged(measured(1500), measured(1400))
    assert causes(loud) == [("info", "healthy")]
    assert any("would allow 1438 bytes" in note for note in loud.notes)


def test_silence_on_one_side_alone_may_be_a_filter_for_large_pings() -> None:
    inside = judged(UNTOLD, measured(1000, silent=True))
    assert causes(inside) == [("info", "traffic.mtu")]
    assert inside.status is Status.UNKNOWN
    assert any("filter" in cause for cause in inside.findings[0].causes)
    outside = judged(measured(1024, silent=True), measured(1438))
    assert causes(outside) == [("info", "healthy")]
    assert outside.right is not None
    assert outside.right.ip_mtu == 1438
    assert any("a filter for large pings" in note for note in outside.notes)
    assert judged(measured(1024, silent=True), UNTOLD).right is None


def test_a_smaller_path_is_a_warning_unless_the_settings_keep_below_it() -> None:
    tunnel = replace(NARROW, interface="Tunnel0")
    assert causes(judged(measured(1400), measured(1326), tunnel)) == [("warning", "traffic.mtu")]
    held = ConfiguredMtu(seen=True, interface="Tunnel0", ip_mtu=1320)
    calm = judged(measured(1400), measured(1326), tunnel, configured=held)
    assert causes(calm) == [("info", "traffic.mtu")]
    assert calm.status is Status.HEALTHY


def test_more_than_fits_passes_in_fragments_and_what_fits_is_right() -> None:
    report = judged(measured(1400), measured(1438))
    assert report.right is not None
    assert (report.right.ip_mtu, report.right.basis) == (1326, "computed from the path outside and the transform")
    assert any("in fragments" in note for note in report.notes)


def test_settings_above_what_passes_are_named_with_their_lines() -> None:
    lines = (Evidence(source="show run", line=1, text="ip mtu 1500"),
             Evidence(source="show run", line=2, text="ip tcp adjust-mss 1460"))  # fmt: skip
    held = ConfiguredMtu(seen=True, interface="Tunnel0", ip_mtu=1500, mss=1460, evidence=lines)
    report = judged(measured(1500), measured(1438), replace(NARROW, interface="Tunnel0"), configured=held)
    assert causes(report) == [("warning", "traffic.mtu"), ("warning", "traffic.mtu")]
    assert [finding.evidence[0].text for finding in report.findings] == ["ip mtu 1500", "ip tcp adjust-mss 1460"]
    changes = [remedy for finding in report.findings for remedy in finding.remedies]
    assert [remedy.disruptive for remedy in changes] == [False, True]
    assert not [command for remedy in changes for command in remedy.commands]


def test_what_cannot_be_told_is_unknown_with_what_to_collect_and_no_number() -> None:
    report = judged(UNTOLD, UNTOLD)
    assert (report.status, report.right) == (Status.UNKNOWN, None)
    assert report.verdict is not None
    assert report.verdict.cause == "unknown"
    assert report.verdict.severity is Severity.INFO
    assert any(command.startswith("ping ") for remedy in report.verdict.remedies for command in remedy.commands)
    assert any("Not measured: if the path carries the 1500 bytes" in note for note in report.notes)


def test_outside_alone_gives_a_computed_value_and_stays_unknown() -> None:
    report = judged(measured(1492), UNTOLD)
    assert report.right is not None
    assert (report.right.ip_mtu, report.right.basis[:8]) == (1422, "computed")
    assert report.status is Status.UNKNOWN


def test_nothing_of_576_bytes_is_a_warning() -> None:
    below = Measured(target="10.2.20.1", result=Result.BELOW, refused=576, replies=measured(575).replies)
    assert ("warning", "traffic.mtu") in causes(judged(measured(1500), below))


def test_no_finding_is_without_a_line_of_the_device() -> None:
    for outside in (None, UNTOLD, measured(1400), measured(1400, silent=True), measured(1500)):
        more = measured(9216, result=Result.AT_LEAST)
        for inside in (None, UNTOLD, measured(1326), measured(1438, silent=True), more):
            for through in (None, True, False):
                report = judged(outside, inside, through=through)
                assert all(finding.evidence for finding in report.findings)
                assert report.status in {Status.HEALTHY, Status.WARNING, Status.UNKNOWN}
