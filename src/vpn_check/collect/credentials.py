"""What to log in with: from the places that the inventory names, the environment, a key or the agent, or a question."""

from __future__ import annotations

import getpass
import stat
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from vpn_check.errors import AuthenticationFailed, InventoryError
from vpn_check.inventory import CredentialSource
from vpn_check.model.device import Credentials, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from vpn_check.inventory import Secret
    from vpn_check.model.device import Device

_HINT = ("Set VPN_CHECK_USERNAME and VPN_CHECK_PASSWORD, or `password_env`, `password_file`, `key_file` or `keyring` "
         "of a credential in the inventory.")
_NOTHING = CredentialSource(name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Where each part of a log-in came from; empty: there is none. `closed`: a password that could not be used."""

    username: str
    password: str
    enable_secret: str
    key_file: str | None
    agent: bool
    closed: str | None = None


class Resolver:
    """Resolves the credentials of many devices. A question is asked once for each user name and credential.

    Args:
        sources: the `credentials` of the inventory.
        environ: the environment.
        ask: asks a person for a secret, given the question; None where nobody can answer.
    """

    def __init__(self, sources: Mapping[str, CredentialSource], *, environ: Mapping[str, str],
                 ask: Callable[[str], str] | None) -> None:
        self._sources = sources
        self._environ = environ
        self._ask = ask
        self._lock = Lock()
        self._answers: dict[tuple[str, str], str] = {}

    def __call__(self, device: Device) -> Credentials:
        """The credentials for one device.

        A missing password is no error where a key file or the agent can be tried.

        Raises:
            AuthenticationFailed: nothing to log in with; the hint names the variables and keys.
            InventoryError: a secret file cannot be read, or others can read it; or the inventory describes the device
                in a way that cannot be used.
        """
        return self.explained(device)[0]

    def explained(self, device: Device) -> tuple[Credentials, Origins]:
        """The credentials for one device, and where each of them came from. Raises what calling raises."""
        if device.defect:
            raise InventoryError(device.defect)
        source = self._source(device)
        username, user_from = self._username(device, source)
        password, password_from = self._password(source)
        enable, enable_from = self._enable(source)
        key_file = device.key_file or (str(source.key_file) if source.key_file else None)
        agent_there = bool(self._environ.get("SSH_AUTH_SOCK"))
        use_agent = agent_there if source.agent is None else source.agent
        if not password and source.keyring:
            password = _from_keyring(device, source.keyring, username)
            password_from = f"the keyring, service {source.keyring}" if password else ""
        wants_agent = bool(source.agent) or (source.agent is None and agent_there and self._ask is None)
        only_password = device.transport is Transport.TELNET   # telnet takes no key
        if not password and (only_password or not (key_file or wants_agent)):
            password, password_from = self._answer(device, username, source), "the terminal"
        use_agent = use_agent and (bool(source.agent) or not password)
        credentials = Credentials(
            username=username, password=password or None, enable_secret=enable or None, key_file=key_file,
            passphrase=self._environ.get(source.passphrase_env) if source.passphrase_env else None, use_agent=use_agent)
        return credentials, Origins(username=user_from, password=password_from, enable_secret=enable_from,
                                    key_file=key_file, agent=use_agent, closed=source.closed)

    def _source(self, device: Device) -> CredentialSource:
        if device.credential is None:
            return _NOTHING
        if device.credential not in self._sources:
            raise InventoryError(f"{device.name}: there is no credential `{device.credential}`.",
                                 hint="Add it under `credentials` in the inventory.")
        return self._sources[device.credential]

    def _username(self, device: Device, source: CredentialSource) -> tuple[str, str]:
        if device.username:
            return device.username, "the device"
        if source.username:
            return source.username, f"the credential {source.name}"
        if named := self._environ.get("VPN_CHECK_USERNAME"):
            return named, "VPN_CHECK_USERNAME"
        return _login_name(), "the local user"

    def _password(self, source: CredentialSource) -> tuple[str | None, str]:
        return self._secret(source.password_env, source.password_file, source.password, "VPN_CHECK_PASSWORD")

    def _enable(self, source: CredentialSource) -> tuple[str | None, str]:
        return self._secret(source.enable_secret_env, source.enable_secret_file, source.enable_secret,
                            "VPN_CHECK_ENABLE")

    def _secret(self, variable: str | None, file: Path | None, held: Secret | None,
                general: str) -> tuple[str | None, str]:
        """The first secret that there is, and where it was."""
        if variable and self._environ.get(variable):
            return self._environ[variable], variable
        if file:
            return _read_secret(file), f"the file {file}"
        if held:
            return held.reveal(), "the inventory itself"
        return self._environ.get(general), general if self._environ.get(general) else ""

    def _answer(self, device: Device, username: str, source: CredentialSource) -> str:
        hint = f"{source.closed} {_HINT}" if source.closed else _HINT
        if self._ask is None:
            raise AuthenticationFailed(f"{device.name}: there is no password for {username}.",
                                       code="no-credentials", hint=hint)
        with self._lock:
            key = (username, source.name)
            if key not in self._answers:
                place = f" ({source.name})" if source.name else f" on {device.name}"
                self._answers[key] = self._ask(f"Password for {username}{place}: ")
            if not self._answers[key]:
                raise AuthenticationFailed(f"{device.name}: no password was given for {username}.",
                                           code="no-credentials", hint=hint)
            return self._answers[key]


def resolve(device: Device, sources: Mapping[str, CredentialSource], *, environ: Mapping[str, str],
            ask: Callable[[str], str] | None) -> Credentials:
    """The credentials for a single device; for several, share a `Resolver`."""
    return Resolver(sources, environ=environ, ask=ask)(device)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):   # a process without a user entry, as in a container
        return "admin"


def _read_secret(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                raise InventoryError(f"The secret file {path} can be read by others (mode {mode:04o}).",
                                     hint=f"Type: chmod 600 {path}")
            secret = file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "not UTF-8"
        raise InventoryError(f"The secret file {path} cannot be read ({why}).",
                             hint="Check `password_file` and `enable_secret_file` of the credential.") from None
    if not secret:
        raise InventoryError(f"The first line of the secret file {path} is empty.", hint="Write the secret there.")
    return secret


def _from_keyring(device: Device, service: str, username: str) -> str | None:
    try:
        import keyring  # noqa: PLC0415  optional, and slow to load
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        raise AuthenticationFailed(f"{device.name}: the credential names a keyring, and keyring is not installed.",
                                   code="keyring",
                                   hint="Type: pip install 'vpn-check[keyring]'") from None
    try:
        found: str | None = keyring.get_password(service, username)
    except KeyringError as exc:
        raise AuthenticationFailed(f"{device.name}: the keyring cannot be used ({type(exc).__name__}).",
                                   code="keyring",
                                   hint="Unlock it, or use `password_env` or `password_file`.") from None
    return found
