"""Whole configurations of every generation: what is read from them, however they were pasted, and no secret kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from vpn_check.config.reader import read_config
from vpn_check.jobs.analyze import read
from vpn_check.model.config import ConfigSource, ConfigText, Configured, DeviceConfig, KeyMark
from vpn_check.parse.clean import clean
from vpn_check.parse.text import RawText

FOLDER = Path(__file__).parent / "whole"
CONFIGS = sorted(FOLDER.glob("*.cfg"))
SECRETS = yaml.safe_load((FOLDER / "secrets.yaml").read_text())
CASES = pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)


def config_of(text: str) -> DeviceConfig:
    lines = tuple(clean(RawText(text)))
    return read_config([ConfigText(source=ConfigSource(command="configuration"), lines=lines)], mask=str)


def through_the_door(path: Path) -> DeviceConfig:
    snapshot = read([str(path)])[0].snapshot
    assert snapshot is not None
    assert snapshot.config is not None
    return snapshot.config


def facts(noun: object) -> Any:
    """A noun as plain data, without its lines and without what is not said."""
    if isinstance(noun, KeyMark):
        return str(noun.form)
    if isinstance(noun, Configured) or hasattr(noun, "__dataclass_fields__"):
        held = {field.name: facts(getattr(noun, field.name)) for field in fields(noun) if field.compare}  # type: ignore[arg-type]
        defaults = {field.name: field.default for field in fields(noun)}  # type: ignore[arg-type]
        return {name: value for name, value in held.items() if value not in (None, (), [], {}, defaults.get(name))}
    if isinstance(noun, tuple | list):
        return [facts(one) for one in noun]
    if isinstance(noun, dict):
        return {name: facts(value) for name, value in noun.items()}
    if isinstance(noun, frozenset):
        return sorted(noun)
    return noun if isinstance(noun, int | str | type(None)) and not hasattr(noun, "value") else str(noun)


def compared(config: DeviceConfig) -> DeviceConfig:
    """Without what depends on the shape of the text."""
    return replace(config, unknown=(), statements=0, whole=False)


@CASES
def test_a_configuration_gives_its_facts(path: Path) -> None:
    config = replace(compared(through_the_door(path)), whole=through_the_door(path).whole)
    got = {name: value for name, value in facts(config).items() if name not in {"acls", "seen"}}
    golden = path.with_suffix(".yaml")
    assert got == yaml.safe_load(golden.read_text())


SHAPES: dict[str, Callable[[str], str]] = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "double-spaced": lambda text: text.replace("\n", "\n\n"),
    "flush-left": lambda text: re.sub(r"(?m)^[ \t]+", "", text),
    "indented": lambda text: re.sub(r"(?m)^", "    ", text),
    "quoted with tabs": lambda text: re.sub(r"(?m)^( +)", lambda match: "\t" * len(match[1]), text),
    "pager": lambda text: re.sub(
        r"(?m)^(interface|crypto map)", r" --More-- \b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b\1", text
    ),
    "trailing blanks": lambda text: text.replace("\n", "   \n"),
    "no comments": lambda text: "\n".join(line for line in text.split("\n") if line.strip() != "!"),
}


@CASES
@pytest.mark.parametrize("shape", SHAPES)
def test_the_shape_of_the_text_does_not_matter(path: Path, shape: str) -> None:
    text = path.read_text()
    shaped = SHAPES[shape](text.replace("\\b", "\b"))
    assert facts(compared(config_of(shaped))) == facts(compared(config_of(text)))


@CASES
def test_a_transcript_with_prompt_gives_the_same(path: Path, tmp_path: Path) -> None:
    name = config_of(path.read_text()).hostname
    typed = f"{name}#show running-config\n{path.read_text()}{name}#show clock\n09:00:00.000 UTC Mon Mar 2 2026\n"
    (tmp_path / "session.log").write_text(typed)
    assert facts(compared(through_the_door(tmp_path / "session.log"))) == facts(compared(config_of(path.read_text())))


@CASES
def test_no_cut_is_an_error_and_nothing_is_invented(path: Path) -> None:
    lines = path.read_text().split("\n")
    whole = config_of(path.read_text())
    names = {acl.name for acl in whole.acls}
    for end in range(0, len(lines), 7):
        part = config_of("\n".join(lines[:end]))
        assert {acl.name for acl in part.acls} <= names
        assert not part.whole
        backwards = config_of("\n".join(lines[end:]))
        assert len(backwards.crypto_maps) <= len(whole.crypto_maps)


@CASES
def test_fragments_of_a_device_are_one_configuration(path: Path) -> None:
    lines = path.read_text().split("\n")
    top = [0, *(at for at, line in enumerate(lines) if at and re.match(r"[a-z]", line))]
    halves = [lines[: top[len(top) // 2]], lines[top[len(top) // 2] :]]
    texts = [
        ConfigText(source=ConfigSource(command="configuration", origin=str(at)), lines=tuple(enumerate(half, 1)))
        for at, half in enumerate(halves)
    ]
    whole = config_of(path.read_text())
    joined = read_config(texts, mask=str)
    twice = read_config(
        [*texts, *(replace(t, source=ConfigSource(command="configuration", origin="2")) for t in texts)], mask=str
    )
    assert facts(compared(joined)) == facts(compared(whole))
    assert facts(compared(twice)) == facts(compared(whole))


@CASES
def test_no_secret_is_kept(path: Path) -> None:
    config = through_the_door(path)
    assert SECRETS[path.stem]
    kept = repr(config) + "".join(statement.text for statement in every_statement(config))
    kept += "".join(statement.text for statement in config.unknown)
    assert [secret for secret in SECRETS[path.stem] if secret in kept] == []


def every_statement(noun: object) -> list[Any]:
    """All statements that a noun and the nouns in it could quote."""
    found: list[Any] = []
    if isinstance(noun, Configured):
        found += noun.at()
    if hasattr(noun, "__dataclass_fields__"):
        for field in fields(noun):  # type: ignore[arg-type]
            found += every_statement(getattr(noun, field.name))
    if isinstance(noun, tuple | list):
        for one in noun:
            found += every_statement(one)
    if type(noun).__name__ == "Statement":
        found.append(noun)
    return found


@CASES
def test_what_is_not_read_is_kept(path: Path) -> None:
    config = config_of(path.read_text())
    text = path.read_text().split("\n")
    assert all(text[statement.line - 1].strip() == statement.text for statement in config.unknown)
    about_vpns = re.compile(
        r"^(?:no )?(?:crypto|isakmp|tunnel-group|group-policy|vpngroup|access-list|nat|ip nat|route|ip route)\b"
    )
    assert [statement.text for statement in config.unknown if about_vpns.match(statement.text)] == []
