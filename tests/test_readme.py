"""The README is true: what it shows, the program does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.cli.main import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

README = (Path(__file__).parent.parent / "README.md").read_text()


def block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found is not None
    return found[1].strip()


def test_the_table_of_commands_is_the_table() -> None:
    rows = [f"| `{name}` | {text} |" for name, (_, text) in COMMANDS.items()]
    assert block("commands").splitlines()[2:] == rows


def test_the_table_of_causes_is_the_table(vpn_check: Callable[..., Answer]) -> None:
    assert block("causes") == vpn_check("catalogue", "--markdown").out.strip(), "replace it by that command's output"


def test_no_command_that_is_not_there_is_shown() -> None:
    used = set(re.findall(r"(?:^    |`)vpn-check ([a-z][a-z-]+)(?![\w.])", README, re.MULTILINE))
    assert used - set(COMMANDS) == set()


def test_the_demo_shows_what_the_readme_shows(vpn_check: Callable[..., Answer]) -> None:
    shown = [line.strip() for line in block("demo").splitlines() if line.strip() not in {"", "```", "..."}]
    answer = vpn_check("lab", "demo", env={"COLUMNS": "112"})
    assert answer.code == 0
    said = {line.strip() for line in answer.out.splitlines()}
    assert [line for line in shown if line not in said] == []
