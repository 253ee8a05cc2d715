"""Packets too big for a tunnel: by the counters and the MTU line of its SA, and never on a healthy one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from vpn_check.jobs.analyze import analyze
from vpn_check.model.finding import Finding, Status
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from vpn_check.model.finding import Diagnosis

IOS = data_path("mocks", "healthy-ios", "r1", "show_crypto_ipsec_sa.txt").read_text()
ASA = data_path("mocks", "healthy-asa-ikev2", "asa1", "show_crypto_ipsec_sa.txt").read_text()


def judged(text: str) -> Diagnosis:
    diagnosis, = analyze(["-"], stdin=text.encode())
    return diagnosis


def found(text: str) -> Finding | None:
    return next((finding for finding in judged(text).findings if finding.cause == "traffic.mtu"), None)


def asa(failures: int) -> str:
    return ASA.replace("#pre-frag failures: 0", f"#pre-frag failures: {failures}")


def ios(*, errors: int, path: int) -> str:
    return IOS.replace("#send errors 2,", f"#send errors {errors},").replace("path mtu 1500", f"path mtu {path}")


def test_what_an_asa_could_not_fragment_is_named() -> None:
    finding = found(asa(3000))
    assert finding is not None
    assert "3000 packets" in finding.summary
    quoted = " ".join(line.text for line in finding.evidence)
    assert "#pre-frag failures: 3000" in quoted
    assert "path mtu 1500, ipsec overhead 78(44)" in quoted
    assert "sysopt connection tcpmss 1398" in [line for remedy in finding.remedies for line in remedy.changes]
    assert judged(asa(3000)).status is Status.WARNING


def test_send_errors_on_a_smaller_path_are_explained_by_it() -> None:
    diagnosis = judged(ios(errors=4000, path=1400))
    assert [finding.cause for finding in diagnosis.findings] == ["traffic.mtu"]
    finding = diagnosis.findings[0]
    assert "path MTU (1400) is below that of the interface (1500)" in finding.summary
    assert " ip tcp adjust-mss 1286" in [line for remedy in finding.remedies for line in remedy.changes]
    assert finding.confidence < 0.7


@pytest.mark.parametrize("text", [
    asa(0), asa(20), asa(600),                   # path MTU discovery at work
    ios(errors=2, path=1400), ios(errors=2, path=1500),
    re.sub(r"needing reassembly: 0", "needing reassembly: 50000", ASA),   # the peer's fragments, which arrive
])  # fmt: skip
def test_a_few_packets_are_no_fault(text: str) -> None:
    assert found(text) is None
    assert judged(text).status is Status.HEALTHY


def test_send_errors_on_a_full_path_stay_what_they_are() -> None:
    assert [finding.cause for finding in judged(ios(errors=4000, path=1500)).findings] == ["traffic.send-errors"]


def test_what_does_not_grow_is_past() -> None:
    first, then = asa(3000), asa(3000).replace("66120", "67120").replace("70455", "71455").replace("17230", "17200")
    both = "".join(f"asa1# show crypto ipsec sa\n{text}\n" for text in (first, then))
    assert found(both) is None
    growing = then.replace("#pre-frag failures: 3000", "#pre-frag failures: 3100")
    finding = found("".join(f"asa1# show crypto ipsec sa\n{text}\n" for text in (first, growing)))
    assert finding is not None
    assert "100 packets" in finding.summary
