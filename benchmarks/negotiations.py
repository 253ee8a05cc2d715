"""A log of many peers that negotiate and fail in every way, interleaved, of which every outcome is known.

Each scenario is what one device prints of one attempt: blocks of lines, each block being one packet handled or one
timer that ran out, as IKE processes print them. The blocks of all peers are shuffled together in the order of their
times.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Expected = tuple[str, str, str, str, str | None]
"""(phase, mode, role, outcome, cause) of an exchange."""
HERE = "192.0.2.1"


@dataclass(slots=True, kw_only=True)
class Line:
    """Who the attempt is with, and the numbers that this device gives it."""

    peer: str
    number: int
    session: int
    sa: int
    cookie: str = ""
    other: str = ""
    mid: int = 0
    blocks: list[list[str]] = field(default_factory=list)

    def say(self, text: str) -> None:
        """One block; `{peer}` and the like are filled in."""
        self.blocks.append(self.fill(text))

    def fill(self, text: str) -> list[str]:
        """A text with this attempt's names, as lines."""
        known = {
            "peer": self.peer,
            "here": HERE,
            "n": self.number,
            "session": self.session,
            "sa": self.sa,
            "cookie": self.cookie,
            "other": self.other,
            "mid": self.mid,
            "hex": f"{self.mid:08x}",
        }
        return [line for line in text.format(**known).split("\n") if line.strip()]


# ---------------------------------------------------------------------------------------------- IOS, IKEv1

_VENDORS = """
ISAKMP:({n0}): processing vendor id payload
ISAKMP:({n0}): vendor ID seems Unity/DPD but major 69 mismatch
ISAKMP:({n0}): vendor ID is NAT-T RFC 3947
ISAKMP:({n0}): processing vendor id payload
ISAKMP:({n0}): vendor ID seems Unity/DPD but major 123 mismatch
ISAKMP:({n0}): vendor ID is NAT-T v2
"""
_MM1_IN = """
ISAKMP (0): received packet from {peer} dport 500 sport 500 Global (N) NEW SA
ISAKMP: Created a peer struct for {peer}, peer port 500
ISAKMP: New peer created peer = 0x6500F3A8 peer_handle = 0x80000002
ISAKMP: Locking peer struct 0x6500F3A8, refcount 1 for crypto_isakmp_process_block
ISAKMP: local port 500, remote port 500
ISAKMP:(0):insert sa successfully sa = 651EE320
ISAKMP:(0):Input = IKE_MESG_FROM_PEER, IKE_MM_EXCH
ISAKMP:(0):Old State = IKE_READY  New State = IKE_R_MM1
ISAKMP:(0): processing SA payload. message ID = 0
""" + _VENDORS.strip("\n").replace("{n0}", "0")
_KEY_FOUND = """
ISAKMP:(0):found peer pre-shared key matching {peer}
ISAKMP:(0): local preshared key found
ISAKMP : Scanning profiles for xauth ...
"""


def _transform(number: int, priority: int, cipher: str, digest: str, group: int, verdict: str) -> str:
    return f"""
ISAKMP:(0):Checking ISAKMP transform {number} against priority {priority} policy
ISAKMP:      encryption {cipher}
ISAKMP:      keylength of 256
ISAKMP:      hash {digest}
ISAKMP:      default group {group}
ISAKMP:      auth pre-share
ISAKMP:      life type in seconds
ISAKMP:      life duration (VPI) of  0x0 0x1 0x51 0x80
{verdict}
"""


_ACCEPTABLE = "ISAKMP:(0):atts are acceptable. Next payload is 0"
_MM2_OUT = """
ISAKMP:(0):Acceptable atts:actual life: 86400
ISAKMP:(0): constructed NAT-T vendor-rfc3947 ID
ISAKMP:(0): sending packet to {peer} my_port 500 peer_port 500 (R) MM_SA_SETUP
ISAKMP:(0):Sending an IKE IPv4 Packet.
ISAKMP:(0):Input = IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE
ISAKMP:(0):Old State = IKE_R_MM1  New State = IKE_R_MM2
"""
_MM3_IN = """
ISAKMP (0): received packet from {peer} dport 500 sport 500 Global (R) MM_SA_SETUP
ISAKMP:(0):Input = IKE_MESG_FROM_PEER, IKE_MM_EXCH
ISAKMP:(0):Old State = IKE_R_MM2  New State = IKE_R_MM3
ISAKMP:(0): processing KE payload. message ID = 0
ISAKMP:(0): processing NONCE payload. message ID = 0
ISAKMP:(0):found peer pre-shared key matching {peer}
ISAKMP:({n}): processing vendor id payload
ISAKMP:({n}): vendor ID is DPD
ISAKMP:received payload type 20
ISAKMP ({n}): His hash no match - this node outside NAT
ISAKMP:received payload type 20
NATLINE
ISAKMP:({n}):Input = IKE_MESG_INTERNAL, IKE_PROCESS_MAIN_MODE
ISAKMP:({n}):Old State = IKE_R_MM3  New State = IKE_R_MM3
ISAKMP:({n}): sending packet to {peer} my_port 500 peer_port 500 (R) MM_KEY_EXCH
ISAKMP:({n}):Sending an IKE IPv4 Packet.
ISAKMP:({n}):Input = IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE
ISAKMP:({n}):Old State = IKE_R_MM3  New State = IKE_R_MM4
"""
_NO_NAT = "ISAKMP ({n}): No NAT Found for self or peer"
_NAT = "ISAKMP ({n}): NAT found, both nodes inside NAT"
_MM5_IN = """
ISAKMP ({n}): received packet from {peer} dport 500 sport 500 Global (R) MM_KEY_EXCH
ISAKMP:({n}):Input = IKE_MESG_FROM_PEER, IKE_MM_EXCH
ISAKMP:({n}):Old State = IKE_R_MM4  New State = IKE_R_MM5
ISAKMP:({n}): processing ID payload. message ID = 0
ISAKMP ({n}): ID payload
        next-payload : 8
        type         : 1
        address      : {peer}
        protocol     : 17
        port         : 500
        length       : 12
ISAKMP:(0):: peer matches *none* of the profiles
ISAKMP:({n}): processing HASH payload. message ID = 0
ISAKMP:({n}):SA authentication status:
        authenticated
ISAKMP:({n}):SA has been authenticated with {peer}
ISAKMP:({n}):SA is doing pre-shared key authentication using id type ID_IPV4_ADDR
ISAKMP:({n}): sending packet to {peer} my_port 500 peer_port 500 (R) MM_KEY_EXCH
ISAKMP:({n}):Input = IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE
ISAKMP:({n}):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE
"""
_QM1_IN = """
ISAKMP ({n}): received packet from {peer} dport 500 sport 500 Global (R) QM_IDLE
ISAKMP: set new node {mid} to QM_IDLE
ISAKMP:({n}): processing HASH payload. message ID = {mid}
ISAKMP:({n}): processing SA payload. message ID = {mid}
ISAKMP:({n}):Checking IPSec proposal 1
ISAKMP: transform 1, ESP_AES
ISAKMP:   attributes in transform:
ISAKMP:      encaps is 1 (Tunnel)
ISAKMP:      SA life type in seconds
ISAKMP:      SA life duration (basic) of 3600
ISAKMP:      SA life type in kilobytes
ISAKMP:      SA life duration (VPI) of  0x0 0x46 0x50 0x0
ISAKMP:      authenticator is HMAC-SHA256
ISAKMP:      key length is 256
ISAKMP:({n}):atts are acceptable.
IPSEC(validate_proposal_request): proposal part #1
IPSEC(validate_proposal_request): proposal part #1,
  (key eng. msg.) INBOUND local= {here}:0, remote= {peer}:0,
    local_proxy= 10.1.0.0/255.255.0.0/256/0,
    remote_proxy= 10.2.0.0/255.255.0.0/256/0,
    protocol= ESP, transform= NONE  (Tunnel),
    lifedur= 0s and 0kb,
    spi= 0x0(0), conn_id= 0, keysize= 256, flags= 0x0
"""
_P2_UP = """
ISAKMP:({n}): Creating IPSec SAs
        inbound SA from {peer} to {here} (f/i)  0/ 0
        (proxy 10.2.0.0 to 10.1.0.0)
        has spi 0x3CAAAEB7 and conn_id 0
        lifetime of 3600 seconds
        outbound SA from {here} to {peer} (f/i) 0/0
        (proxy 10.1.0.0 to 10.2.0.0)
        has spi  0x9A46ECAE and conn_id 0
ISAKMP:({n}):deleting node {mid} error FALSE reason "QM done (await)"
ISAKMP:({n}):Node {mid}, Input = IKE_MESG_FROM_PEER, IKE_QM_EXCH
ISAKMP:({n}):Old State = IKE_QM_R_QM2  New State = IKE_QM_PHASE2_COMPLETE
IPSEC(create_sa): sa created,
  (sa) sa_dest= {here}, sa_proto= 50,
    sa_spi= 0x3CAAAEB7(1017818807),
    sa_trans= esp-aes 256 esp-sha256-hmac , sa_conn_id= 2001
"""
UP, HERE_NO, PEER_NO, SILENT, GIVEN_UP = "up", "refused by this device", "refused by the peer", "no answer", "given up"
RESPONDER, INITIATOR = "responder", "initiator"


