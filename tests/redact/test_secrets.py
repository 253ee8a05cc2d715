"""A secret in a quoted line is masked; a sentence about keys and passwords stays one."""

from __future__ import annotations

import pytest

from vpn_check.redact.secrets import MASK, redact_line

SECRETS = [
    "crypto isakmp key s3cr3tWord address 198.51.100.1",
    "crypto isakmp key 6 s3cr3tWord address 198.51.100.1 255.255.255.255",
    " pre-shared-key local s3cr3tWord",
    "  pre-shared-key remote 0 s3cr3tWord",
    " ikev1 pre-shared-key s3cr3tWord",
    " ikev2 local-authentication pre-shared-key s3cr3tWord",
    "  pre-shared-key address 198.51.100.1 255.255.255.255 key s3cr3tWord",
    "enable secret 5 s3cr3tWord",
    "enable password s3cr3tWord",
    "username admin privilege 15 password 7 s3cr3tWord",
    "username admin password s3cr3tWord encrypted",
    "snmp-server community s3cr3tWord RO 10",
    "tacacs-server host 192.0.2.9 key 7 s3cr3tWord",
    "  key s3cr3tWord",
    "vpngroup clients password s3cr3tWord",
    "isakmp key s3cr3tWord address 198.51.100.1 netmask 255.255.255.255",
    " ip nhrp authentication s3cr3tWord",
    "  key-string 7 s3cr3tWord",
    "ppp chap password 0 s3cr3tWord",
]
PLAIN = [
    "#pkts encaps: 1, #pkts encrypt: 1, #pkts digest: 1",
    "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.1 failed its sanity check or is malformed",
    "ISAKMP:(0): No pre-shared key with 198.51.100.1!",
    "found peer pre-shared key matching 10.21.46.2",
    "there is no password for netops",
    "had problems decrypting packet, probably due to mismatched pre-shared key. Aborting",
    "sa timing: remaining key lifetime (k/sec): (4608000/52)",
    "crypto isakmp key <removed> address 198.51.100.1",
]


@pytest.mark.parametrize("line", SECRETS)
def test_the_secret_goes_and_the_rest_stays(line: str) -> None:
    masked = redact_line(line)
    assert "s3cr3tWord" not in masked
    assert MASK in masked
    assert masked.split()[0] == line.split(maxsplit=1)[0]
    assert all(word in masked for word in ("198.51.100.1", "address") if word in line)


@pytest.mark.parametrize("line", PLAIN)
def test_what_is_no_secret_is_untouched(line: str) -> None:
    assert redact_line(line) == line


def test_key_material_of_debugs_is_masked() -> None:
    for line in ("SKEYID: 8A 41 0B 77 EE 12 9C 04 55 31 20 9F", "0A1B2C3D 4E5F6071 8293A4B5 C6D7E8F9"):
        assert redact_line(line).endswith(MASK)
