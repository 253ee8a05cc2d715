"""Which template reads which command: the path is the index, `templates/<platform>/<command>.textfsm`."""

from __future__ import annotations

from functools import cache

from vpn_check.model.device import PlatformName
from vpn_check.parse.engine import Template
from vpn_check.platforms import PLATFORMS
from vpn_check.resources import data_path


@cache
def _folder_template(folder: str, command: str) -> Template | None:
    path = data_path("templates", folder, command.replace(" ", "_") + ".textfsm")
    return Template.read(path) if path.is_file() else None


def templates_for(platform: PlatformName | None, command: str) -> tuple[Template, ...]:
    """The templates that may read this command, the platform's own first, then its relatives', then all others'.

    The others stand behind because a capture does not always say which platform it is from.
    """
    folders = list(PLATFORMS[platform].templates) if platform else []
    folders += [name.value for name in PLATFORMS if name.value not in folders]
    found = (_folder_template(folder, command) for folder in folders)
    return tuple(template for template in found if template is not None)
