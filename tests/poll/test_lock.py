"""One poller a history, however the history is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vpn_check.errors import HistoryError
from vpn_check.jobs.poll.lock import only_one

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_file_called_otherwise_is_the_same_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "linked").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    for other in ("history.db", "./history.db", str(tmp_path / "linked" / "history.db")):
        with only_one(str(tmp_path / "history.db"), tmp_path / "state"), \
                pytest.raises(HistoryError, match="Another poller"), only_one(other, tmp_path / "state"):
            pass
