"""Long logs are read by the shapes of their lines: what comes out is what reading each line by itself gives."""

from __future__ import annotations

import random
import re
import tracemalloc
from pathlib import Path

import pytest
from benchmarks.negotiations import tell
from hypothesis import given, settings
from hypothesis import strategies as st

from vpn_check.diagnose.catalogue import catalogue
from vpn_check.diagnose.listening import Listener
from vpn_check.diagnose.logtext import Message, read
from vpn_check.diagnose.matching import match, scan
from vpn_check.diagnose.words import WordSearch
from vpn_check.model.log import Log, LogBlock, LogLine

EXAMPLES = [text for signature in catalogue() for text in (*signature.examples.fires, *signature.examples.silent)]
DEBUGS = sorted((Path(__file__).parent / "debugs").glob("*.txt"))
POOL = [line for path in DEBUGS for line in path.read_text().splitlines()]
POOL += [line for text in EXAMPLES for line in text.splitlines()]
WORDS = ("ISAKMP", "PHASE 1 ", "atts are", "sanity check", "SPI", "402116", "proxy", "SA has", "no offers accepted!")
NOISE = "Jan  4 10:11:{:02}.013: %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel{}, changed state to up"


def log(lines: list[str]) -> list[LogLine]:
    return [LogLine(text=line, source=0, line=number) for number, line in enumerate(lines, 1)]


def in_blocks(lines: list[str], size: int) -> list[LogBlock]:
    starts = range(0, len(lines), size)
    return [
        LogBlock(source=0, numbers=range(at + 1, at + 1 + len(lines[at : at + size])), lines=lines[at : at + size])
        for at in starts
    ]


def essence(message: Message) -> tuple[object, ...]:
    return (message.text, message.prefix, message.time, message.peer, message.raw, message.where)


@pytest.mark.parametrize("fast", [True, False])
@settings(deadline=None)
@given(lines=st.lists(st.sampled_from([*POOL, ""]), max_size=80), size=st.integers(1, 30))
def test_listening_gives_what_reading_gives(lines: list[str], size: int, *, fast: bool) -> None:
    heard = [m for m in Listener(WORDS, fast=fast).messages(in_blocks(lines, size)) if any(w in m.text for w in WORDS)]
    every = [m for m in read(log(lines)) if any(word in m.text for word in WORDS)]
    assert list(map(essence, heard)) == list(map(essence, every))


@pytest.mark.parametrize("fast", [True, False])
def test_scanning_finds_what_matching_finds(*, fast: bool) -> None:
    rng = random.Random(2)
    lines = [line for _ in range(400) for line in rng.choice(EXAMPLES).splitlines()]
    lines += tell(40_000, peers=12).lines
    scanned = [(e.signature.id, e.peer, e.groups, e.message.where) for e in scan(in_blocks(lines, 97), fast=fast)]
    matched = [(e.signature.id, e.peer, e.groups, e.message.where) for e in match(read(log(lines)))]
    assert scanned
    assert scanned == matched


def test_lines_that_differ_in_digits_only_are_told_apart() -> None:
    lines = [f"%ASA-5-7131{n}: Group = g, IP = 192.0.2.{n}, PHASE {n % 3} COMPLETED" for n in range(19, 60)]
    heard = [m.text for m in Listener(("PHASE 1 COMPLETED",)).messages(in_blocks(lines, 10))]
    assert heard == [line for line in lines if "PHASE 1 COMPLETED" in line]


def test_a_message_broken_in_the_middle_of_a_word_list_is_heard() -> None:
    lines = [
        "1d00h: %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.9 failed its",
        " sanity check or is malformed",
    ]
    (heard,) = Listener(("failed its sanity check",)).messages(in_blocks(lines, 1))
    assert heard.where == ((0, 1), (0, 2))
    assert heard.peer == "192.0.2.9"


@pytest.mark.parametrize("fast", [True, False])
@given(texts=st.lists(st.text(alphabet="abc é", max_size=12), max_size=8))
def test_words_are_found_where_they_stand(texts: list[str], *, fast: bool) -> None:
    words = ("a", "ab", "bc", "cab", "é", " a")
    found = WordSearch(words, fast=fast).found(texts)
    assert found == [tuple(n for n, word in enumerate(words) if word in text) for text in texts]


def test_the_memory_of_shapes_is_bounded() -> None:
    letters = "ghijklmnopqrstuvwxyz"
    rng = random.Random(1)
    strange = [f"%SYS-5-X: {''.join(rng.choices(letters, k=24))} PHASE 1 COMPLETED" for _ in range(70_000)]
    tracemalloc.start()
    heard = sum(1 for _ in Listener(("PHASE 1 COMPLETED",)).messages(in_blocks(strange, 600)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert heard == len(strange)
    assert peak < 60 << 20


def test_noise_is_passed_over() -> None:
    lines = [NOISE.format(n % 60, n) for n in range(5000)]
    assert list(scan(Log.of(log(lines)).blocks())) == []


@pytest.mark.parametrize("numbers", [("12345678", "ABCDEF01"), ("ABCDEF01", "12345678")])
def test_hexadecimal_numbers_are_no_reason_to_pass_over_a_line(numbers: tuple[str, str]) -> None:
    lines = [f"Mar  1 10:00:00: IPSEC: spi {number} was lost" for number in numbers]
    pattern = re.compile("spi [0-9]+ was")
    listener = Listener(["was lost"], useful=lambda _cue, text: pattern.search(text) is not None)
    assert {line for message in listener.messages(in_blocks(lines, 1)) for line in message.raw} >= {
        line for line in lines if pattern.search(line)
    }


@pytest.mark.parametrize("word", ["0xab", "spi a1", "a1b2c3d4 was", "beef", "4 deadbeef 4"])
def test_a_word_that_is_a_piece_of_a_number_is_heard(word: str) -> None:
    lines = ["Mar  1 10:00:00: IPSEC: spi a1b2c3d4 was lost", "Mar  1 10:00:00: IPSEC: 4 deadbeef 4, 0xabcdef12"]
    heard = [line for message in Listener([word]).messages(in_blocks(lines, 1)) for line in message.raw]
    assert [line for line in heard if word in line] == [line for line in lines if word in line]
