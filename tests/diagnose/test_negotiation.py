"""Logs read as a whole: texts with what they must say beside them, causes before consequences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vpn_check.diagnose.logtext import read
from vpn_check.diagnose.negotiation import LogReading, judge
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Evidence, Finding, Severity
from vpn_check.model.log import LogLine

DEBUGS = sorted((Path(__file__).parent / "debugs").glob("*.txt"))
CASES = Path(__file__).parents[2] / ".." / "shared" / "cases"
SAMPLES = CASES.parent / "samples"


def read_log(text: str, platform: PlatformName | None = None) -> LogReading:
    lines = text.splitlines()

    def quote(source: int, line: int) -> Evidence | None:
        assert source == 0
        return Evidence(source="debug", line=line, text=lines[line - 1].strip())

    return judge([LogLine(text=line, source=0, line=n) for n, line in enumerate(lines, 1)], quote, platform)


def serious(reading: LogReading) -> list[Finding]:
    return [f for f in reading.findings if f.severity is not Severity.INFO]


def causes(reading: LogReading) -> list[str]:
    return [f.cause for f in serious(reading)]


def squeeze(text: str) -> str:
    return " ".join(text.split())


def spaced(text: str) -> str:
    return text.replace("\n", "\n\n")


def flush(text: str) -> str:
    return "\n".join(line.lstrip() for line in text.splitlines())


@pytest.mark.parametrize("form", [str, spaced, flush], ids=["as printed", "double-spaced", "margins lost"])
@pytest.mark.parametrize("path", DEBUGS, ids=lambda p: p.stem)
def test_a_block_says_what_it_must(path: Path, form: Any) -> None:
    text = form(path.read_text())
    expected = yaml.safe_load(path.with_suffix(".yaml").read_text())
    reading = read_log(text)
    assert [f.cause for f in reading.findings] == [want["cause"] for want in expected["findings"]]
    for finding, want in zip(reading.findings, expected["findings"], strict=True):
        check_finding(finding, want, text)
    assert len(reading.successes) == len(expected.get("successes", []))
    for success, want in zip(reading.successes, expected.get("successes", []), strict=True):
        for key in set(want) - {"says"}:
            assert getattr(success, key) == want[key]
        assert all(word in success.summary for word in want.get("says", []))
        assert success.evidence


def check_finding(finding: Finding, want: dict[str, Any], text: str) -> None:
    assert finding.severity == want["severity"]
    if "peer" in want:
        assert finding.peer == want["peer"]
    if "signature" in want:
        assert finding.signature == want["signature"]
    assert finding.confidence >= want.get("confidence", 0.0)
    assert all(word in finding.summary for word in want.get("says", []))
    assert finding.evidence
    assert all(squeeze(e.text) in squeeze(text) for e in finding.evidence)
    assert finding.references
    if "remedy" in want:
        assert any(want["remedy"] in command for r in finding.remedies for command in (*r.commands, *r.changes))
    for remedy in finding.remedies:
        assert "no ip route-cache" not in (*remedy.commands, *remedy.changes)


@pytest.mark.parametrize("path", DEBUGS, ids=lambda p: p.stem)
def test_the_same_is_said_between_other_lines(path: Path) -> None:
    noise = "Jan  4 10:11:12.013: %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel7, changed state to up\n"
    alone, amid = read_log(path.read_text()), read_log(noise * 3 + path.read_text() + noise * 3)
    assert [(f.cause, f.severity, f.peer) for f in alone.findings] == [
        (f.cause, f.severity, f.peer) for f in amid.findings
    ]


def test_refusal_alone_is_no_failure() -> None:
    text = """\
ISAKMP (0): Checking ISAKMP transform 1 against priority 1 policy
ISAKMP:      encryption DES-CBC
ISAKMP (0): atts are not acceptable. Next payload is 3
"""
    assert read_log(text).findings == ()


def test_weak_algorithms_merely_offered_are_no_finding() -> None:
    text = """\
