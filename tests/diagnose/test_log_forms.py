"""Forms that logs take in the field: who is spoken with, what came up, and which refusal is meant."""

from __future__ import annotations

import pytest

from vpn_check.diagnose.addresses import named_peer
from vpn_check.diagnose.negotiation import LogReading, judge
from vpn_check.diagnose.verdict import diagnose
from vpn_check.model.finding import Diagnosis, Evidence, Severity, Status
from vpn_check.model.log import LogLine
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

PEER, HERE = "192.0.2.2", "198.51.100.2"
SHOWN = f"""R1#show crypto isakmp sa
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
{PEER}       {HERE}    QM_IDLE           1007 ACTIVE

R1#show crypto ipsec sa

interface: GigabitEthernet0/0
    Crypto map tag: CMAP, local addr {HERE}

   local  ident (addr/mask/prot/port): (10.1.1.0/255.255.255.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.2.0/255.255.255.0/0/0)
   current_peer {PEER} port 500
    #pkts encaps: 84562, #pkts encrypt: 84562, #pkts digest: 84562
    #pkts decaps: 9123, #pkts decrypt: 9123, #pkts verify: 9123
    #send errors 2, #recv errors ERRORS

     current outbound spi: 0xD0E9F6C9(3505000137)
     inbound esp sas:
      spi: 0x1E8246FC(511854332)
        transform: esp-256-aes esp-sha256-hmac ,
     outbound esp sas:
      spi: 0xD0E9F6C9(3505000137)
        transform: esp-256-aes esp-sha256-hmac ,
R1#show logging
"""


def packet(exchange: str, direction: str, payloads: str) -> str:
    both = f"[From {PEER}:500/To {HERE}:500/VRF i0:f0]"
    return (
        f"*Nov 11 19:30:34.935: IKEv2:(SESSION ID = 2,SA ID = 1):Received Packet {both} \n"
        "Initiator SPI : 1A2B3C4D5E6F7081 - Responder SPI : 0A0B0C0D01020304 Message id: 1\n"
        f"IKEv2 {exchange} Exchange {direction} \nPayload contents: \n {payloads} \n\n"
    )


def lan(what: str) -> str:
    return f"%ASA-6-602303: IPSEC: An inbound LAN-to-LAN SA (SPI= 0x1) between {HERE} and {PEER} (user= {PEER}) {what}."


def said(text: str) -> str:
    return f"*Nov 11 19:30:34.937: {text}\n"


def read_log(text: str) -> LogReading:
    lines = text.splitlines()

    def quote(source: int, line: int) -> Evidence | None:
        assert source == 0
        return Evidence(source="debug", line=line, text=lines[line - 1].strip())

    return judge([LogLine(text=line, source=0, line=n) for n, line in enumerate(lines, 1)], quote, None)


def told(text: str) -> list[tuple[str, str | None]]:
    return [(f.cause, f.peer) for f in read_log(text).findings if f.severity is not Severity.INFO]


def whole(log: str, errors: int = 0) -> Diagnosis:
    text = SHOWN.replace("ERRORS", str(errors)) + log
    transcript = Transcript(device="", platform=None, outputs=(CommandOutput(command="", text=text),))
    return diagnose(assemble(transcript)[0])


@pytest.mark.parametrize(
    ("text", "peer"),
    [
        ("Received Packet [From 192.0.2.2:500/To 198.51.100.2:500/VRF i0:f0]", "192.0.2.2"),
        ("Sending Packet [To 2001:DB8::2:500/From 2001:DB8::1:500/VRF i0:f0]", "2001:DB8::2"),
        ("Rx [L 198.51.100.2:500/R 192.0.2.2:500/VRF i0:f0] m_id: 0x1", "192.0.2.2"),
        ("Session with IKE ID PAIR (192.0.2.2, 198.51.100.2) is UP", "192.0.2.2"),
        ("local address : 198.51.100.2 remote address : 192.0.2.2 socket is UP", "192.0.2.2"),
        ("An inbound LAN-to-LAN SA (SPI= 0x1) between 198.51.100.2 and 192.0.2.2 (user= 192.0.2.2)", "192.0.2.2"),
    ],
)
def test_a_packet_line_names_the_peer(text: str, peer: str) -> None:
    assert named_peer(text) == peer


@pytest.mark.parametrize(
    ("exchange", "cause"),
    [
        ("IKE_SA_INIT", "ike.policy-mismatch"),
        ("IKE_AUTH", "ipsec.transform-mismatch"),
        ("CREATE_CHILD_SA", "ipsec.pfs-mismatch"),
    ],
)
def test_the_exchange_says_what_was_refused(exchange: str, cause: str) -> None:
    assert told(packet(exchange, "RESPONSE", "NOTIFY(NO_PROPOSAL_CHOSEN)")) == [(cause, PEER)]


