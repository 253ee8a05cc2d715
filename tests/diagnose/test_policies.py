"""IKEv2 proposals as printed, compared kind by kind."""

from __future__ import annotations

import pytest

from vpn_check.diagnose.negotiation.policies import compare, differing, transforms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2",
            {"encryption": {"AES-CBC-256"}, "prf": {"SHA1"}, "integrity": {"SHA96"}, "group": {"2"}},
        ),
        ("AES-GCM-256 SHA512 DH_GROUP_384_ECP/Group 20", {"encryption": {"AES-GCM-256"}, "group": {"20"}}),
        ("AES-CBC-256 SHA256 Don't use ESN", {"encryption": {"AES-CBC-256"}, "integrity": {"SHA256"}}),
        (
            "ENCRYPTION: AES-CBC-128 PRF: SHA512 INTEGRITY: SHA512 DH GROUP: DH_GROUP_384_ECP/Group 20",
            {"encryption": {"AES-CBC-128"}, "prf": {"SHA512"}, "integrity": {"SHA512"}, "group": {"20"}},
        ),
    ],
)
def test_a_proposal_is_taken_apart(text: str, found: dict[str, set[str]]) -> None:
    read = transforms(text)
    assert {kind: set(read[kind]) for kind in found} == found


@pytest.mark.parametrize(
    ("received", "expected", "kinds"),
    [
        (
            ["AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2"],
            ["AES-CBC-256 SHA1 SHA96 DH_GROUP_2048_MODP/Group 14"],
            ("group",),
        ),
        (
            ["AES-CBC-128 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2"],
            ["AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2"],
            ("encryption",),
        ),
        (
            ["AES-CBC-256 SHA256 Don't use ESN"],
            ["AES-CBC-256 SHA256 DH_GROUP_2048_MODP/Group 14 Don't use ESN"],
            ("group",),
        ),
        (
            ["AES-CBC-256 SHA96 Don't use ESN"],
            ["3DES SHA96 Don't use ESN", "AES-CBC-256 SHA256 Don't use ESN"],
            ("encryption",),
        ),
        ([], ["AES-CBC-256 SHA256"], ()),
        (["gibberish"], ["AES-CBC-256 SHA256"], ()),
    ],
)
def test_the_nearest_proposals_say_what_differs(
    received: list[str], expected: list[str], kinds: tuple[str, ...]
) -> None:
    assert differing(received, expected) == kinds


def test_the_sentence_names_both_sides() -> None:
    theirs = ["AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2"]
    assert compare(theirs, ["AES-CBC-256 SHA1 SHA96 DH_GROUP_256_ECP/Group 19"]) == (
        "No Diffie-Hellman group is common: 2 against 19."
    )
    assert "encryption (AES-CBC-256 against 3DES)" in compare(theirs, ["3DES SHA1 SHA96 DH_GROUP_1024_MODP/Group 2"])
