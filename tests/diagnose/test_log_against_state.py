"""The log beside the state: they agree, or it is said that they do not, with the lines of both."""

from __future__ import annotations

import pytest

from vpn_check.diagnose.verdict import diagnose
from vpn_check.model.finding import Diagnosis, Finding, Severity, Status
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

PEER, HERE = "198.51.100.2", "192.0.2.1"
STUCK = f"""R1#show crypto isakmp sa
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
{PEER}    {HERE}       MM_NO_STATE          0 ACTIVE
R1#
"""
NO_SA = f"""R1#show crypto isakmp sa
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
{PEER}    {HERE}       QM_IDLE           1007 ACTIVE

R1#show crypto ipsec sa
interface: GigabitEthernet0/0
    Crypto map tag: CMAP, local addr {HERE}
   local  ident (addr/mask/prot/port): (10.1.1.0/255.255.255.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.2.0/255.255.255.0/0/0)
   current_peer {PEER} port 500
    #pkts encaps: 0, #pkts encrypt: 0, #pkts digest: 0
    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0
    #send errors 40, #recv errors 0
     current outbound spi: 0x0(0)
     inbound esp sas:
     outbound esp sas:
R1#
"""
WORKS = f"""R1#show crypto ipsec sa
interface: GigabitEthernet0/0
    Crypto map tag: CMAP, local addr {HERE}
   local  ident (addr/mask/prot/port): (10.1.1.0/255.255.255.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.2.0/255.255.255.0/0/0)
   current_peer {PEER} port 500
    #pkts encaps: 84562, #pkts encrypt: 84562, #pkts digest: 84562
    #pkts decaps: 9123, #pkts decrypt: 9123, #pkts verify: 9123
    #send errors 0, #recv errors 0
     current outbound spi: 0xD0E9F6C9(3505000137)
     inbound esp sas:
      spi: 0x1E8246FC(511854332)
        transform: esp-256-aes esp-sha256-hmac ,
     outbound esp sas:
      spi: 0xD0E9F6C9(3505000137)
        transform: esp-256-aes esp-sha256-hmac ,
R1#
"""
UP = f"""*Mar  1 00:05:00.000: ISAKMP:(1002):SA has been authenticated with {PEER}
*Mar  1 00:05:00.100: ISAKMP:(1002): Creating IPSec SAs
"""
DOWN = f"""*Mar  1 00:06:00.000: ISAKMP:(1002):deleting SA reason "Lifetime exceeded" state (R) QM_IDLE (peer {PEER})
"""
REFUSED = f"""*Mar  1 00:07:00.000: ISAKMP:(0): phase 1 SA policy not acceptable! (local {HERE} remote {PEER})
"""


def judged(*texts: str) -> Diagnosis:
    outputs = tuple(CommandOutput(command="", text=text, origin=f"{n}.txt") for n, text in enumerate(texts))
    return diagnose(assemble(Transcript(device="", outputs=outputs))[0])


def only(diagnosis: Diagnosis) -> Finding:
    (finding,) = [f for f in diagnosis.findings if f.severity is not Severity.INFO]
    return finding


@pytest.mark.parametrize(("shown", "line"), [(STUCK, "MM_NO_STATE"), (NO_SA, "encaps: 0")])
def test_an_sa_that_came_up_after_it_was_shown_missing_is_no_outage(shown: str, line: str) -> None:
    diagnosis = judged(shown + UP)
    finding = only(diagnosis)
    assert diagnosis.status is Status.WARNING
    assert "after this was shown" in finding.summary
    quoted = " ".join(evidence.text for evidence in finding.evidence)
    assert line in quoted
    assert "Creating IPSec SAs" in quoted


@pytest.mark.parametrize("shown", [STUCK, NO_SA])
def test_an_sa_that_had_come_up_before_it_was_shown_missing_is_an_outage(shown: str) -> None:
    diagnosis = judged(UP + shown)
    assert diagnosis.status is Status.CRITICAL
    assert "had come up before at Mar  1 00:05:00" in only(diagnosis).summary


def test_where_the_order_is_not_known_the_disagreement_is_said() -> None:
    diagnosis = judged(STUCK, UP)
    assert diagnosis.status is Status.WARNING
    assert "which of the two is older cannot be told" in only(diagnosis).summary


def test_what_came_up_and_went_again_contradicts_nothing() -> None:
    diagnosis = judged(NO_SA + UP + DOWN)
    assert diagnosis.status is Status.CRITICAL
    assert "log shows" not in only(diagnosis).summary


def test_the_success_of_another_peer_contradicts_nothing() -> None:
    assert judged(STUCK + UP.replace(PEER, "198.51.100.9")).status is Status.CRITICAL


def test_a_refusal_in_an_old_log_of_a_tunnel_that_works_is_history_with_both_lines() -> None:
    diagnosis = judged(REFUSED, WORKS)
    assert diagnosis.status is Status.HEALTHY
    (past,) = [finding for finding in diagnosis.findings if finding.cause == "ike.policy-mismatch"]
    quoted = " ".join(evidence.text for evidence in past.evidence)
    assert "this is history" in past.summary
    assert "not acceptable" in quoted
    assert "encaps: 84562" in quoted


def test_a_refusal_after_the_tunnel_was_shown_to_work_is_said_once_and_is_no_outage_yet() -> None:
    diagnosis = judged(WORKS + REFUSED)
    finding = only(diagnosis)
    assert (diagnosis.status, finding.cause) == (Status.WARNING, "ike.policy-mismatch")
    assert "worked when it was shown" in finding.summary
    assert any("encaps: 84562" in evidence.text for evidence in finding.evidence)


def test_a_log_buffer_asked_for_after_the_tables_tells_no_order() -> None:
    assert judged(WORKS + "R1#show logging\n" + REFUSED + "R1#\n").status is Status.HEALTHY


def test_a_tunnel_that_the_log_shows_to_come_up_and_go_is_not_healthy() -> None:
    assert judged(UP).status is Status.HEALTHY
    assert judged(UP + DOWN).status is not Status.HEALTHY


def test_an_old_sa_deleted_after_a_rekey_leaves_the_new_one() -> None:
    rekeyed = UP + UP.replace("1002", "1003").replace("00:05", "00:06") + DOWN.replace("00:06", "00:07")
    assert judged(rekeyed).status is Status.HEALTHY