def test_a_refused_esp_proposal_is_not_a_refused_ike_policy() -> None:
    error = "IKEv2-ERROR:(SESSION ID = 2,SA ID = 1):"
    text = (
        packet("IKE_AUTH", "REQUEST", "VID IDi AUTH SA TSi TSr")
        + said(f"{error}Received Policies: ESP: Proposal 1:  AES-CBC-256 SHA96 Don't use ESN")
        + said(f"{error}Expected Policies: : Failed to find a matching policyESP: Proposal 0:  Don't use ESN")
        + said(f"{error}: Failed to find a matching policy")
    )
    assert told(text) == [("ipsec.transform-mismatch", PEER)]


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        (said("IKEv2:(SESSION ID = 2,SA ID = 1):IKEV2 SA created; inserting SA into database."), "1"),
        (said("IKEv2:(SESSION ID = 2,SA ID = 1):Load IPSEC key material"), "2"),
        (lan("has been created"), "2"),
        (
            f"%ASA-7-715075: Group = {PEER}, IP = {PEER}, Received keep-alive of type DPD R-U-THERE-ACK (seq number 1)",
            "1",
        ),
    ],
)
def test_what_came_up_is_seen(text: str, phase: str) -> None:
    assert [success.phase for success in read_log(text).successes] == [phase]


def test_a_deleted_sa_is_no_success() -> None:
    assert not read_log(lan("has been deleted")).successes


def test_interleaved_exchanges_are_told_apart_by_their_numbers() -> None:
    text = (
        said("ISAKMP (0): received packet from 192.0.2.3 dport 500 sport 500 Global (N) NEW SA")
        + said("ISAKMP (1001): received packet from 192.0.2.2 dport 500 sport 500 Global (R) QM_IDLE")
        + said("ISAKMP:(0):no offers accepted!")
    )
    assert told(text) == [("ike.policy-mismatch", "192.0.2.3")]


def test_a_missing_transform_of_the_other_version_is_no_alarm_where_the_tunnel_came_up() -> None:
    text = (
        "%ASA-5-752016: IKEv2 was successful at setting up a tunnel.  Map Tag = CMAP.  Map Sequence Number = 1.\n"
        "%ASA-4-752011: IKEv1 Doesn't have a transform set specified\n"
    )
    assert told(text) == []


def test_nhrp_that_recovered_is_past() -> None:
    error = (
        "%DMVPN-3-DMVPN_NHRP_ERROR: Tunnel0: NHRP Encap Error for Resolution Request , Reason: protocol generic"
        " error (7) on (Tunnel: 172.16.0.2 NBMA: 198.51.100.2)\n"
    )
    up = (
        "%DMVPN-5-NHRP_NHS_UP: Tunnel0: Next Hop Server : (Tunnel: 172.16.0.1 NBMA: 192.0.2.2) for"
        " (Tunnel: 172.16.0.2 NBMA: 198.51.100.2) is UP\n"
    )
    assert [cause for cause, _ in told(error)] == ["overlay.nhrp"]
    assert told(error + up) == []


@pytest.mark.parametrize(
    "line",
    [
        "IPSEC(ipsec_process_proposal): proxy identities not supported",
        "%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed",
        "%CRYPTO-4-IKMP_NO_SA: IKE message from 203.0.113.77 has no SA and is not an initialization offer",
        f"%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {PEER} failed its sanity check or is malformed",
    ],
)
def test_a_complaint_that_all_tunnels_contradict_is_past(line: str) -> None:
    assert whole(said(line)).status is Status.HEALTHY


def test_a_failure_of_another_peer_stays() -> None:
    line = said("%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.9 failed its sanity check or is malformed")
    diagnosis = whole(line)
    assert diagnosis.status is Status.CRITICAL
    assert diagnosis.verdict is not None
    assert (diagnosis.verdict.cause, diagnosis.verdict.peer) == ("ike.psk-mismatch", "192.0.2.9")


def test_a_line_that_says_why_explains_the_counter() -> None:
    line = said(
        "%CRYPTO-4-RECVD_PKT_INV_IDENTITY: identity doesn't match negotiated identity (ip) dest_addr= 10.1.1.1,"
        f" src_addr= 10.7.1.1, prot= 1 (ident) local= {HERE}, remote= {PEER}, local_proxy= 10.1.1.0/255.255.255.0/0/0"
    )
    diagnosis = whole(line, errors=250)
    assert diagnosis.status is Status.WARNING
    assert [f.cause for f in diagnosis.findings if f.severity is not Severity.INFO] == ["traffic.inner-mismatch"]


IKEV2 = f"""ASA# show crypto ikev2 sa

IKEv2 SAs:

Session-id:7, Status:UP-ACTIVE, IKE count:1, CHILD count:1

Tunnel-id                 Local                Remote     Status         Role
1401210005     {HERE}/500      {PEER}/500      READY    INITIATOR
      Encr: AES-CBC, keysize: 256, Hash: SHA256, DH Grp:19, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: 86400/12 sec
Child sa: local selector  10.1.0.0/0 - 10.1.255.255/65535
          remote selector 10.2.0.0/0 - 10.2.255.255/65535
          ESP spi in/out: 0x1e8b6b7a/0x5a0cb6a2
"""


@pytest.mark.parametrize(("kept", "status"), [("ESP", Status.HEALTHY), ("none", Status.UNKNOWN)])
def test_child_sas_below_the_ike_sa_show_that_phase_2_is_up(kept: str, status: Status) -> None:
    text = IKEV2 if kept == "ESP" else IKEV2.partition("Child sa")[0]
    transcript = Transcript(device="", platform=None, outputs=(CommandOutput(command="", text=text),))
    diagnosis = diagnose(assemble(transcript)[0])
    assert diagnosis.status is status
    if status is Status.HEALTHY:
        assert diagnosis.verdict is not None
        assert (diagnosis.verdict.cause, diagnosis.verdict.peer) == ("healthy", PEER)
        assert diagnosis.verdict.evidence
