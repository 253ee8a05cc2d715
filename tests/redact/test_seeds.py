"""No secret survives, in whatever form and wherever it stands; and nothing else is lost."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import shared

from vpn_check.parse.clean import display
from vpn_check.redact.redactor import Redactor, Wishes
from vpn_check.redact.secrets import redact_line

HERE = Path(__file__).parent
XLAT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"


@dataclass
class Seed:
    """One form filled with fresh secrets. `secrets` are what must not be seen, in the ways it could be looked for."""

    name: str
    text: str
    secrets: list[str]


def forms() -> list[tuple[str, str]]:
    rows = [line for line in (HERE / "seeds.txt").read_text().splitlines() if line and not line.startswith("#")]
    return [(name.strip(), text) for name, _, text in (row.partition(" | ") for row in rows)]


def seed(name: str, form: str, chance: random.Random) -> Seed:
    found: list[str] = []

    def word() -> str:
        letters = string.ascii_letters + string.digits + "!%&/()=+#@$^"
        body = "".join(chance.choice(letters) for _ in range(chance.randint(9, 24)))
        found.append(f"Zq{body}7x")
        return found[-1]

    def plain() -> str:
        found.append("Zq" + "".join(chance.choice(string.ascii_letters + string.digits) for _ in range(40)))
        return found[-1]

    def digits() -> str:
        found.append("".join(chance.choice("0123456789abcdef") for _ in range(39)) + "c")
        return found[-1]

    def pairs() -> str:
        found.append(" ".join(f"{chance.randrange(256):02X}" for _ in range(15)) + " AF")
        return found[-1]

    def eights() -> str:
        found.append(" ".join(f"{chance.randrange(1 << 32):08X}" for _ in range(4)) + " ABCDEF12")
        return found[-1]

    def type_7() -> str:
        plain, start = "Qz" + "".join(chance.choice(string.ascii_letters) for _ in range(9)) + "7", chance.randrange(16)
        data = bytes(ord(char) ^ XLAT[(start + at) % len(XLAT)] for at, char in enumerate(plain))
        found.append(f"{start:02d}{data.hex().upper()}")
        return found[-1]

    text = form.replace("\\n", "\n").replace("\\x1b", "\x1b").replace("\\x08", "\b")
    for mark, make in (
        ("{S}", word),
        ("{=}", lambda: found[-1]),
        ("{A}", plain),
        ("{H}", digits),
        ("{B}", pairs),
        ("{H8}", eights),
        ("{7}", type_7),
    ):
        while mark in text:
            text = text.replace(mark, make(), 1)
    return Seed(name, text, found)


def samples() -> list[Path]:
    return sorted(path for part in ("samples", "cases") for path in shared(part).rglob("*.txt"))


def test_there_are_at_least_sixty_forms() -> None:
    assert len(forms()) >= 60
    assert len({name for name, _ in forms()}) == len(forms())


@pytest.mark.parametrize(("name", "form"), forms(), ids=[name for name, _ in forms()])
@pytest.mark.parametrize("number", range(3))
def test_a_secret_does_not_survive_in_a_text_of_its_own(name: str, form: str, number: int) -> None:
    planted = seed(name, form, random.Random(f"{name}{number}"))
    redactor = Redactor(Wishes(), tidy=display)
    redactor.learn(planted.text)
    shown = redactor.redact(planted.text)
    assert [secret for secret in planted.secrets if secret in shown] == []
    assert shown.count("\n") == planted.text.count("\n")
    assert redactor.redact(shown) == shown


LINES = [name for name, form in forms() if "\\n" not in form and "\\x" not in form]


@pytest.mark.parametrize("name", LINES)
def test_a_quoted_line_shows_no_secret(name: str) -> None:
    planted = seed(name, dict(forms())[name], random.Random(name))
    shown = redact_line(planted.text)
    assert [secret for secret in planted.secrets if secret in shown] == []


@pytest.mark.parametrize("number", range(3))
def test_a_secret_of_one_text_is_known_in_the_others(number: int) -> None:
    chance = random.Random(number)
    key = seed("", "{S}", chance).secrets[0]
    texts = [
        f"debug: the peer sent {key} here\n",
        f"crypto isakmp key {key} address 192.0.2.1\n",
        f'% "{key}" refused\n',
    ]
    redactor = Redactor(Wishes(), tidy=display)
    for text in texts:
        redactor.learn(text)
    assert all(key not in redactor.redact(text) for text in texts)


@pytest.mark.parametrize("number", range(4))
def test_no_seed_survives_anywhere_in_real_texts(number: int) -> None:
    chance = random.Random(number)
    redactor = Redactor(Wishes(users=number % 2 == 1, addresses=number > 1), tidy=display)
    planted: list[str] = []
    texts: list[str] = []
    for path in samples():
        lines = path.read_bytes().decode(errors="replace").split("\n")
        for name, form in chance.sample(forms(), 12):
            here = seed(name, form, chance)
            planted += here.secrets
            lines.insert(chance.randrange(len(lines) + 1), here.text)
        texts.append("\n".join(lines))
    for text in texts:
        redactor.learn(text)
    shown = [redactor.redact(text) for text in texts]
    left = [(secret, line) for secret in planted for text in shown for line in text.split("\n") if secret in line]
    assert left == []


def ordinary() -> list[str]:
    return [line for line in (HERE / "ordinary.txt").read_text().splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("line", ordinary())
def test_a_line_without_a_secret_comes_out_as_it_went_in(line: str) -> None:
    redactor = Redactor(Wishes(), tidy=display)
    redactor.learn(line)
    assert redactor.redact(line) == line
    assert redact_line(line) == line


@pytest.mark.parametrize(
    "word", ["Tunnel100", "Munich-R1", "GigabitEthernet0/1", "encryption", "192.0.2.99", "default"]
)
def test_a_key_that_is_called_like_a_thing_does_not_take_the_things_name(word: str) -> None:
    text = (
        f"Munich-R1#show running-config\ncrypto isakmp key {word} address 192.0.2.1\n"
        f"Munich-R1#show crypto ipsec sa\ninterface: {word}\n   in use settings ={{Tunnel, }} {word}\n"
    )
    redactor = Redactor(Wishes(), tidy=display)
    redactor.learn(text)
    shown = redactor.redact(text)
    assert f"key {word}" not in shown
    assert shown.split("\n")[2:] == text.split("\n")[2:]