def _answer_main_mode(line: Line, *, nat: bool = False) -> None:
    line.say(_MM1_IN + _KEY_FOUND + _transform(1, 10, "AES-CBC", "SHA256", 14, _ACCEPTABLE) + _MM2_OUT)
    line.say(_MM3_IN.replace("NATLINE", _NAT if nat else _NO_NAT))


def ios_responder_up(line: Line) -> list[Expected]:
    """Main mode and quick mode, answered."""
    _answer_main_mode(line)
    line.say(_MM5_IN)
    line.say(_QM1_IN)
    line.say(_P2_UP)
    return [("1", "main", RESPONDER, UP, None), ("2", "quick", RESPONDER, UP, None)]


def ios_responder_second_transform(line: Line) -> list[Expected]:
    """The first transform is refused, the second accepted: no error."""
    refused = "ISAKMP:(0):Hash algorithm offered does not match policy!\nISAKMP:(0):atts are not acceptable. Next payload is 3"
    line.say(
        _MM1_IN
        + _KEY_FOUND
        + _transform(1, 10, "AES-CBC", "MD5", 14, refused)
        + _transform(2, 10, "AES-CBC", "SHA256", 14, _ACCEPTABLE)
        + _MM2_OUT
    )
    line.say(_MM3_IN.replace("NATLINE", _NO_NAT))
    line.say(_MM5_IN)
    return [("1", "main", RESPONDER, UP, None)]


def ios_responder_policy(line: Line) -> list[Expected]:
    """No transform suits."""
    refused = (
        "ISAKMP:(0):Diffie-Hellman group offered does not match policy!\n"
        "ISAKMP:(0):atts are not acceptable. Next payload is 0"
    )
    line.say(
        _MM1_IN
        + _KEY_FOUND
        + _transform(1, 10, "AES-CBC", "SHA256", 2, refused)
        + """
ISAKMP:(0):no offers accepted!
ISAKMP:(0): phase 1 SA policy not acceptable! (local {here} remote {peer})
ISAKMP (0): incrementing error counter on sa, attempt 1 of 5: construct_fail_ag_init
ISAKMP:(0): sending packet to {peer} my_port 500 peer_port 500 (R) MM_NO_STATE
ISAKMP:(0):peer does not do paranoid keepalives.
ISAKMP:(0):deleting SA reason "Phase1 SA policy proposal not accepted" state (R) MM_NO_STATE (peer {peer})
ISAKMP:(0):Input = IKE_MESG_INTERNAL, IKE_PROCESS_ERROR
ISAKMP:(0):Old State = IKE_R_MM1  New State = IKE_DEST_SA
"""
    )
    return [("1", "main", RESPONDER, HERE_NO, "ike.policy-mismatch")]


def ios_responder_no_key(line: Line) -> list[Expected]:
    """No key for the peer."""
    refused = (
        "ISAKMP:(0):Preshared authentication offered but does not match policy!\n"
        "ISAKMP:(0):atts are not acceptable. Next payload is 0"
    )
    line.say(
        _MM1_IN
        + "\nISAKMP:(0):No pre-shared key with {peer}!\n"
        + _transform(1, 10, "AES-CBC", "SHA256", 14, refused)
        + """
ISAKMP:(0):no offers accepted!
ISAKMP:(0): phase 1 SA policy not acceptable! (local {here} remote {peer})
ISAKMP:(0):deleting SA reason "Phase1 SA policy proposal not accepted" state (R) MM_NO_STATE (peer {peer})
ISAKMP:(0):Old State = IKE_R_MM1  New State = IKE_DEST_SA
"""
    )
    return [("1", "main", RESPONDER, HERE_NO, "ike.no-key-for-peer")]


def ios_responder_key_differs(line: Line) -> list[Expected]:
    """MM5 cannot be read."""
    _answer_main_mode(line)
    line.say(
        """
ISAKMP ({n}): received packet from {peer} dport 500 sport 500 Global (R) MM_KEY_EXCH
ISAKMP: reserved not zero on ID payload!
%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {peer} failed its sanity check or is malformed
ISAKMP ({n}): incrementing error counter on sa, attempt 1 of 5: reset_retransmission
"""
    )
    for attempt in (2, 3, 4, 5):
        line.say(
            f"""
ISAKMP:({{n}}): retransmitting phase 1 MM_KEY_EXCH...
ISAKMP ({{n}}): incrementing error counter on sa, attempt {attempt} of 5: retransmit phase 1
ISAKMP:({{n}}): sending packet to {{peer}} my_port 500 peer_port 500 (R) MM_KEY_EXCH
"""
        )
    line.say(
        """
ISAKMP:({n}):deleting SA reason "Death by retransmission P1" state (R) MM_KEY_EXCH (peer {peer})
ISAKMP:({n}):Old State = IKE_R_MM4  New State = IKE_DEST_SA
"""
    )
    return [("1", "main", RESPONDER, HERE_NO, "ike.psk-mismatch")]


def ios_responder_floated(line: Line) -> list[Expected]:
    """NAT on the path, and MM5 on UDP 4500 never comes."""
    _answer_main_mode(line, nat=True)
    for attempt in (1, 2, 3, 4, 5):
        line.say(
            f"""
ISAKMP:({{n}}): retransmitting phase 1 MM_KEY_EXCH...
ISAKMP ({{n}}): incrementing error counter on sa, attempt {attempt} of 5: retransmit phase 1
ISAKMP:({{n}}): sending packet to {{peer}} my_port 500 peer_port 500 (R) MM_KEY_EXCH
"""
        )
    line.say(
        """
ISAKMP:({n}):deleting SA reason "Death by retransmission P1" state (R) MM_KEY_EXCH (peer {peer})
ISAKMP:({n}):Old State = IKE_R_MM4  New State = IKE_DEST_SA
"""
    )
    return [("1", "main", RESPONDER, GIVEN_UP, "ike.nat-t")]


def ios_responder_proxies(line: Line) -> list[Expected]:
    """Phase 1 comes up; the proxy identities suit no crypto map entry."""
    _answer_main_mode(line)
    line.say(_MM5_IN)
    line.say(
        _QM1_IN
        + """
IPSEC(ipsec_process_proposal): proxy identities not supported
ISAKMP:({n}): IPSec policy invalidated proposal with error 32
ISAKMP:({n}): phase 2 SA policy not acceptable! (local {here} remote {peer})
ISAKMP: set new node 1495868456 to QM_IDLE
ISAKMP:({n}):Sending NOTIFY PROPOSAL_NOT_CHOSEN protocol 3
        spi 1713520976, message ID = 1495868456
ISAKMP:({n}): sending packet to {peer} my_port 500 peer_port 500 (R) QM_IDLE
ISAKMP:({n}):purging node 1495868456
ISAKMP:({n}):deleting node {mid} error TRUE reason "QM rejected"
ISAKMP:({n}):Node {mid}, Input = IKE_MESG_FROM_PEER, IKE_QM_EXCH
ISAKMP:({n}):Old State = IKE_QM_READY  New State = IKE_QM_READY
"""
    )
    return [("1", "main", RESPONDER, UP, None), ("2", "quick", RESPONDER, HERE_NO, "ipsec.proxy-id-mismatch")]


