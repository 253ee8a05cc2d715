"""The configurations of sections S31, S33, S34, S36 and S37 of the source document, and the answers that it gives.

The source shows fragments: here they stand in the configuration that they are taken from, and beside it the same with
the mistake that the section warns of.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from vpn_check.jobs.audit import audit_texts
from vpn_check.model.finding import Finding, Severity

FOLDER = Path(__file__).parent / "source_configs"


def findings(name: str) -> list[Finding]:
    own, _ = audit_texts([str(FOLDER / name)])
    assert own[0].errors == ()
    return list(own[0].findings)


def warned(name: str) -> list[tuple[str | None, str]]:
    return [(found.check, found.cause) for found in findings(name) if found.severity is not Severity.INFO]


@pytest.mark.parametrize(
    "name",
    [
        "s31-split-tunnel.cfg",  # a split tunnel for clients; its network is not written on its boundary
        "s33-s34-pix-clients.cfg",  # routes inside, a pool of its own, equal lists for NAT and split tunnel
        "s36-sysopt.cfg",
        "s37-route-map.cfg",
    ],
)
def test_what_the_source_recommends_is_not_complained_of(name: str) -> None:
    assert warned(name) == []


@pytest.mark.parametrize(
    ("name", "check", "cause", "says"),
    [
        ("s36-no-sysopt.cfg", "C14", "config.permit-vpn-bypass", "sysopt connection permit-ipsec"),
        ("s37-overlap.cfg", "C08", "ipsec.crypto-map-order", "goes to 203.0.113.10"),
        ("s37-list-not-used.cfg", "C09", "config.nat-exemption", "is translated"),
        ("s37-no-deny.cfg", "C09", "config.nat-exemption", "is translated"),
    ],
)
def test_what_the_source_warns_of_is_found(name: str, check: str, cause: str, says: str) -> None:
    assert warned(name) == [(check, cause)]
    found = next(found for found in findings(name) if found.check == check)
    assert says in found.summary
    assert any(reference.startswith("S3") or reference == "S16" for reference in found.references)


def test_one_list_for_two_purposes_is_worth_knowing() -> None:
    assert warned("s37-one-list-twice.cfg") == []
    assert "C10" in {found.check for found in findings("s37-one-list-twice.cfg")}
