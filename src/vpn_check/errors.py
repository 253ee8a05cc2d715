"""Errors, split by what the reader can do next.

VpnCheckError
 ├─ UsageError              the words of the command line, or a file it names        -> change the command
 ├─ InventoryError          the inventory or SSH configuration cannot be used        -> edit the file
 ├─ InputError              a captured text cannot be read                            -> give another file
 ├─ SignatureError          a file of `--signatures` cannot be used                   -> edit the file
 ├─ TemplateError           a template of the package is broken                       -> report a defect
 ├─ CommandNotAllowed       a command outside the classes that the job opened         -> report a defect
 ├─ HistoryError            the database of polls cannot be used as it is             -> another place, or mend it
 │   └─ HistoryUnavailable  it cannot be reached or written right now                 -> try again later
 └─ DeviceError             one device; the others go on
     ├─ Unreachable         no TCP or SSH connection                                  -> name, route, port, filter
     ├─ HostKeyError        the key is unknown or has changed                         -> verify, then accept
     ├─ AlgorithmMismatch   no common SSH algorithm                                   -> mark the device legacy
     ├─ AuthenticationFailed                                                          -> credentials
     ├─ PrivilegeError      log-in works, the level does not suffice                  -> enable secret, AAA
     ├─ DialogueError       the device asks something that we do not answer           -> log in by hand once
     ├─ SessionClosed       the device ended the session                              -> try again, look at the device
     └─ DeviceTimeout       connected, but no answer in time                          -> load, path, --timeout

Every message is one line: what happened, then what to do next. No message holds a secret.
"""

from __future__ import annotations


class VpnCheckError(Exception):
    """Base of every error that vpn-check raises on purpose.

    Args:
        message: what happened, in one sentence.
        hint: what to do next, in one sentence.
        code: a word for scripts that tells this failure from others of the same step; the step where there is none.
    """

    step = "vpn-check"

    def __init__(self, message: str, *, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.step

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(VpnCheckError):
    """The command line asks for something that cannot be."""

    step = "usage"


class InventoryError(VpnCheckError):
    """The inventory, known_hosts or SSH configuration cannot be used as it is."""

    step = "inventory"


class InputError(VpnCheckError):
    """A captured text cannot be read or holds nothing that vpn-check knows."""

    step = "input"


class SignatureError(VpnCheckError):
    """A known message, of the catalogue or of a site, is not described as it must be: one line a fault."""

    step = "signatures"


class TemplateError(VpnCheckError):
    """A TextFSM template of the package, or one given by the user, is broken."""

    step = "parse"


class CommandNotAllowed(VpnCheckError):
    """A command was about to be written to a device for whose class the session was not opened."""

    step = "safety"


class HistoryError(VpnCheckError):
    """The database of polls cannot be used as it is: no database, of a newer release, not to be written."""

    step = "history"


class HistoryUnavailable(HistoryError):
    """The database of polls cannot be reached, locked or written right now: worth trying later."""


class DeviceError(VpnCheckError):
    """Something failed with one device. `step` names where.

    Args:
        message: what happened, in one sentence.
        hint: what to do next, in one sentence.
        code: as above.
        again: how many further attempts, a moment later, are worth making; 0 where a repeat mends nothing or does harm.
    """

    step = "device"

    def __init__(self, message: str, *, hint: str = "", code: str = "", again: int = 0) -> None:
        super().__init__(message, hint=hint, code=code)
        self.again = again


class Unreachable(DeviceError):
    """No TCP connection, or no SSH banner or telnet log-in behind it."""

    step = "connect"


class HostKeyError(DeviceError):
    """The SSH host key is unknown, or is not the one that known_hosts holds."""

    step = "host-key"


class AlgorithmMismatch(DeviceError):
    """Device and client share no SSH key exchange, cipher, MAC or host-key algorithm."""

    step = "algorithms"


class AuthenticationFailed(DeviceError):
    """The device refused the credentials."""

    step = "authenticate"


class PrivilegeError(DeviceError):
    """Log-in works; the privilege level does not suffice and could not be raised."""

    step = "privilege"


class DialogueError(DeviceError):
    """The device asks a question after log-in that vpn-check does not answer (password change, second factor)."""

    step = "login-dialogue"


class SessionClosed(DeviceError):
    """The device ended the session before it was done."""

    step = "session"


class DeviceTimeout(DeviceError):
    """The device is connected and does not answer in time."""

    step = "timeout"