ISAKMP (0): Checking ISAKMP transform 1 against priority 1 policy
ISAKMP:      encryption DES-CBC
ISAKMP:      hash MD5
ISAKMP:      default group 1
ISAKMP (0): Encryption algorithm offered does not match policy!
ISAKMP (0): atts are not acceptable. Next payload is 3
ISAKMP (0): Checking ISAKMP transform 2 against priority 1 policy
ISAKMP:      encryption AES-CBC
ISAKMP:      keylength of 256
ISAKMP:      hash SHA256
ISAKMP:      default group 14
ISAKMP (0): atts are acceptable. Next payload is 0
"""
    reading = read_log(text)
    assert reading.findings == ()
    assert "AES-CBC 256, SHA256, group 14" in reading.successes[0].summary


def test_an_attribute_refused_and_a_later_offer_accepted_is_no_failure() -> None:
    text = (Path(__file__).parent / "debugs" / "s20a-hash-refused.txt").read_text()
    text += "ISAKMP (0:1): Checking ISAKMP transform 1 against priority 2 policy\nISAKMP:      encryption 3DES-CBC\n"
    text += "ISAKMP (0:1): atts are acceptable. Next payload is 0\n"
    assert causes(read_log(text)) == []


PEER_FAILS = "%ASA-5-713904: IP = 198.51.100.1, All SA proposals found unacceptable\n"
PEER_COMES_UP = "%ASA-5-713119: Group = 198.51.100.1, IP = 198.51.100.1, PHASE 1 COMPLETED\n"
OTHER_COMES_UP = PEER_COMES_UP.replace("198.51.100.1", "198.51.100.9")


def test_a_later_success_of_the_same_peer_settles_a_refusal() -> None:
    (finding,) = read_log(PEER_FAILS + PEER_COMES_UP).findings
    assert finding.severity is Severity.INFO
    assert "later" in finding.summary


@pytest.mark.parametrize("text", [PEER_COMES_UP + PEER_FAILS, PEER_FAILS + OTHER_COMES_UP])
def test_an_earlier_success_or_that_of_another_peer_settles_nothing(text: str) -> None:
    assert causes(read_log(text)) == ["ike.policy-mismatch"]


def test_phase_1_up_does_not_settle_phase_2() -> None:
    failure = "%ASA-5-713904: Group = 198.51.100.1, IP = 198.51.100.1, All IPSec SA proposals found unacceptable!\n"
    assert causes(read_log(failure + PEER_COMES_UP)) == ["ipsec.transform-mismatch"]


def test_a_cause_outranks_its_consequences() -> None:
    group = "Group = 198.51.100.1, IP = 198.51.100.1, "
    text = (
        f"%ASA-5-713904: {group}All IPSec SA proposals found unacceptable!\n"
        f"%ASA-3-713902: {group}QM FSM error (P2 struct &0x00007fff33763a70, mess id 0x2c44baec)!\n"
    )
    assert causes(read_log(text)) == ["ipsec.transform-mismatch"]


def test_the_cause_of_one_peer_does_not_hide_the_consequence_at_another() -> None:
    one, two = (f"Group = 198.51.100.{n}, IP = 198.51.100.{n}, " for n in (1, 2))
    text = f"%ASA-5-713904: {one}All IPSec SA proposals found unacceptable!\n%ASA-3-713902: {two}QM FSM error (P2)!\n"
    assert {(f.cause, f.peer) for f in read_log(text).findings} == {
        ("ipsec.transform-mismatch", "198.51.100.1"),
        ("ipsec.proxy-id-mismatch", "198.51.100.2"),
    }


def test_a_missing_key_is_said_before_the_refusal_that_follows_from_it() -> None:
    text = """\
ISAKMP:(0):received packet from 198.51.100.1 dport 500 sport 500 Global (N) NEW SA
ISAKMP:(0):No pre-shared key with 198.51.100.1!
ISAKMP:(0):Checking ISAKMP transform 1 against priority 10 policy
ISAKMP:      encryption AES-CBC
ISAKMP:      hash SHA
ISAKMP:      default group 14
ISAKMP:      auth pre-share
ISAKMP:(0):Preshared authentication offered but does not match policy!
ISAKMP:(0):atts are not acceptable. Next payload is 0
ISAKMP:(0):no offers accepted!
ISAKMP:(0): phase 1 SA policy not acceptable! (local 203.0.113.1 remote 198.51.100.1)
"""
    assert causes(read_log(text)) == ["ike.no-key-for-peer"]


def test_repeated_lines_are_one_finding_with_first_and_last_quoted() -> None:
    text = "".join(
        f"*Mar  1 00:0{n}:00.000: %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from X.X.X.149 failed its sanity check or is"
        " malformed\n"
        for n in range(5)
    )
    (finding,) = read_log(text).findings
    assert (finding.count, finding.peer) == (5, "X.X.X.149")
    assert [e.line for e in finding.evidence] == [1, 5]


def test_remedies_are_those_of_the_platform() -> None:
    text = "%ASA-4-402114: IPSEC: Received an ESP packet (SPI= 0x1B2C3D4E, sequence number= 0x1) from 198.51.100.1"
    text += " to 203.0.113.1 with an invalid SPI."
    commands = [c for r in read_log(text, PlatformName.ASA).findings[0].remedies for c in (*r.commands, *r.changes)]
    assert not any("invalid-spi-recovery" in command for command in commands)


def test_two_messages_in_one_line_are_two() -> None:
    first = "Dec 18 00:12:07: %ASA-3-713062: IKE Peer address same as our interface address 203.0.113.1"
    second = "Dec 18 00:20:47: %ASA-3-713063: IKE Peer address not configured for destination 10.2.0.5"
    text = f"{first} {second}"
    assert len(read([LogLine(text=text, source=0, line=1)])) == 2


def test_a_message_whose_every_line_is_stamped_is_one_message() -> None:
    stamp = "*Mar  1 00:13:34.267:"
    text = f"""\
{stamp} ISAKMP:(1001): Creating IPSec SAs
{stamp}         inbound SA from 10.2.2.2 to 10.1.1.1 (f/i)  0/ 0
{stamp}         (proxy 192.168.2.0 to 192.168.1.0)
{stamp}         has spi 0x3CAAAEB7 and conn_id 0
{stamp}         lifetime of 3600 seconds
{stamp}         outbound SA from 10.1.1.1 to 10.2.2.2 (f/i) 0/0
{stamp}         (proxy 192.168.1.0 to 192.168.2.0)
{stamp}         has spi  0x9A46ECAE and conn_id 0
"""
    (success,) = read_log(text).successes
    assert (success.inbound_spi, success.outbound_spi) == ("0x3caaaeb7", "0x9a46ecae")


def test_what_a_person_wrote_is_not_quoted() -> None:
    text = """\