_MM1_OUT = """
ISAKMP:(0): SA request profile is (NULL)
ISAKMP: Created a peer struct for {peer}, peer port 500
ISAKMP: New peer created peer = 0x6500F3A8 peer_handle = 0x80000004
ISAKMP:(0):Can not start Aggressive mode, trying Main mode.
ISAKMP:(0):found peer pre-shared key matching {peer}
ISAKMP:(0): constructed NAT-T vendor-rfc3947 ID
ISAKMP:(0):Input = IKE_MESG_FROM_IPSEC, IKE_SA_REQ_MM
ISAKMP:(0):Old State = IKE_READY  New State = IKE_I_MM1
ISAKMP:(0): beginning Main Mode exchange
ISAKMP:(0): sending packet to {peer} my_port 500 peer_port 500 (I) MM_NO_STATE
ISAKMP:(0):Sending an IKE IPv4 Packet.
"""
_MM2_IN = (
    """
ISAKMP (0): received packet from {peer} dport 500 sport 500 Global (I) MM_NO_STATE
ISAKMP:(0):Input = IKE_MESG_FROM_PEER, IKE_MM_EXCH
ISAKMP:(0):Old State = IKE_I_MM1  New State = IKE_I_MM2
ISAKMP:(0): processing SA payload. message ID = 0
ISAKMP:(0):found peer pre-shared key matching {peer}
"""
    + _transform(1, 10, "AES-CBC", "SHA256", 14, _ACCEPTABLE).strip("\n")
    + """
ISAKMP:(0): sending packet to {peer} my_port 500 peer_port 500 (I) MM_SA_SETUP
ISAKMP:(0):Old State = IKE_I_MM2  New State = IKE_I_MM3
"""
)
_MM4_IN = """
ISAKMP (0): received packet from {peer} dport 500 sport 500 Global (I) MM_SA_SETUP
ISAKMP:(0):Old State = IKE_I_MM3  New State = IKE_I_MM4
ISAKMP:(0): processing KE payload. message ID = 0
ISAKMP:(0): processing NONCE payload. message ID = 0
ISAKMP:(0):found peer pre-shared key matching {peer}
ISAKMP:({n}): processing vendor id payload
ISAKMP:({n}): vendor ID is Unity
ISAKMP ({n}): His hash no match - this node outside NAT
ISAKMP ({n}): No NAT Found for self or peer
ISAKMP:({n}):Old State = IKE_I_MM4  New State = IKE_I_MM4
ISAKMP:({n}):Send initial contact
ISAKMP:({n}):SA is doing pre-shared key authentication using id type ID_IPV4_ADDR
ISAKMP:({n}): sending packet to {peer} my_port 500 peer_port 500 (I) MM_KEY_EXCH
ISAKMP:({n}):Old State = IKE_I_MM4  New State = IKE_I_MM5
"""
_MM6_IN = """
ISAKMP ({n}): received packet from {peer} dport 500 sport 500 Global (I) MM_KEY_EXCH
ISAKMP:({n}): processing ID payload. message ID = 0
ISAKMP:({n}): processing HASH payload. message ID = 0
ISAKMP:({n}):SA authentication status:
        authenticated
ISAKMP:({n}):SA has been authenticated with {peer}
ISAKMP:({n}):Old State = IKE_I_MM5  New State = IKE_I_MM6
ISAKMP:({n}):Input = IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE
ISAKMP:({n}):Old State = IKE_I_MM6  New State = IKE_P1_COMPLETE
ISAKMP:({n}):beginning Quick Mode exchange, M-ID of {mid}
ISAKMP:({n}):QM Initiator gets spi
ISAKMP:({n}): sending packet to {peer} my_port 500 peer_port 500 (I) QM_IDLE
ISAKMP:({n}):Node {mid}, Input = IKE_MESG_INTERNAL, IKE_INIT_QM
ISAKMP:({n}):Old State = IKE_QM_READY  New State = IKE_QM_I_QM1
"""


def _begin_main_mode(line: Line) -> None:
    line.say(_MM1_OUT)
    line.say(_MM2_IN)
    line.say(_MM4_IN)


def ios_initiator_up(line: Line) -> list[Expected]:
    """Main mode and quick mode, begun here."""
    _begin_main_mode(line)
    line.say(_MM6_IN)
    line.say(
        """
ISAKMP ({n}): received packet from {peer} dport 500 sport 500 Global (I) QM_IDLE
ISAKMP:({n}): processing HASH payload. message ID = {mid}
ISAKMP:({n}): processing SA payload. message ID = {mid}
ISAKMP:({n}):Checking IPSec proposal 1
ISAKMP: transform 1, ESP_AES
ISAKMP:      authenticator is HMAC-SHA256
ISAKMP:({n}):atts are acceptable.
"""
        + _P2_UP.strip("\n").replace("QM_R_QM2", "QM_I_QM1")
    )
    return [("1", "main", INITIATOR, UP, None), ("2", "quick", INITIATOR, UP, None)]


def ios_initiator_unanswered(line: Line) -> list[Expected]:
    """Nothing comes back."""
    line.say(_MM1_OUT)
    for attempt in (1, 2, 3, 4, 5):
        line.say(
            f"""
ISAKMP:(0): retransmitting phase 1 MM_NO_STATE...
ISAKMP (0): incrementing error counter on sa, attempt {attempt} of 5: retransmit phase 1
ISAKMP:(0): retransmitting phase 1 MM_NO_STATE
ISAKMP:(0): sending packet to {{peer}} my_port 500 peer_port 500 (I) MM_NO_STATE
"""
        )
    line.say(
        """
ISAKMP:(0):deleting SA reason "Death by retransmission P1" state (I) MM_NO_STATE (peer {peer})
ISAKMP:(0):Input = IKE_MESG_INTERNAL, IKE_PHASE1_DEL
ISAKMP:(0):Old State = IKE_I_MM1  New State = IKE_DEST_SA
"""
    )
    return [("1", "main", INITIATOR, SILENT, "ike.peer-unreachable")]


def ios_initiator_refused(line: Line) -> list[Expected]:
    """The peer refuses the first message."""
    line.say(_MM1_OUT)
    line.say(
        """
ISAKMP (0): received packet from {peer} dport 500 sport 500 Global (I) MM_NO_STATE
ISAKMP:(0):Notify has no hash. Rejected.
ISAKMP (0): Unknown Input IKE_MESG_FROM_PEER, IKE_INFO_NOTIFY:  state = IKE_I_MM1
ISAKMP:(0):Input = IKE_MESG_FROM_PEER, IKE_INFO_NOTIFY
ISAKMP:(0):Old State = IKE_I_MM1  New State = IKE_I_MM1
%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Informational mode failed with peer at {peer}
"""
    )
    return [("1", "main", INITIATOR, PEER_NO, "ike.policy-mismatch")]


def ios_initiator_key_differs(line: Line) -> list[Expected]:
    """MM5 is not answered; the peer repeats its MM4."""
    _begin_main_mode(line)
    for attempt in (1, 2, 3, 4, 5):
        line.say(
            f"""
ISAKMP ({{n}}): received packet from {{peer}} dport 500 sport 500 Global (I) MM_KEY_EXCH
ISAKMP:({{n}}): phase 1 packet is a duplicate of a previous packet.
ISAKMP:({{n}}): retransmitting due to retransmit phase 1
ISAKMP:({{n}}): retransmitting phase 1 MM_KEY_EXCH...
ISAKMP ({{n}}): incrementing error counter on sa, attempt {attempt} of 5: retransmit phase 1
ISAKMP:({{n}}): sending packet to {{peer}} my_port 500 peer_port 500 (I) MM_KEY_EXCH
"""
        )
    line.say(
        """
ISAKMP:({n}):deleting SA reason "Death by retransmission P1" state (I) MM_KEY_EXCH (peer {peer})
ISAKMP:({n}):Old State = IKE_I_MM5  New State = IKE_DEST_SA
"""
    )
    return [("1", "main", INITIATOR, GIVEN_UP, "ike.psk-mismatch")]


