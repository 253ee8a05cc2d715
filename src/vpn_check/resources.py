"""Where the package's data lie: templates, lab scenarios, the example inventory; in a wheel and in a checkout alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_path(*parts: str) -> Path:
    """Return the path of a data file or folder, for example `data_path("templates", "ios")`.

    In a wheel the data lie inside the package; in a checkout (or an editable install) at the repository's top.
    """
    installed = _PACKAGE / "_data"
    base = installed if installed.is_dir() else _PACKAGE.parent.parent
    return base.joinpath(*parts)


def package_path(*parts: str) -> Path:
    """Return the path of a data file that lies beside the code, for example a rule's table."""
    return _PACKAGE.joinpath(*parts)
