"""Each message of the source document, alone, in every form in which it reaches somebody: cause, section, remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.diagnose.message_variants import VARIANTS

from vpn_check.diagnose.catalogue import catalogue
from vpn_check.jobs.analyze import analyze

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

    from vpn_check.diagnose.signature import Signature

MESSAGES: list[tuple[str, str, str, str]] = [
    (
        "S8",
        "%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed connection id=#.",
        "traffic.replay",
        "window-size",
    ),
    (
        "S8",
        (
            "%CRYPTO-4-PKT_REPLAY_ERR: decrypt: replay check failed\n"
            " connection id=529, sequence number=23"
        ),
        "traffic.replay",
        "window-size",
    ),
    (
        "S9",
        "QM FSM error",
        "ipsec.proxy-id-mismatch",
        "show run crypto map",
    ),
    (
        "S9",
        (
            "%ASA-3-713902: Group = 192.0.2.7, IP = 192.0.2.7, QM FSM error (P2 struct &0x7fff33763a70, "
            "mess id 0x2c44)!"
        ),
        "ipsec.proxy-id-mismatch",
        "show run crypto map",
    ),
    (
        "S10",
        "IPSEC(validate_proposal): invalid local address 10.2.0.2",
        "ipsec.local-address-invalid",
        "show crypto map",
    ),
    (
        "S11",
        (
            "1d00H:%CRPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.1 failed its\n"
            " sanity check or is malformed"
        ),
        "ike.psk-mismatch",
        "show crypto isakmp key",
    ),
    (
        "S11",
        (
            "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.1 failed its sanity check or is "
            "malformed"
        ),
        "ike.psk-mismatch",
        "show crypto isakmp key",
    ),
    (
        "S12",
        (
            "1d00h: %CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main Mode failed with\n"
            "peer at 198.51.100.1"
        ),
        "ike.policy-mismatch",
        "show crypto isakmp policy",
    ),
    (
        "S12",
        "%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main mode failed with peer at 198.51.100.1",
        "ike.policy-mismatch",
        "show crypto isakmp policy",
    ),
    (
        "S12",
        "1d00h: ISAKMP (0:1); no offers accepted!",
        "ike.policy-mismatch",
        "show crypto isakmp policy",
    ),
    (
        "S12",
        "ISAKMP (0:1): phase 1 SA not acceptable!",
        "ike.policy-mismatch",
        "show crypto isakmp policy",
    ),
    (
        "S13",
        "1d00h: IPSec(validate_transform_proposal): proxy identities not supported",
        "ipsec.proxy-id-mismatch",
        "show crypto map",
    ),
    (
        "S14",
        (
            "1d00h: IPSec (validate_proposal): transform proposal\n"
            "   (port 3, trans 2, hmac_alg 2) not supported"
        ),
        "ipsec.transform-mismatch",
        "show crypto ipsec transform-set",
    ),
    (
        "S15",
        (
            "1d00h: ISAKMP: No cert, and no keys (public or pre-shared) with\n"
            "remote peer 198.51.100.2"
        ),
        "ike.no-key-for-peer",
        "show crypto isakmp key",
    ),
    (
        "S16",
        (
            "20:44:44: IPSEC(validate_transform_proposal):\n"
            "   peer address 198.51.100.6 not found"
        ),
        "ipsec.crypto-map-order",
        "show crypto map",
    ),
    (
        "S17",
        (
            "%PIX|ASA-4-402101: decaps: recd IPSEC packet has\n"
            "invalid spi for destaddr=dest_address, prot=protocol, spi=number"
        ),
        "traffic.invalid-spi",
        "show crypto ipsec sa",
    ),
    (
        "S17",
        (
            "%PIX-4-402101: decaps: rec'd IPSEC packet has invalid spi for destaddr= 192.0.2.1, prot= "
            "ESP, spi= 0x1A2B"
        ),
        "traffic.invalid-spi",
        "show crypto ipsec sa",
    ),
    (
        "S18",
        "21:57:57: IPSEC(initialize_sas): invalid proxy IDs",
        "ipsec.proxy-id-mismatch",
        "show crypto map",
    ),
    (
        "S19",
        "reserved not zero on payload 5",
        "ike.psk-mismatch",
        "show crypto isakmp key",
    ),
    (
        "S19",
        "ISAKMP (0:1): reserved not zero on ID payload!",
        "ike.psk-mismatch",
        "show crypto isakmp key",
    ),
    (
        "S20",
        "ISAKMP (0:1): Hash algorithm offered does not match policy!",
        "ike.policy-mismatch",
        "show crypto isakmp policy",
    ),
    (
        "S20",
        "ISAKMP (0:1): Encryption algorithm offered does not match policy!",
        "ike.policy-mismatch",
        "show crypto isakmp policy",
    ),
    (
        "S21",
        (
            "Sep 22 11:02:39: %MOTCR-1-PKTENGRET_ERROR: MOTCR PktEng Return Value = 0x20000,\n"
            "                 PktEngReturn_MACMiscompare"
        ),
        "traffic.integrity",
        "show crypto engine accelerator statistic",
    ),
    (
        "S22",
        "Remote peer not responding",
        "ike.peer-unreachable",
        "ping",
    ),
    (
        "S23",
        "All IPSec SA proposals found unacceptable!",
        "ipsec.transform-mismatch",
        "show run crypto ipsec",
    ),
    (
        "S24",
        (
            "HW_VPN-1-HPRXERR: Virtual Private Network (VPN) Module0/2: Packet Encryption/Decryption\n"
            "error, status=4615"
        ),
        "traffic.replay",
        "show crypto engine accelerator statistic",
    ),
    (
        "S24",
        "%HW_VPN-1-HPRXERR: Hardware VPN0/2: Packet Encryption/Decryption error, status=4615.",
        "traffic.replay",
        "show crypto engine accelerator statistic",
    ),
    (
        "S25",
        "%C1700_EM-1-ERROR: packet-rx error: ESP sequence fail",
        "traffic.replay",
        "show policy-map interface",
    ),
    (
        "S26",
        "crypto_engine_select_crypto_engine: can't handle any more",
        "config.hardware-unsupported",
        "show crypto eli",
    ),
    (
        "S27",
        " 192.168.254.250   10.177.243.187    MM_KEY_EXCH   0           0",
        "ike.psk-mismatch",
        "show crypto isakmp sa",
    ),
    (
        "S35",
        "2w5d: ICMP: dst (172.16.1.56): frag. needed and DF set.",
        "traffic.mtu",
        "ping",
    ),
]
UNSAFE = ("S8", "S24", "S25")
ROW = "S27"  # a row of a table, not a line of a log


@pytest.mark.parametrize(("section", "text", "cause", "remedy"), MESSAGES, ids=lambda v: v[:30].strip())
def test_a_message_alone_is_enough(section: str, text: str, cause: str, remedy: str) -> None:
    for form, change in VARIANTS.items():
        if section == ROW and form == "quoted in a mail":
            continue
        pasted = change(text)
        (diagnosis,) = analyze(["-"], stdin=pasted.encode())
        verdict = diagnosis.verdict
        assert verdict is not None, (form, pasted)
        assert (verdict.cause, section in verdict.references) == (cause, True), (form, pasted)
        told = [command for r in verdict.remedies for command in (*r.commands, *r.changes)]
        assert any(command.strip().startswith(remedy) or remedy in command for command in told), (form, told)
        if section in UNSAFE:
            assert any("UNSAFE" in caveat for caveat in verdict.caveats)
            assert not any("no ip cef" in command or "md5" in command for command in told)


@pytest.mark.parametrize(("section", "text", "cause", "remedy"), MESSAGES, ids=lambda v: v[:30].strip())
def test_a_message_pasted_at_the_door(
    section: str, text: str, cause: str, remedy: str, vpn_check: Callable[..., Answer]
) -> None:
    answer = vpn_check("analyze", "-", "--json", stdin=text + "\n")
    first = answer.device["findings"][0]
    assert first["cause"] == cause
    assert section in first["references"]
    assert remedy in str(first["remedies"])
    assert answer.code == {"critical": 2, "warning": 1, "info": 0}[first["severity"]]


NOT_ALONE = {
    "pix-mm-key-exch": "a row of the SA table, which the rule on stuck negotiations reads",
    "Error(": "a counter of show crypto ikev2 diagnose error",
}


@pytest.mark.parametrize("signature", catalogue(), ids=lambda s: s.id)
def test_every_message_of_the_catalogue_gets_through_the_door(signature: Signature) -> None:
    for text in signature.examples.fires:
        if signature.id in NOT_ALONE or text.startswith(tuple(NOT_ALONE)):
            continue
        for form in ("as printed", "double-spaced", "wide blanks", "quoted in a mail", "IOS time stamp", "CRLF"):
            (diagnosis,) = analyze(["-"], stdin=VARIANTS[form](text).encode())
            assert signature.id in {finding.signature for finding in diagnosis.findings}, (form, text)
            assert diagnosis.errors == ()