def ios_initiator_quick_mode_refused(line: Line) -> list[Expected]:
    """The peer refuses phase 2."""
    _begin_main_mode(line)
    line.say(_MM6_IN)
    line.say(
        """
ISAKMP ({n}): received packet from {peer} dport 500 sport 500 Global (I) QM_IDLE
ISAKMP: set new node 830722014 to QM_IDLE
ISAKMP:({n}): processing HASH payload. message ID = 830722014
ISAKMP:({n}): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3
        spi 2580023120, message ID = 830722014, sa = 0x651EE320
ISAKMP:({n}):deleting node 830722014 error FALSE reason "Informational (in) state 1"
ISAKMP:({n}):deleting node {mid} error TRUE reason "Delete Larval"
"""
    )
    return [("1", "main", INITIATOR, UP, None), ("2", "quick", INITIATOR, PEER_NO, "ipsec.transform-mismatch")]


def ios_initiator_keys_unanswered(line: Line) -> list[Expected]:
    """MM3 gets no answer."""
    line.say(_MM1_OUT)
    line.say(_MM2_IN)
    for turn in (1, 2, 3, 4, 5):
        line.say(
            f"""
ISAKMP:(0): retransmitting phase 1 MM_SA_SETUP...
ISAKMP (0): incrementing error counter on sa, attempt {turn} of 5: retransmit phase 1
ISAKMP:(0): sending packet to {{peer}} my_port 500 peer_port 500 (I) MM_SA_SETUP
"""
        )
    line.say(
        """
ISAKMP:(0):deleting SA reason "Death by retransmission P1" state (I) MM_SA_SETUP (peer {peer})
ISAKMP:(0):deleting SA reason "Death by retransmission P1" state (I) MM_SA_SETUP (peer {peer})
ISAKMP:(0):Old State = IKE_I_MM3  New State = IKE_DEST_SA
"""
    )
    return [("1", "main", INITIATOR, GIVEN_UP, "ike.negotiation-failed")]


def ios_initiator_quick_mode_unanswered(line: Line) -> list[Expected]:
    """Quick mode gets no answer."""
    _begin_main_mode(line)
    line.say(_MM6_IN)
    for turn in (1, 2, 3, 4, 5):
        line.say(
            f"""
ISAKMP:({{n}}): retransmitting phase 2 QM_IDLE       {{mid}} ...
ISAKMP ({{n}}): incrementing error counter on node, attempt {turn} of 5: retransmit phase 2
ISAKMP:({{n}}): sending packet to {{peer}} my_port 500 peer_port 500 (I) QM_IDLE
"""
        )
    line.say('ISAKMP:({n}):deleting node {mid} error TRUE reason "Phase 2 err count exceeded"')
    return [("1", "main", INITIATOR, UP, None), ("2", "quick", INITIATOR, SILENT, "ipsec.no-sa")]


def ios_peer_lost(line: Line) -> list[Expected]:
    """It comes up, and the peer falls silent."""
    ios_responder_up(line)
    for turn in (1, 2, 3, 4, 5):
        line.say(f"ISAKMP:({{n}}):DPD incrementing error counter ({turn}/5)")
    line.say(
        """
ISAKMP:({n}):peer {peer} not responding!
ISAKMP:({n}):peer does not do paranoid keepalives.
ISAKMP:({n}):deleting SA reason "P1 errcounter exceeded (PEERS_ALIVE_TIMER)" state (R) QM_IDLE       (peer {peer})
"""
    )
    return [
        ("1", "main", RESPONDER, UP, None),
        ("2", "quick", RESPONDER, UP, None),
        ("1", "unknown", RESPONDER, GIVEN_UP, "ike.dpd-peer-lost"),
    ]


# ---------------------------------------------------------------------------------------------- IOS, IKEv2

_S = "IKEv2:(SESSION ID = {session},SA ID = {sa}):"
_E = "IKEv2-ERROR:(SESSION ID = {session},SA ID = {sa}):"
_IN = "[From {peer}:500/To {here}:500/VRF i0:f0]"
_OUT = "[To {peer}:500/From {here}:500/VRF i0:f0]"


def _packet(way: str, exchange: str, kind: str, payloads: str, mid: int = 0, other: str = "{other}") -> str:
    where = _IN if way == "Received" else _OUT
    return f"""
{_S}{way} Packet {where}
Initiator SPI : {{cookie}} - Responder SPI : {other} Message id: {mid}
IKEv2 {exchange} Exchange {kind}
Payload contents:
 {payloads}
"""


_NATD = "SA KE N VID VID VID VID NOTIFY(NAT_DETECTION_SOURCE_IP) NOTIFY(NAT_DETECTION_DESTINATION_IP)"
_NONE = "0000000000000000"
_INIT_IN = (
    _packet("Received", "IKE_SA_INIT", "REQUEST", _NATD, other=_NONE)
    + f"""
{_S}Verify SA init message
{_S}Insert SA
{_S}Searching Policy with fvrf 0, local address {{here}}
{_S}Found Policy 'default'
{_S}Processing IKE_SA_INIT message
"""
)
_INIT_DONE = (
    f"""
{_S}[IKEv2 -> Crypto Engine] Computing DH public key, DH Group 19
IKEv2:(SA ID = {{sa}}):[Crypto Engine -> IKEv2] DH key Computation PASSED
{_S}Generating IKE_SA_INIT message
{_S}IKE Proposal: 1, SPI size: 0 (initial negotiation),
Num. transforms: 4
   AES-CBC   SHA256   SHA256   DH_GROUP_256_ECP/Group 19
"""
    + _packet("Sending", "IKE_SA_INIT", "RESPONSE", _NATD)
    + f"""
{_S}Completed SA init exchange
{_S}Starting timer (30 sec) to wait for auth message
"""
)
_AUTH_IN = (
    _packet("Received", "IKE_AUTH", "REQUEST", "VID IDi AUTH SA TSi TSr NOTIFY(INITIAL_CONTACT)", 1)
    + f"""
{_S}Stopping timer to wait for auth message
{_S}Checking NAT discovery
{_S}NAT not found
{_S}Searching policy based on peer's identity '{{peer}}' of type 'IPv4 address'
"""
)
_AUTH_CHECK = f"""
{_S}Verify peer's policy
{_S}Peer's policy verified
{_S}Get peer's authentication method
{_S}Peer's authentication method is 'PSK'
{_S}Get peer's preshared key for {{peer}}
{_S}Verify peer's authentication data
"""
_AUTH_OK = (
    f"""
{_S}Verification of peer's authenctication data PASSED
{_S}Get my authentication method
{_S}My authentication method is 'PSK'
{_S}Generating IKE_AUTH message
{_S}Constructing IDr payload: '{{here}}' of type 'IPv4 address'
"""
    + _packet("Sending", "IKE_AUTH", "RESPONSE", "ENCR", 1)
    + f"""
{_S}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started
{_S}Session with IKE ID PAIR ({{peer}}, {{here}}) is UP
"""
)
_LOADED = f"""
{_S}Load IPSEC key material
IKEv2:(SA ID = {{sa}}):[IKEv2 -> IPsec] Create IPsec SA into IPsec database
IKEv2:(SA ID = {{sa}}):[IPsec -> IKEv2] Creation of IPsec SA into IPsec database PASSED
"""
_V2_FAILED = f"""
{_S}Auth exchange failed
{_E}: Auth exchange failed
{_S}Abort exchange
{_S}Deleting SA
"""


def ikev2_responder_up(line: Line) -> list[Expected]:
    """IKE_SA_INIT and IKE_AUTH, answered."""
    line.say(_INIT_IN + _INIT_DONE)
    line.say(_AUTH_IN + _AUTH_CHECK + _AUTH_OK + _LOADED)
    return [("1", "IKE_AUTH", RESPONDER, UP, None), ("2", "IKE_AUTH", RESPONDER, UP, None)]


