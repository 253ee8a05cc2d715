"""An offer that was accepted is not a tunnel that came up."""

from __future__ import annotations

from pathlib import Path

from vpn_check.jobs.analyze import analyze

ACCEPTED = """ISAKMP:(0):Checking ISAKMP transform 1 against priority 10 policy
ISAKMP:      encryption AES-CBC
ISAKMP:      keylength of 256
ISAKMP:      hash SHA256
ISAKMP:      default group 14
ISAKMP:      auth pre-share
ISAKMP:(0):atts are acceptable. Next payload is 0
"""
UP = ACCEPTED + "ISAKMP:(1001):SA has been authenticated with 198.51.100.7\n"


def code(text: str, folder: Path) -> int:
    path = folder / "debug.txt"
    path.write_text(text)
    return analyze([str(path)])[0].status.exit_code


def test_only_what_came_up_is_healthy(tmp_path: Path) -> None:
    assert code(ACCEPTED, tmp_path) == 3
    assert code(UP, tmp_path) == 0