> %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.1
> failed its sanity check or is malformed
We think the key is wrong.
"""
    (finding,) = read_log(text).findings
    assert "We think" not in finding.evidence[0].text


SWEEP = """\
Set DF bit in IP header? [no]: y
Sending 5, {size}-byte ICMP Echos to 172.16.1.56, timeout is 2 seconds:
{marks}
Success rate is {rate} percent ({won}/5)
"""


def ping(size: int, *, passes: bool) -> str:
    marks = "!!!!!" if passes else "M.M.M"
    return SWEEP.format(size=size, marks=marks, rate=100 if passes else 0, won=5 if passes else 0)


@pytest.mark.parametrize(
    ("text", "severity", "says"),
    [
        (ping(1550, passes=False) + ping(1500, passes=True), Severity.INFO, "at least 1500 and below 1550"),
        (ping(1450, passes=False) + ping(1400, passes=True), Severity.INFO, "at least 1400 and below 1450"),
        (ping(1400, passes=False) + ping(1200, passes=True), Severity.WARNING, "at least 1200 and below 1400"),
        (ping(1500, passes=False) + ping(1300, passes=False), Severity.WARNING, "below 1300"),
    ],
)
def test_what_a_sweep_says_of_the_path(text: str, severity: Severity, says: str) -> None:
    (finding,) = read_log(text).findings
    assert (finding.cause, finding.severity) == ("traffic.mtu", severity)
    assert says in finding.summary


def test_nothing_said_of_an_empty_log() -> None:
    assert judge([], lambda _source, _line: None, None) == LogReading()


@given(st.lists(st.sampled_from([line for path in DEBUGS for line in path.read_text().splitlines()]), max_size=60))
def test_any_shuffle_is_read_and_every_finding_quotes_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    for finding in read_log(text).findings:
        assert finding.evidence
        assert all(squeeze(e.text) in squeeze(text) for e in finding.evidence)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    judge([LogLine(text=line, source=0, line=n) for n, line in enumerate(text.splitlines())], lambda _s, _l: None, None)


def healthy_texts() -> list[Path]:
    if not CASES.is_dir():
        return []
    healthy = [path.parent for path in CASES.glob("*/case.yaml") if yaml.safe_load(path.read_text()).get("healthy")]
    return sorted(
        [text for folder in healthy for text in folder.rglob("*.txt")]
        + [path for path in SAMPLES.rglob("*.txt") if path.is_file()]
    )


@pytest.mark.skipif(not CASES.is_dir(), reason="the labelled cases are not here")
def test_nothing_fires_on_healthy_text() -> None:
    texts = healthy_texts()
    assert texts
    loud = {str(path): causes(read_log(path.read_text(errors="replace"))) for path in texts}
    assert {path: found for path, found in loud.items() if found} == {}


def labelled_logs() -> list[tuple[Path, dict[str, Any]]]:
    found = []
    for path in sorted(CASES.glob("*/case.yaml")) if CASES.is_dir() else []:
        label = yaml.safe_load(path.read_text())
        kinds = {"debug", "syslog"}
        found += [(path.parent / i["file"], label) for i in label["inputs"] if i["kind"] in kinds]
    return found


@pytest.mark.skipif(not CASES.is_dir(), reason="the labelled cases are not here")
@pytest.mark.parametrize(("path", "label"), labelled_logs(), ids=lambda v: v.parent.name if isinstance(v, Path) else "")
def test_a_labelled_log_is_not_misread(path: Path, label: dict[str, Any]) -> None:
    text = path.read_text(errors="replace")
    found = serious(read_log(text))
    accepted = {label["cause"], *label.get("also_acceptable", ())}
    assert not found or found[0].cause in accepted
    for finding in found:
        assert all(squeeze(e.text) in squeeze(text) for e in finding.evidence)