def ikev2_responder_policy(line: Line) -> list[Expected]:
    """No IKE proposal suits."""
    line.say(
        _INIT_IN
        + f"""
{_S}Failed to verify the proposed policies
{_E}Received Policies: : Failed to find a matching policyProposal 1:  AES-CBC-256 SHA512 SHA512 DH_GROUP_1024_MODP/Group 2
{_E}Expected Policies: : Failed to find a matching policyProposal 1:  AES-CBC-256 SHA512 SHA512 DH_GROUP_256_ECP/Group 19
{_E}: Failed to find a matching policy
"""
        + _packet("Sending", "IKE_SA_INIT", "RESPONSE", "NOTIFY(NO_PROPOSAL_CHOSEN)")
        + f"""
{_S}Failed SA init exchange
{_E}Initial exchange failed: Initial exchange failed
{_S}Abort exchange
{_S}Deleting SA
"""
    )
    return [("1", "IKE_SA_INIT", RESPONDER, HERE_NO, "ike.policy-mismatch")]


def ikev2_responder_key_differs(line: Line) -> list[Expected]:
    """The peer's proof does not fit our key."""
    line.say(_INIT_IN + _INIT_DONE)
    line.say(
        _AUTH_IN
        + _AUTH_CHECK
        + f"{_S}Verification of peer's authentication data FAILED\n"
        + f"{_E}: Failed to authenticate the IKE SA\n"
        + _packet("Sending", "IKE_AUTH", "RESPONSE", "NOTIFY(AUTHENTICATION_FAILED)", 1)
        + _V2_FAILED
    )
    return [("1", "IKE_AUTH", RESPONDER, HERE_NO, "ike.psk-mismatch")]


def ikev2_responder_selectors(line: Line) -> list[Expected]:
    """IKE is fine, the traffic selectors suit nothing."""
    line.say(_INIT_IN + _INIT_DONE)
    line.say(
        _AUTH_IN
        + _AUTH_CHECK
        + f"{_E}: There was no IPSEC policy found for received TS\n{_S}Sending TS unacceptable notify\n"
        + _AUTH_OK
    )
    return [
        ("1", "IKE_AUTH", RESPONDER, UP, None),
        ("2", "IKE_AUTH", RESPONDER, HERE_NO, "ipsec.proxy-id-mismatch"),
    ]


_INIT_OUT = (
    f"""
{_S}Searching Policy with fvrf 0, local address {{here}}
{_S}Found Policy 'default'
{_S}Generating IKE_SA_INIT message
{_S}IKE Proposal: 1, SPI size: 0 (initial negotiation),
Num. transforms: 4
   AES-CBC   SHA256   SHA256   DH_GROUP_256_ECP/Group 19
"""
    + _packet("Sending", "IKE_SA_INIT", "REQUEST", _NATD, other=_NONE)
    + f"""
{_S}Insert SA
"""
)


def ikev2_initiator_unanswered(line: Line) -> list[Expected]:
    """IKE_SA_INIT gets no answer."""
    line.say(_INIT_OUT)
    for _ in range(5):
        line.say(
            f"{_S}Retransmitting packet\n"
            + _packet("Sending", "IKE_SA_INIT", "REQUEST", _NATD, other=_NONE).strip("\n")
        )
    line.say(
        f"""
{_E}: Maximum number of retransmissions reached
{_S}Failed SA init exchange
{_E}Initial exchange failed: Initial exchange failed
{_S}Deleting SA
"""
    )
    return [("1", "IKE_SA_INIT", INITIATOR, SILENT, "ike.peer-unreachable")]


def ikev2_initiator_refused(line: Line) -> list[Expected]:
    """The peer refuses the IKE proposal."""
    line.say(_INIT_OUT)
    line.say(
        _packet("Received", "IKE_SA_INIT", "RESPONSE", "NOTIFY(NO_PROPOSAL_CHOSEN)")
        + f"""
{_S}Processing IKE_SA_INIT message
{_E}: Received no proposal chosen notify
{_S}Failed SA init exchange
{_E}Initial exchange failed: Initial exchange failed
{_S}Deleting SA
"""
    )
    return [("1", "IKE_SA_INIT", INITIATOR, PEER_NO, "ike.policy-mismatch")]


_INIT_ANSWERED = (
    _packet("Received", "IKE_SA_INIT", "RESPONSE", _NATD)
    + f"""
{_S}Processing IKE_SA_INIT message
{_S}Verify SA init message
{_S}Checking NAT discovery
{_S}NAT not found
{_S}Completed SA init exchange
{_S}Generate my authentication data
{_S}My authentication method is 'PSK'
{_S}Generating IKE_AUTH message
{_S}Constructing IDi payload: '{{here}}' of type 'IPv4 address'
{_S}ESP Proposal: 1, SPI size: 4 (IPSec negotiation),
Num. transforms: 3
   AES-CBC   SHA256   Don't use ESN
"""
    + _packet("Sending", "IKE_AUTH", "REQUEST", "ENCR", 1)
)


def ikev2_initiator_esp_refused(line: Line) -> list[Expected]:
    """The peer accepts IKE and refuses the ESP proposal: the IKE SA comes up, and goes again."""
    line.say(_INIT_OUT)
    line.say(_INIT_ANSWERED)
    line.say(
        _packet("Received", "IKE_AUTH", "RESPONSE", "VID IDr AUTH NOTIFY(NO_PROPOSAL_CHOSEN)", 1)
        + f"{_S}Process auth response notify\n"
        + _AUTH_CHECK.strip("\n")
        + f"""
{_S}Verification of peer's authenctication data PASSED
{_S}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started
{_S}Session with IKE ID PAIR ({{peer}}, {{here}}) is UP
{_S}Queuing IKE SA delete request reason: unknown
{_S}Sending DELETE INFO message for IPsec SA [SPI: 0xA153CF67]
{_S}Deleting SA
"""
    )
    return [
        ("1", "IKE_AUTH", INITIATOR, UP, None),
        ("2", "IKE_AUTH", INITIATOR, PEER_NO, "ipsec.transform-mismatch"),
    ]


def ikev2_initiator_not_believed(line: Line) -> list[Expected]:
    """The peer does not accept our proof."""
    line.say(_INIT_OUT)
    line.say(_INIT_ANSWERED)
    line.say(
        _packet("Received", "IKE_AUTH", "RESPONSE", "NOTIFY(AUTHENTICATION_FAILED)", 1)
        + f"{_S}Process auth response notify\n"
        + f"{_E}: Auth exchange failed\n{_S}Deleting SA"
    )
    return [("1", "IKE_AUTH", INITIATOR, PEER_NO, "ike.psk-mismatch")]


def ikev2_initiator_up(line: Line) -> list[Expected]:
    """IKE_SA_INIT and IKE_AUTH, begun here."""
    line.say(_INIT_OUT)
    line.say(_INIT_ANSWERED)
    line.say(
        _packet("Received", "IKE_AUTH", "RESPONSE", "VID IDr AUTH SA TSi TSr", 1)
        + _AUTH_CHECK.strip("\n")
        + f"""
{_S}Verification of peer's authenctication data PASSED
{_S}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started
{_S}Session with IKE ID PAIR ({{peer}}, {{here}}) is UP
"""
        + _LOADED
    )
    return [("1", "IKE_AUTH", INITIATOR, UP, None), ("2", "IKE_AUTH", INITIATOR, UP, None)]


def ikev2_initiator_auth_unanswered(line: Line) -> list[Expected]:
    """IKE_SA_INIT passes, IKE_AUTH on UDP 4500 gets no answer."""
    line.say(_INIT_OUT)
    line.say(_INIT_ANSWERED.replace("NAT not found", "NAT INSIDE found"))
    for _ in range(5):
        line.say(f"{_S}Retransmitting packet\n" + _packet("Sending", "IKE_AUTH", "REQUEST", "ENCR", 1).strip("\n"))
    line.say(
        f"""
{_E}: Maximum number of retransmissions reached
{_S}Auth exchange failed
{_E}: Auth exchange failed
{_S}Deleting SA
"""
    )
    return [("1", "IKE_AUTH", INITIATOR, GIVEN_UP, "ike.nat-t")]


