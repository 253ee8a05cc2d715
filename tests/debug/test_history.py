"""What the device remembers is read first; a cause that is named there makes a debug needless."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.debug.conftest import OTHER, PEER, Desk, device

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {peer} failed its sanity check or is malformed"
ASA_KEY = ("%ASA-3-713903: Group = {peer}, IP = {peer}, ERROR, had problems decrypting packet, probably due to "
           "mismatched pre-shared key.  Aborting")


def stamped(line: str, ago: timedelta, *, mark: str = "*") -> str:
    then = datetime.now(UTC) - ago
    return f"{mark}{then:%b} {then.day:>2} {then:%H:%M:%S}.123: {line}\n"


@pytest.mark.parametrize(("platform", "line"), [
    (PlatformName.IOS, KEY), (PlatformName.IOSXE, KEY), (PlatformName.ASA, ASA_KEY),
])
def test_a_recent_cause_of_this_peer_is_said_and_nothing_is_switched(
    platform: PlatformName, line: str, desk: Callable[..., Desk],
) -> None:
    log = stamped(line.format(peer=PEER), timedelta(minutes=2), mark="*")
    if platform is PlatformName.ASA:
        log = log.replace("*", "").replace(".123", "")
    at = desk(device(platform, outputs={"show logging": log}))
    answer = at.debug("--duration", "0.5")
    body = answer.document
    assert (body["ended"], body["switched_on"]) == ("history", False)
    assert body["history"]["cause"] == body["device"]["verdict"]["cause"] == "ike.psk-mismatch"
    assert 60 < body["history"]["age_seconds"] < 240
    assert answer.code == 2
    assert at.switched() == []
    assert not [text for text in at.typed() if "debug" in text and not text.startswith("show")]


def test_force_debugs_all_the_same(desk: Callable[..., Desk]) -> None:
    at = desk(device(outputs={"show logging": stamped(KEY.format(peer=PEER), timedelta(minutes=2))}))
    body = at.debug("--duration", "0.5", "--force").document
    assert body["switched_on"]
    assert body["history"]["names_the_cause"]


@pytest.mark.parametrize("log", [
    stamped(KEY.format(peer=PEER), timedelta(hours=3)),
    stamped(KEY.format(peer=OTHER), timedelta(minutes=2)),
    KEY.format(peer=PEER) + "\n",
    f"1d00h: {KEY.format(peer=PEER)}\n",
    stamped("%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Informational mode failed with peer at " + PEER,
            timedelta(minutes=2)),
    "",
], ids=["old", "another peer", "without a stamp", "stamped in days", "no cause", "empty"])
def test_a_log_that_does_not_settle_it_leads_on_to_the_debug(log: str, desk: Callable[..., Desk]) -> None:
    at = desk(device(outputs={"show logging": log}))
    body = at.debug("--duration", "0.5").document
    assert not body["history"]["names_the_cause"]
    assert body["switched_on"]
    assert body["proof"]["off"]


def test_what_ikev2_counted_is_shown(desk: Callable[..., Desk]) -> None:
    table = ("Exit Path Table - status: enable, current entry 1, deleted 0, max allow 50\n\n"
             "Error(7): Failed to find a matching policy\n")
    at = desk(device(outputs={"show crypto ikev2 diagnose error": table}))
    assert at.debug("--duration", "0.5").document["history"]["ikev2_errors"] == ["Failed to find a matching policy (7)"]


def test_an_event_trace_names_a_cause_as_well(desk: Callable[..., Desk]) -> None:
    lines = "".join(stamped(text, timedelta(minutes=1)) for text in (
        f"IKEv2:(SESSION ID = 3,SA ID = 1):Received Packet [From {PEER}:500/To 192.0.2.1:500/VRF i0:f0]",
        "IKEv2-ERROR:(SESSION ID = 3,SA ID = 1):: % IKEv2 profile not found",
    ))
    at = desk(device(PlatformName.IOSXE, outputs={"show monitor event-trace crypto all": f"ikev2_event:\n\n{lines}"}))
    body = at.debug("--duration", "0.5").document
    assert body["ended"] == "history"
    assert body["history"]["cause"] == "ike.identity-mismatch"
