"""The goldens, found by walking: `<platform>/<command>/<case>.raw` beside `<case>.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vpn_check.model.device import PlatformName
from vpn_check.parse.clean import Line, clean
from vpn_check.parse.supporting import parse_supporting, resolve
from vpn_check.parse.text import RawText

HERE = Path(__file__).parent


def lines_of(text: str) -> list[Line]:
    """The cleaned lines of a text."""
    return list(clean(RawText(text)))


@dataclass(frozen=True)
class Golden:
    """An answer and what must be read from it."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(HERE).with_suffix("").as_posix()

    @property
    def platform(self) -> PlatformName:
        return PlatformName(self.path.relative_to(HERE).parts[0])

    @property
    def command(self) -> str:
        command = resolve(self.path.parent.name.replace("_", " "))
        assert command is not None, f"{self.path.parent.name} is no command"
        return command

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def expected(self) -> dict[str, Any]:
        document: dict[str, Any] = yaml.safe_load(self.path.with_suffix(".yaml").read_text(encoding="utf-8"))
        return document

    def read(self, text: str, platform: PlatformName | None = None) -> tuple[dict[str, Any], list[Line]]:
        document, unmatched = parse_supporting(platform or self.platform, self.command, lines_of(text))
        return stated(document), unmatched


def stated(value: Any) -> Any:
    """The document without what is null: a golden states only what the device printed."""
    if isinstance(value, dict):
        return {name: stated(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [stated(part) for part in value]
    return value


GOLDENS = [Golden(path) for path in sorted(HERE.rglob("*.raw"))]