def ikev2_responder_profile(line: Line) -> list[Expected]:
    """No profile matches the peer's identity."""
    line.say(_INIT_IN + _INIT_DONE)
    line.say(
        _AUTH_IN
        + f"""
IKEv2-ERROR:% IKEv2 profile not found
{_E}: Failed to locate an item in the database
{_S}Verification of peer's authentication data FAILED
{_S}Sending authentication failure notify
"""
        + _V2_FAILED
    )
    return [("1", "IKE_AUTH", RESPONDER, HERE_NO, "ike.identity-mismatch")]


def ikev2_rekey_refused(line: Line) -> list[Expected]:
    """It comes up; at the rekey the peer refuses, and later refuses again."""
    ikev2_responder_up(line)
    line.say(
        f"{_S}Generating CREATE_CHILD_SA message\n"
        + _packet("Sending", "CREATE_CHILD_SA", "REQUEST", "ENCR", 2).strip("\n")
    )
    line.say(
        _packet("Received", "CREATE_CHILD_SA", "RESPONSE", "NOTIFY(NO_PROPOSAL_CHOSEN)", 2)
        + f"{_E}: Received no proposal chosen notify\n{_E}: Create child exchange failed"
    )
    return [
        ("1", "IKE_AUTH", RESPONDER, UP, None),
        ("2", "IKE_AUTH", RESPONDER, UP, None),
        ("2", "CREATE_CHILD_SA", INITIATOR, PEER_NO, "ipsec.pfs-mismatch"),
    ]


# ---------------------------------------------------------------------------------------------- ASA, IKEv1

_P = "[IKEv1]: IP = {peer}, "
_D = "[IKEv1 DEBUG]: IP = {peer}, "
_G = "[IKEv1]: Group = {peer}, IP = {peer}, "
_GD = "[IKEv1 DEBUG]: Group = {peer}, IP = {peer}, "
_ASA_MM1_IN = f"""
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + SA (1) + VENDOR (13) + NONE (0) total length : 132
{_D}processing SA payload
"""
_ASA_ACCEPT = f"""
{_D}Oakley proposal is acceptable
{_D}processing VID payload
{_D}Received NAT-Traversal ver 02 VID
{_D}processing IKE SA payload
{_D}IKE SA Proposal # 1, Transform # 1 acceptable  Matches global IKE entry # 1
{_D}constructing ISAKMP SA payload
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + SA (1) + VENDOR (13) + NONE (0) total length : 108
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + KE (4) + NONCE (10) + VENDOR (13) + NONE (0) total length : 284
{_D}processing ke payload
{_D}processing nonce payload
{_P}Connection landed on tunnel_group {{peer}}
{_GD}Generating keys for Responder...
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + KE (4) + NONCE (10) + VENDOR (13) + NONE (0) total length : 284
"""
_ASA_P1_UP = f"""
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + ID (5) + HASH (8) + NONE (0) total length : 64
{_GD}processing ID payload
{_GD}ID_IPV4_ADDR ID received
{_G}Automatic NAT Detection Status:     Remote end is NOT behind a NAT device     This   end is NOT behind a NAT device
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + ID (5) + HASH (8) + VENDOR (13) + NONE (0) total length : 84
{_G}PHASE 1 COMPLETED
{_P}Keep-alive type for this connection: DPD
"""
_ASA_QM_IN = f"""
{_P}IKE_DECODE RECEIVED Message (msgid={{hex}}) with payloads : HDR + HASH (8) + SA (1) + NONCE (10) + ID (5) + ID (5) + NONE (0) total length : 180
{_GD}processing hash payload
{_GD}processing SA payload
{_G}Received remote IP Proxy Subnet data in ID Payload:   Address 10.2.0.0, Mask 255.255.0.0, Protocol 0, Port 0
{_G}Received local IP Proxy Subnet data in ID Payload:   Address 10.1.0.0, Mask 255.255.0.0, Protocol 0, Port 0
"""
_ASA_DOWN = f"""
{_GD}IKE SA MM:1f3a77c0 terminating:  flags 0x0100c002, refcnt 0, tuncnt 0
{_GD}sending delete/delete with reason message
{_G}Removing peer from peer table failed, no match!
{_G}Error: Unable to remove PeerTblEntry
"""


def asa_responder_up(line: Line) -> list[Expected]:
    """Main mode and quick mode, answered."""
    line.say(_ASA_MM1_IN + _ASA_ACCEPT)
    line.say(_ASA_P1_UP)
    line.say(
        _ASA_QM_IN
        + f"""
{_GD}IPSec SA Proposal # 1, Transform # 1 acceptable  Matches global IPSec SA entry # 1
{_P}IKE_DECODE SENDING Message (msgid={{hex}}) with payloads : HDR + HASH (8) + SA (1) + NONCE (10) + ID (5) + ID (5) + NONE (0) total length : 152
{_P}IKE_DECODE RECEIVED Message (msgid={{hex}}) with payloads : HDR + HASH (8) + NONE (0) total length : 52
{_G}Security negotiation complete for LAN-to-LAN Group ({{peer}})  Responder, Inbound SPI = 0x9f12c3a4, Outbound SPI = 0x3c1d55e0
{_G}PHASE 2 COMPLETED (msgid={{hex}})
"""
    )
    return [("1", "main", RESPONDER, UP, None), ("2", "quick", RESPONDER, UP, None)]


def asa_responder_policy(line: Line) -> list[Expected]:
    """No phase 1 proposal suits."""
    line.say(
        _ASA_MM1_IN
        + f"""
{_P}Phase 1 failure:  Mismatched attribute types for class Group Description:  Rcv'd: Group 5  Cfg'd: Group 2
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + NOTIFY (11) + NONE (0) total length : 100
{_D}All SA proposals found unacceptable
{_P}Error processing payload: Payload ID: 1
{_D}IKE MM Responder FSM error history (struct &0xd8f1c1c0)  <state>, <event>:  MM_DONE, EV_ERROR-->MM_START, EV_RCV_MSG
{_D}IKE SA MM:c10a1b40 terminating:  flags 0x01000002, refcnt 0, tuncnt 0
{_D}sending delete/delete with reason message
{_P}Removing peer from peer table failed, no match!
{_P}Error: Unable to remove PeerTblEntry
"""
    )
    return [("1", "main", RESPONDER, HERE_NO, "ike.policy-mismatch")]


def asa_responder_key_differs(line: Line) -> list[Expected]:
    """MM5 cannot be read."""
    line.say(_ASA_MM1_IN + _ASA_ACCEPT)
    line.say(
        f"""
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + ID (5) + HASH (8) + NONE (0) total length : 68
{_G}Received encrypted Oakley Main Mode packet with invalid payloads, MessID = 0
{_G}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + NOTIFY (11) + NONE (0) total length : 124
{_G}ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.  Aborting
"""
        + _ASA_DOWN
    )
    return [("1", "main", RESPONDER, HERE_NO, "ike.psk-mismatch")]


def asa_responder_no_crypto_map(line: Line) -> list[Expected]:
    """Phase 1 comes up, no crypto map entry for what is asked."""
    line.say(_ASA_MM1_IN + _ASA_ACCEPT)
    line.say(_ASA_P1_UP)
    line.say(
        _ASA_QM_IN
        + f"""
{_G}Static Crypto Map check, map = outside_map, seq = 1, ACL does not match proxy IDs src:10.2.0.0 dst:10.1.0.0
{_G}Tunnel rejected: Crypto Map Policy not found for Src:10.2.0.0, Dst: 10.1.0.0!
{_G}Rejecting IPSec tunnel: no matching crypto map entry for remote proxy 10.2.0.0/255.255.0.0/0/0 local proxy 10.1.0.0/255.255.0.0/0/0 on interface outside
{_GD}sending notify message
{_G}QM FSM error (P2 struct &0xcc19ed48, mess id 0x{{hex}})!
{_GD}IKE QM Responder FSM error history (struct &0xcc19ed48)  <state>, <event>:  QM_DONE, EV_ERROR-->QM_BLD_MSG2, EV_NEGO_SA
{_G}Removing peer from correlator table failed, no match!
{_G}Session is being torn down. Reason: crypto map policy not found
"""
    )
    return [("1", "main", RESPONDER, UP, None), ("2", "quick", RESPONDER, HERE_NO, "ipsec.no-matching-crypto-map")]


