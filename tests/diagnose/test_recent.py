"""`--since`: only the newest part of a log counts, measured by the log itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vpn_check.diagnose.recent import recent
from vpn_check.model.log import Log, LogLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

OLD = "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.7 failed its sanity check or is malformed"
NEW = "%SYS-5-CONFIG_I: Configured from console by vty0"


def kept(lines: list[str], span: float) -> list[str]:
    return [line.text for line in recent(Log.of(
        LogLine(text=text, source=0, line=number) for number, text in enumerate(lines, 1)), span)]


@pytest.mark.parametrize(("old", "new"), [
    ("*Mar  1 00:13:31.891: ", "*Mar  1 02:13:31.891: "),
    ("Nov 12 2026 10:00:00: ", "Nov 12 2026 12:00:00: "),
    ("2026-11-12T10:00:00Z ", "2026-11-12T12:00:00Z "),
    ("1d00h: ", "1d02h: "),
    ("10:00:00: ", "12:00:00: "),
    ("<189>77: Nov 12 10:00:00.1: ", "<189>78: Nov 12 12:00:00.1: "),
])
def test_what_is_older_than_the_span_is_left_out(old: str, new: str) -> None:
    lines = [old + OLD, " a line that goes on", new + NEW, " and another"]

    assert kept(lines, 3600) == lines[2:]
    assert kept(lines, 3 * 3600) == lines


def test_without_stamps_everything_stays() -> None:
    assert kept([OLD, NEW], 60) == [OLD, NEW]


def test_a_failure_of_yesterday_is_no_verdict_of_the_last_hour(vpn_check: Callable[..., Answer]) -> None:
    text = f"Nov 11 10:00:00.000: {OLD}\nNov 12 10:00:00.000: {NEW}\n"

    whole = vpn_check("analyze", "-", "--json", stdin=text)
    recently = vpn_check("analyze", "-", "--json", "--since", "1h", stdin=text)

    assert whole.device["verdict"]["cause"] == "ike.psk-mismatch"
    assert recently.device["verdict"] is None


@pytest.mark.parametrize("word", ["yesterday", "0h", "-5m", ""])
def test_what_is_no_duration_is_said(word: str, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", "-", f"--since={word}", stdin=OLD)

    assert answer.code == 3
    assert "is no duration" in answer.err
