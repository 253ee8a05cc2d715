"""From the variables of one Ansible host to a device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from vpn_check.inventory.ansible.proxy import jump_of_arguments, jump_of_command
from vpn_check.inventory.fields import Fields
from vpn_check.inventory.foreign import OWN, Described, own_values, words
from vpn_check.inventory.sources import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vpn_check.inventory.ansible.loader import Variable

_HOST = ("ansible_host", "ansible_ssh_host")
_PORT = ("ansible_port", "ansible_ssh_port")
_USER = ("ansible_user", "ansible_ssh_user")
_PASSWORD = ("ansible_password", "ansible_ssh_pass", "ansible_ssh_password")
_ENABLE = ("ansible_become_password", "ansible_become_pass")
_KEY = ("ansible_ssh_private_key_file", "ansible_private_key_file")
_ARGUMENTS = ("ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_ssh_args")
_COMMANDS = ("ansible_paramiko_proxy_command", "ansible_libssh_proxy_command")
_OVER_SSH = {"ssh", "paramiko", "paramiko_ssh", "smart", "network_cli", "libssh"}


def describe(name: str, variables: Mapping[str, Variable], groups: tuple[str, ...], closed_files: Iterable[Path],
             environ: Mapping[str, str]) -> tuple[Described, tuple[Path, ...]]:
    """The device that a host is, and the files that hold a secret of it in clear. Raises InventoryError."""
    return _Host(name, variables, environ).described(groups, tuple(closed_files))


class _Host:
    def __init__(self, name: str, variables: Mapping[str, Variable], environ: Mapping[str, str]) -> None:
        self._name = name
        self._variables = variables
        self._environ = environ
        self._closed: list[str] = []
        self._secret_files: list[Path] = []
        self._defects: list[str] = []
        given = variables.get(OWN)
        self._own = own_values(Fields(given.path), given.value, name) if given is not None else {}

    def described(self, groups: tuple[str, ...], closed_files: tuple[Path, ...]) -> tuple[Described, tuple[Path, ...]]:
        host = self._word(_HOST, "host")
        port = self._port()
        user = self._user()
        password, enable = self._password(closed_files), self._enable()
        platform = self._plain(("ansible_network_os",))
        return Described(
            name=self._name, host=host or self._name, port=port, username=user, platform=platform, groups=groups,
            tags=words(self._value(("tags",)) or []), site="/".join(words(self._value(("site",)))) or None,
            jump=self._jump(), key_file=self._key_file(), password=password, enable_secret=enable,
            closed=" ".join(dict.fromkeys(self._closed)) or None, foreign=self._foreign(),
            defect=" ".join(self._defects) or None, own=self._own,
        ), tuple(self._secret_files)

    # -- values ------------------------------------------------------------------------------------------------------

    def _found(self, names: Iterable[str]) -> tuple[str, Variable] | None:
        return next(((name, self._variables[name]) for name in names
                     if name in self._variables and self._variables[name].value is not None), None)

    def _value(self, names: Iterable[str]) -> Any:  # noqa: ANN401  any YAML
        found = self._found(names)
        return None if found is None or found[1].is_vault else found[1].value

    def _plain(self, names: Iterable[str]) -> str | None:
        """A word, None where it is encrypted, an expression, or none at all."""
        found = self._found(names)
        if found is None or found[1].is_vault or found[1].is_expression:
            return None
        return str(found[1].value)

    def _word(self, names: tuple[str, ...], key: str) -> str | None:
        """A word that is needed: the device cannot be asked where it is encrypted or an expression."""
        if key in self._own:
            return None
        found = self._found(names)
        if found is None:
            return None
        why = _unreadable(found[1])
        if why:
            self._defects.append(f"{self._name}: `{found[0]}` ({found[1].place}) {why}. Write its value there, or "
                                 f"`{OWN}: {{{key}: ...}}` beside it.")
            return None
        return str(found[1].value)

    def _port(self) -> int | None:
        word = self._word(_PORT, "port")
        if word is None:
            return None
        if not word.isdigit() or not 0 < int(word) < 65536:  # noqa: PLR2004  TCP's ports
            given = self._variables[next(name for name in _PORT if name in self._variables)]
            raise Fields(given.path).error(given.line, f"the port of {self._name} must be a number from 1 to 65535.",
                                           "Correct it there.")
        return int(word)

    def _user(self) -> str | None:
        found = self._found(_USER)
        if found is not None and _unreadable(found[1]) and self._environ.get("VPN_CHECK_USERNAME"):
            return None
        return self._word(_USER, "username")

    # -- secrets -----------------------------------------------------------------------------------------------------

    def _secret(self, names: tuple[str, ...], instead: str) -> Secret | None:
        found = self._found(names)
        if found is None or found[1].value == "":
            return None
        why = _unreadable(found[1])
        if why:
            self._closed.append(f"`{found[0]}` ({found[1].place}) {why}: set {instead}.")
            return None
        self._secret_files.append(found[1].path)
        return Secret(str(found[1].value))

    def _password(self, closed_files: tuple[Path, ...]) -> Secret | None:
        if closed_files and self._found(_PASSWORD) is None:
            self._closed.append(f"{closed_files[0]} is encrypted with Ansible Vault, which is not opened: set "
                                "VPN_CHECK_PASSWORD, or use a key.")
        return self._secret(_PASSWORD, "VPN_CHECK_PASSWORD, or use a key")

    def _enable(self) -> Secret | None:
        method = self._plain(("ansible_become_method",)) or ""
        return self._secret(_ENABLE, "VPN_CHECK_ENABLE") if method.rsplit(".", 1)[-1] == "enable" else None

    def _key_file(self) -> str | None:
        found = self._found(_KEY)
        if found is None or "key_file" in self._own:
            return None
        why = _unreadable(found[1])
        if why:
            self._closed.append(f"`{found[0]}` ({found[1].place}) {why}: write the path there.")
            return None
        path = Path(str(found[1].value)).expanduser()
        beside = found[1].path.parent / path   # Ansible takes it from the current folder; both are meant by somebody
        return str(beside if beside.is_file() else path)

    # -- the way -----------------------------------------------------------------------------------------------------

    def _jump(self) -> tuple[str, ...]:
        if "jump" in self._own:
            return ()
        for names, read_as in ((_ARGUMENTS, jump_of_arguments), (_COMMANDS, jump_of_command)):
            for name in names:
                found = self._found((name,))
                if found is not None and (jump := self._jump_of(name, found[1], read_as)):
                    return jump
        return ()

    def _jump_of(self, name: str, variable: Variable, read_as: Any) -> tuple[str, ...]:  # noqa: ANN401  either reader
        why = _unreadable(variable)
        if not why:
            try:
                found: tuple[str, ...] = read_as(str(variable.value))
            except ValueError as exc:
                why = str(exc)
            else:
                return found
        if "roxy" in str(variable.value) or "-J" in str(variable.value) or name in _COMMANDS or variable.is_vault:
            self._defects.append(f"{self._name}: the way through a bastion in `{name}` ({variable.place}) {why}. Write "
                                 f"`{OWN}: {{jump: [user@]host[:port]}}` beside it.")
        return ()

    def _foreign(self) -> str | None:
        connection = (self._plain(("ansible_connection",)) or "ssh").rsplit(".", 1)[-1]
        return None if connection in _OVER_SSH else f"its `ansible_connection` is `{connection}`, which is not SSH"


def _unreadable(variable: Variable) -> str:
    if variable.is_vault:
        return "is encrypted with Ansible Vault, which is not opened"
    return "is a Jinja expression, which is not evaluated" if variable.is_expression else ""