_ASA_MM1_OUT = f"""
{_P}IKE Initiator: New Phase 1, Intf inside, IKE Peer {{peer}}  local Proxy Address 10.1.0.0, remote Proxy Address 10.2.0.0,  Crypto map (outside_map)
{_D}constructing ISAKMP SA payload
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + SA (1) + VENDOR (13) + NONE (0) total length : 168
"""


def asa_initiator_unanswered(line: Line) -> list[Expected]:
    """Nothing comes back."""
    line.say(_ASA_MM1_OUT)
    for _ in range(3):
        line.say(
            f"{_P}IKE_DECODE RESENDING Message (msgid=0) with payloads : HDR + SA (1) + VENDOR (13) + NONE (0) total length : 168"
        )
    line.say(
        f"""
{_D}IKE MM Initiator FSM error history (struct &0xd8f1c1c0)  <state>, <event>:  MM_DONE, EV_ERROR-->MM_WAIT_MSG2, EV_RETRY-->MM_WAIT_MSG2, EV_TIMEOUT
{_D}IKE SA MM:9bfc0e3a terminating:  flags 0x01000022, refcnt 0, tuncnt 0
{_D}sending delete/delete with reason message
{_P}Removing peer from peer table failed, no match!
"""
    )
    return [("1", "main", INITIATOR, SILENT, "ike.peer-unreachable")]


def asa_initiator_refused(line: Line) -> list[Expected]:
    """The peer refuses phase 1."""
    line.say(_ASA_MM1_OUT)
    line.say(
        f"""
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + NOTIFY (11) + NONE (0) total length : 96
{_P}Received an un-encrypted NO_PROPOSAL_CHOSEN notify message, dropping
{_P}Information Exchange processing failed
{_D}IKE SA MM:7732aa01 terminating:  flags 0x01000022, refcnt 0, tuncnt 0
"""
    )
    return [("1", "main", INITIATOR, PEER_NO, "ike.policy-mismatch")]


def asa_initiator_key_differs(line: Line) -> list[Expected]:
    """MM5 is not answered."""
    line.say(_ASA_MM1_OUT)
    line.say(
        f"""
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + SA (1) + VENDOR (13) + NONE (0) total length : 108
{_D}processing SA payload
{_D}Oakley proposal is acceptable
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + KE (4) + NONCE (10) + VENDOR (13) + NONE (0) total length : 284
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + KE (4) + NONCE (10) + VENDOR (13) + NONE (0) total length : 284
{_P}Connection landed on tunnel_group {{peer}}
{_GD}Generating keys for Initiator...
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + ID (5) + HASH (8) + VENDOR (13) + NONE (0) total length : 84
"""
    )
    for _ in range(3):
        line.say(
            f"{_P}IKE_DECODE RESENDING Message (msgid=0) with payloads : HDR + ID (5) + HASH (8) + VENDOR (13) + NONE (0) total length : 84"
        )
    line.say(
        f"""
{_GD}IKE MM Initiator FSM error history (struct &0xd8f1c1c0)  <state>, <event>:  MM_DONE, EV_ERROR-->MM_WAIT_MSG6, EV_TIMEOUT-->MM_WAIT_MSG6, NullEvent
"""
        + _ASA_DOWN
    )
    return [("1", "main", INITIATOR, GIVEN_UP, "ike.psk-mismatch")]


def asa_initiator_quick_mode_refused(line: Line) -> list[Expected]:
    """The peer refuses phase 2."""
    line.say(_ASA_MM1_OUT)
    line.say(
        f"""
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + SA (1) + VENDOR (13) + NONE (0) total length : 108
{_D}Oakley proposal is acceptable
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + KE (4) + NONCE (10) + NONE (0) total length : 284
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + KE (4) + NONCE (10) + NONE (0) total length : 284
{_P}IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + ID (5) + HASH (8) + NONE (0) total length : 84
{_P}IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + ID (5) + HASH (8) + NONE (0) total length : 64
{_G}PHASE 1 COMPLETED
{_GD}IKE Initiator starting QM: msg id = {{hex}}
{_P}IKE_DECODE SENDING Message (msgid={{hex}}) with payloads : HDR + HASH (8) + SA (1) + NONCE (10) + ID (5) + ID (5) + NONE (0) total length : 196
"""
    )
    line.say(
        f"""
{_P}IKE_DECODE RECEIVED Message (msgid=5f0d1b22) with payloads : HDR + HASH (8) + NOTIFY (11) + NONE (0) total length : 68
{_GD}processing notify payload
{_G}Received non-routine Notify message: No proposal chosen (14)
{_G}QM FSM error (P2 struct &0x4e3b2d8, mess id 0x{{hex}})!
{_GD}IKE QM Initiator FSM error history (struct &0x4e3b2d8)  <state>, <event>:  QM_DONE, EV_ERROR-->QM_WAIT_MSG2, EV_TIMEOUT
{_G}Removing peer from correlator table failed, no match!
"""
        + _ASA_DOWN
    )
    return [
        ("1", "main", INITIATOR, UP, None),
        ("2", "quick", INITIATOR, PEER_NO, "ipsec.transform-mismatch"),
    ]


# ---------------------------------------------------------------------------------------------- ASA, IKEv2

_A = "IKEv2-PROTO-4: ({sa}): "
_AE = "IKEv2-PROTO-1: ({sa}): "


def _asa_packet(way: str, exchange: str, kind: str, mid: int = 0, other: str = "{other}") -> str:
    where = _IN if way == "Received" else _OUT
    return f"""
{_A}{way} Packet {where}
{_A}Initiator SPI : {{cookie}} - Responder SPI : {other} Message id: {mid}
{_A}IKEv2 {exchange} Exchange {kind}
IKEv2-PROTO-5: ({{sa}}): Next payload: SA, version: 2.0
"""


_ASA_INIT_IN = _asa_packet("Received", "IKE_SA_INIT", "REQUEST", other=_NONE)
_ASA_INIT_OUT = _asa_packet("Sending", "IKE_SA_INIT", "RESPONSE")
_ASA_AUTH_IN = _asa_packet("Received", "IKE_AUTH", "REQUEST", 1)
_ASA_AUTH_OUT = _asa_packet("Sending", "IKE_AUTH", "RESPONSE", 1)


def asa_ikev2_responder_up(line: Line) -> list[Expected]:
    """IKEv2 on the firewall, answered."""
    line.say(_ASA_INIT_IN + _ASA_INIT_OUT)
    line.say(
        _ASA_AUTH_IN
        + f"""
{_A}Peer's authentication method is 'PSK'
{_A}Verification of peer's authentication data PASSED
"""
        + _ASA_AUTH_OUT
        + f"""
{_A}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started
{_A}Session with IKE ID PAIR ({{peer}}, {{here}}) is UP
{_A}Load IPSEC key material
"""
    )
    return [("1", "IKE_AUTH", RESPONDER, UP, None), ("2", "IKE_AUTH", RESPONDER, UP, None)]


def asa_ikev2_responder_policy(line: Line) -> list[Expected]:
    """IKEv2 on the firewall: no IKE proposal suits."""
    line.say(
        _ASA_INIT_IN
        + f"""
IKEv2-PROTO-5: ({{sa}}): Failed to verify the proposed policies
{_AE}Failed to find a matching policy
{_AE}Received Policies:
Proposal 1:  AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2
{_AE}Failed to find a matching policy
{_AE}Expected Policies:
Proposal 1:  AES-CBC-256 SHA384 SHA384 DH_GROUP_2048_MODP_256_PRIME/Group 24
{_AE}Failed to find a matching policy
{_A}Failed SA init exchange
{_AE}Initial exchange failed: Initial exchange failed
{_A}Deleting SA
"""
    )
    return [("1", "IKE_SA_INIT", RESPONDER, HERE_NO, "ike.policy-mismatch")]


def asa_ikev2_responder_key_differs(line: Line) -> list[Expected]:
    """IKEv2 on the firewall: the keys differ."""
    line.say(_ASA_INIT_IN + _ASA_INIT_OUT)
    line.say(
        _ASA_AUTH_IN
        + f"""
{_AE}Failed to authenticate the IKE SA
{_A}Verify auth failed
{_A}Sending authentication failure notify
"""
        + _ASA_AUTH_OUT
        + f"""
{_A}Auth exchange failed
{_A}Deleting SA
"""
    )
    return [("1", "IKE_AUTH", RESPONDER, HERE_NO, "ike.psk-mismatch")]


