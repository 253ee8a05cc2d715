"""The answer of a session that holds nothing but what was asked for is read the short way, with the same result."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vpn_check.lab.scenario import load, scenario_names
from vpn_check.model.snapshot import Topic
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ASKED = "show crypto ipsec sa"
SYSLOG = "*Mar  2 10:00:00.123: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi"


def transcripts(outputs: dict[str, str], platform: object) -> tuple[Transcript, Transcript]:
    """As received in a session, and the same text out of a capture."""
    held = [CommandOutput(command=command, text=text) for command, text in outputs.items()]
    live = [CommandOutput(command=one.command, text=one.text, received_at=NOW) for one in held]
    return (Transcript(device="r1", platform=platform, outputs=tuple(live)),  # type: ignore[arg-type]
            Transcript(device="r1", platform=platform, outputs=tuple(held)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", scenario_names())
def test_what_is_read_is_the_same(name: str) -> None:
    for device in load(name).devices:
        live, captured = (assemble(one)[0] for one in transcripts(dict(device.outputs), device.platform))

        assert live.tunnels == captured.tunnels
        assert live.ike_sas == captured.ike_sas
        assert live.seen == captured.seen
        assert live.gaps == captured.gaps
        assert live.unparsed == captured.unparsed
        assert list(live.log) == list(captured.log)


def test_a_message_that_came_in_between_is_still_seen() -> None:
    device = load("healthy-ios").devices[0]
    lines = device.outputs[ASKED].splitlines()
    outputs = {**device.outputs, ASKED: "\n".join([*lines[:12], SYSLOG, *lines[12:]])}
    live, captured = (assemble(one)[0] for one in transcripts(outputs, device.platform))

    assert [line.text for line in live.log] == [SYSLOG]
    assert live.tunnels == captured.tunnels
    assert Topic.LOG in live.seen or live.log
