"""A file of the catalogue that is not as it must be is named, with its line."""

from __future__ import annotations

import pytest
import yaml

from vpn_check.diagnose.catalogue import FOLDER
from vpn_check.diagnose.signature import Kind
from vpn_check.diagnose.signature_file import read_signature
from vpn_check.errors import SignatureError
from vpn_check.jobs.analyze import analyze

TEXT = (FOLDER / "invalid-spi.yaml").read_text()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": "other"}, "make them the same"),
        ({"severity": "loud"}, "`loud` is no severity"),
        ({"wording": "guessed"}, "`guessed` is no wording"),
        ({"strange": 1}, "unknown key `strange`"),
        ({"patterns": [{"literal": "", "regex": "x"}]}, "must be a piece of text"),
        ({"patterns": [{"literal": "x", "regex": "("}]}, "does not compile"),
        ({"patterns": []}, "must be a list"),
        ({"causes": "one"}, "must be a list of texts"),
    ],
)
def test_a_wrong_file_is_named(change: dict[str, object], says: str) -> None:
    text = yaml.safe_dump(yaml.safe_load(TEXT) | change)
    with pytest.raises(SignatureError, match=r"^invalid-spi\.yaml:[0-9]+: ") as caught:
        read_signature(text, "invalid-spi.yaml", stem="invalid-spi")
    assert says in str(caught.value)


def test_a_fault_needs_all_and_a_page_needs_less() -> None:
    left_out = {"causes", "remedies", "severity", "confidence"}
    text = yaml.safe_dump({key: value for key, value in yaml.safe_load(TEXT).items() if key not in left_out})
    with pytest.raises(SignatureError) as caught:
        read_signature(text, "x.yaml", stem="invalid-spi")
    missing = str(caught.value).splitlines()
    assert len(missing) == 4
    assert all("is missing; add it" in line for line in missing)
    assert read_signature(text, "x.yaml", stem="invalid-spi", kind=Kind.KNOWN).id == "invalid-spi"


NAMED = "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {} failed its sanity check or is malformed"


@pytest.mark.parametrize(
    ("peer", "typed"),
    [
        ("198.51.100.1", "crypto isakmp key <key> address 198.51.100.1"),
        ("2001:db8::1", "crypto isakmp key <key> address 2001:db8::1"),
        ("1.2.3.4;reload", "crypto isakmp key <key> address <peer>"),
        ("$(reload)", "crypto isakmp key <key> address <peer>"),
    ],
)
def test_a_command_names_the_peer_and_nothing_else_of_the_log(peer: str, typed: str) -> None:
    (diagnosis,) = analyze(["-"], stdin=NAMED.format(peer).encode())
    assert diagnosis.verdict is not None
    assert typed in [line for remedy in diagnosis.verdict.remedies for line in remedy.changes]
    assert not any("reload" in line for r in diagnosis.verdict.remedies for line in (*r.commands, *r.changes))