# ---------------------------------------------------------------------------------------------- PIX 6

_BLOCK = """
crypto_isakmp_process_block:src:{peer}, dest:{here} spt:500 dpt:500
"""
_PIX_MM1 = (
    _BLOCK
    + """
OAK_MM exchange
ISAKMP (0): processing SA payload. message ID = 0
ISAKMP (0): Checking ISAKMP transform 1 against priority 10 policy
ISAKMP:      encryption 3DES-CBC
ISAKMP:      hash MD5
ISAKMP:      default group 2
ISAKMP:      auth pre-share
"""
)
_PIX_ACCEPT = """
ISAKMP (0): atts are acceptable. Next payload is 0
ISAKMP (0): SA is doing pre-shared key authentication using id type ID_IPV4_ADDR
return status is IKMP_NO_ERROR
"""
_PIX_MM3 = (
    _BLOCK
    + """
OAK_MM exchange
ISAKMP (0): processing KE payload. message ID = 0
ISAKMP (0): processing NONCE payload. message ID = 0
return status is IKMP_NO_ERROR
"""
)
_PIX_MM5 = (
    _BLOCK
    + """
OAK_MM exchange
ISAKMP (0): processing ID payload. message ID = 0
"""
)


def pix_responder_up(line: Line) -> list[Expected]:
    """Main mode and quick mode on PIX 6."""
    line.say(_PIX_MM1 + _PIX_ACCEPT)
    line.say(_PIX_MM3)
    line.say(
        _PIX_MM5
        + """
ISAKMP (0): processing HASH payload. message ID = 0
ISAKMP (0): SA has been authenticated
return status is IKMP_NO_ERROR
"""
    )
    line.say(
        _BLOCK
        + """
OAK_QM exchange
oakley_process_quick_mode:
OAK_QM_IDLE
ISAKMP (0): processing SA payload. message ID = {mid}
ISAKMP : Checking IPSec proposal 1
ISAKMP: transform 1, ESP_3DES
ISAKMP:   attributes in transform:
ISAKMP:      authenticator is HMAC-MD5
ISAKMP (0): atts are acceptable.
return status is IKMP_NO_ERROR
"""
    )
    line.say(
        _BLOCK
        + """
OAK_QM exchange
oakley_process_quick_mode:
OAK_QM_AUTH_AWAIT
ISAKMP (0): Creating IPSec SAs
        inbound SA from {peer} to {here} (proxy 10.2.0.0 to 10.1.0.0)
        has spi 3576885181 and conn_id 2 and flags 4
"""
    )
    return [("1", "main", RESPONDER, UP, None), ("2", "quick", RESPONDER, UP, None)]


def pix_responder_policy(line: Line) -> list[Expected]:
    """No policy of PIX 6 suits."""
    line.say(
        _PIX_MM1
        + """
ISAKMP (0): atts are not acceptable. Next payload is 0
ISAKMP (0): no offers accepted!
ISAKMP (0): SA not acceptable!
return status is IKMP_ERR_TRANS
"""
    )
    return [("1", "main", RESPONDER, HERE_NO, "ike.policy-mismatch")]


def pix_responder_key_differs(line: Line) -> list[Expected]:
    """MM5 cannot be read by PIX 6."""
    line.say(_PIX_MM1 + _PIX_ACCEPT)
    line.say(_PIX_MM3)
    line.say(
        _PIX_MM5
        + """
ISAKMP: reserved not zero on payload 5!
ISAKMP: malformed payload
return status is IKMP_ERR_NO_RETRANS
"""
    )
    return [("1", "main", RESPONDER, HERE_NO, "ike.psk-mismatch")]


Scenario = Callable[[Line], list[Expected]]
IOS: tuple[Scenario, ...] = (
    ios_responder_up,
    ios_responder_second_transform,
    ios_responder_policy,
    ios_responder_no_key,
    ios_responder_key_differs,
    ios_responder_floated,
    ios_responder_proxies,
    ios_initiator_up,
    ios_initiator_unanswered,
    ios_initiator_refused,
    ios_initiator_key_differs,
    ios_initiator_keys_unanswered,
    ios_initiator_quick_mode_refused,
    ios_initiator_quick_mode_unanswered,
    ios_peer_lost,
)
IKEV2: tuple[Scenario, ...] = (
    ikev2_responder_up,
    ikev2_responder_policy,
    ikev2_responder_key_differs,
    ikev2_responder_selectors,
    ikev2_initiator_unanswered,
    ikev2_initiator_refused,
    ikev2_initiator_esp_refused,
    ikev2_initiator_not_believed,
    ikev2_initiator_up,
    ikev2_initiator_auth_unanswered,
    ikev2_responder_profile,
    ikev2_rekey_refused,
)
ASA: tuple[Scenario, ...] = (
    asa_responder_up,
    asa_responder_policy,
    asa_responder_key_differs,
    asa_responder_no_crypto_map,
    asa_initiator_unanswered,
    asa_initiator_refused,
    asa_initiator_key_differs,
    asa_initiator_quick_mode_refused,
)
ASA_IKEV2: tuple[Scenario, ...] = (asa_ikev2_responder_up, asa_ikev2_responder_policy, asa_ikev2_responder_key_differs)
PIX: tuple[Scenario, ...] = (pix_responder_up, pix_responder_policy, pix_responder_key_differs)
DIALECTS = (IOS, IKEV2, ASA, ASA_IKEV2, PIX)


@dataclass(slots=True, kw_only=True)
class Story:
    """A log and what is in it: for each peer its exchanges, in the order in which they began."""

    lines: list[str]
    expected: dict[str, list[Expected]]


def tell(size: int, peers: int = 50, seed: int = 1) -> Story:
    """A log of about this many bytes."""
    rng = random.Random(seed)
    expected: dict[str, list[Expected]] = defaultdict(list)
    numbers, sessions = count(1001), count(1)
    speakers = [_speaker(index, rng, numbers, sessions, expected) for index in range(peers)]
    lines: list[str] = []
    written, milliseconds = 0, 0

    def write(block: list[str]) -> int:
        stamp = _stamp(milliseconds)
        printed = [text if text.startswith(_UNSTAMPED) else f"{stamp}: {text}" for text in block]
        lines.extend(printed)
        return sum(map(len, printed)) + len(printed)

    while written < size:
        milliseconds += rng.randrange(5, 120)
        written += write(next(speakers[rng.randrange(peers)]))
    for speaker in speakers:  # what was begun is told to its end
        for block in speaker:
            if not block:
                break
            write(block)
    return Story(lines=lines, expected=dict(expected))


_UNSTAMPED = (" ", "Initiator SPI", "IKEv2 ", "Payload", "Num. ", "Proposal ")
"""How the further lines of a message begin that has several."""


def _stamp(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    day = 1 + seconds // 86400 % 28
    return f"*Mar {day:2} {seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds % 1000:03}"


def attempt(rng: random.Random, *, peer: str, number: int, session: int, sa: int) -> Line:
    """A line that has nothing said yet."""
    return Line(
        peer=peer,
        number=number,
        session=session,
        sa=sa,
        cookie=f"{rng.getrandbits(64):016X}",
        other=f"{rng.getrandbits(64):016X}",
        mid=rng.getrandbits(31),
    )


def _speaker(
    index: int, rng: random.Random, numbers: Iterator[int], sessions: Iterator[int], expected: dict[str, list[Expected]]
) -> Iterator[list[str]]:
    """The blocks of one peer, attempt after attempt; an empty one where an attempt has ended."""
    peer = f"198.51.{100 + index // 250}.{1 + index % 250}"
    dialect = DIALECTS[index % len(DIALECTS)]
    while True:
        scenario = rng.choice(dialect)
        line = attempt(rng, peer=peer, number=next(numbers), session=next(sessions), sa=1 + index)
        expected[peer] += scenario(line)
        yield from line.blocks
        yield []
