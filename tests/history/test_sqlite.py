"""The history in a SQLite file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.history.contract import Contract

if TYPE_CHECKING:
    from pathlib import Path


class TestSqlite(Contract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        return str(tmp_path / "deep" / "history.db")
