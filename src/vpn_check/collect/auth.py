"""The SSH log-in: key file, agent, password; each once, and no answer to a question that was not expected."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import paramiko

from vpn_check.collect.ssh_errors import LogIn, translate
from vpn_check.errors import AuthenticationFailed, DialogueError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.collect.transport import Peer, PeerTransport

_AGENT_KEYS = 2   # devices allow about three attempts: leave one for the password


def authenticate(transport: PeerTransport, peer: Peer) -> None:
    """Log in to a peer whose host key has been verified.

    Raises:
        AuthenticationFailed: refused, or stopped because other devices refused the same credential.
        DialogueError: a second factor is asked for. Nothing was answered.
        DeviceTimeout: no answer.
    """
    log_in = _LogIn(transport, peer)
    with peer.lock_out.attempt(peer.name, peer.credentials):
        try:
            with closing(log_in):
                log_in.run()
            transport.seen.log_in = LogIn.ACCEPTED
        except (paramiko.SSHException, EOFError, OSError) as exc:
            log_in.raise_question(exc)
            if transport.accepted:   # the device hung up so soon behind its yes that the end was seen first
                transport.seen.log_in = LogIn.ACCEPTED
            raise translate(exc, name=peer.name, limits=peer.limits, seen=transport.seen,
                            legacy=peer.legacy) from exc


class _LogIn:
    def __init__(self, transport: PeerTransport, peer: Peer) -> None:
        self._transport = transport
        self._peer = peer
        self._user = peer.credentials.username
        self._question = ""
        self._answered = False
        self._agent: paramiko.Agent | None = None

    def close(self) -> None:
        if self._agent is not None:
            self._agent.close()

    def run(self) -> None:
        password = self._peer.credentials.password
        refusal: paramiko.AuthenticationException | None = None
        for key in self._keys():
            try:
                further = self._transport.auth_publickey(self._user, key)
            except paramiko.BadAuthenticationType as exc:
                refusal = exc
                break
            except paramiko.AuthenticationException as exc:
                if not self._transport.is_active() or "timeout" in str(exc).lower():
                    raise
                refusal = exc
                continue
            if not further:
                return
            self._further(further, allowed="password" if password is not None else None)
            break
        if password is not None:
            self._password(password)
        elif refusal is not None:
            raise refusal
        elif not self._transport.is_authenticated():
            raise AuthenticationFailed(
                f"{self._peer.name}: there is no password and no usable key for {self._user}.",
                code="no-credentials",
                hint="Set VPN_CHECK_PASSWORD, or `password_env`, `password_file` or `key_file` of a credential in the "
                     "inventory.")

    def _keys(self) -> Iterator[paramiko.PKey]:
        credentials = self._peer.credentials
        if credentials.key_file:
            yield self._load(credentials.key_file, credentials.passphrase)
        if credentials.use_agent:
            self._agent = paramiko.Agent()
            keys = self._agent.get_keys()
            yield from keys if credentials.password is None else keys[:_AGENT_KEYS]

    def _load(self, path: str, passphrase: str | None) -> paramiko.PKey:
        try:
            secret: Any = passphrase.encode() if passphrase else None   # bytes, whatever the stubs say
            return paramiko.PKey.from_path(path, secret)
        except TypeError as exc:   # cryptography's word for: encrypted, and no passphrase given (or the reverse)
            raise AuthenticationFailed(f"{self._peer.name}: the key file {path} and its passphrase do not go together.",
                                       code="key-file",
                                       hint="Set `passphrase_env:` of the credential, or use the agent.") from exc
        except (ValueError, OSError, paramiko.SSHException) as exc:
            why = exc.strerror if isinstance(exc, OSError) else "not a private key, or the passphrase is wrong"
            raise AuthenticationFailed(f"{self._peer.name}: the key file {path} cannot be used ({why}).",
                                       code="key-file",
                                       hint="Check `key_file:` and `passphrase_env:` of the credential.") from exc

    def _password(self, password: str) -> None:
        try:
            self._further(self._transport.auth_password(self._user, password, fallback=False))
        except paramiko.BadAuthenticationType as exc:
            if "keyboard-interactive" not in exc.allowed_types:
                raise
            self._further(self._transport.auth_interactive(self._user, self._answer))

    def _answer(self, _title: str, _instructions: str, fields: list[tuple[str, bool]]) -> list[str]:
        """Called by the transport's thread for each question of keyboard-interactive."""
        if not fields:
            return []
        prompt, shown = fields[0]
        password = self._peer.credentials.password
        expected = "password" in prompt.lower() and "new" not in prompt.lower() and not shown
        if len(fields) > 1 or self._answered or not expected or password is None:
            self._question = prompt.strip()[:80] or "an unnamed question"
            raise paramiko.SSHException("a question that is not answered")
        self._answered = True
        return [password]

    def _further(self, methods: list[str], allowed: str | None = None) -> None:
        if methods and allowed not in methods:
            self._question = ", ".join(methods)
            self.raise_question(None)

    def raise_question(self, cause: BaseException | None) -> None:
        if self._question:
            raise DialogueError(
                f"{self._peer.name}: the log-in asks for more than a password (`{self._question}`); unanswered.",
                code="second-factor",
                hint="Use an account without a second factor, or capture the output by hand for `vpn-check analyze`.",
            ) from cause
