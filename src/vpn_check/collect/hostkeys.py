"""Whether a device is who it says: strict by default, new keys only by an explicit wish, changed keys never."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vpn_check.collect.knownhosts import HostKey, KnownHosts, host_name
from vpn_check.errors import HostKeyError, InventoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.model.device import Device

_ALGORITHMS = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")}


class HostKeys:
    """The host keys of all devices of a run. Each file is read once, however many devices share it.

    Args:
        environ: the environment; `HOME` says where `~/.ssh/known_hosts` is.
        accept_new: add the key of a host that is not listed yet (trust on first use).
    """

    def __init__(self, environ: Mapping[str, str] = os.environ, *, accept_new: bool = False) -> None:
        self._home = Path(environ.get("HOME") or "~").expanduser()
        self._accept_new = accept_new
        self._lock = Lock()
        self._files: dict[Path, KnownHosts] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Lines that were skipped, with file and number."""
        with self._lock:
            return tuple(f"{path}: {note}" for path, file in self._files.items() for note in file.notes)

    def file_of(self, device: Device) -> Path:
        """The known_hosts file that speaks for a device."""
        if device.known_hosts:
            return Path(device.known_hosts)
        return self._home / ".ssh" / "known_hosts"

    def algorithms(self, path: Path, host: str, port: int) -> tuple[str, ...]:
        """Host-key algorithms for the keys that are known, best first: so that the device proves one of those."""
        kinds = dict.fromkeys(key.kind for key in self._known(path, host, port))
        return tuple(name for kind in kinds for name in _ALGORITHMS.get(kind, (kind,)))

    def verify(self, name: str, path: Path, host: str, port: int, key: HostKey) -> None:
        """Accept a key, or refuse it with its fingerprint, the file, and what to do.

        Raises:
            HostKeyError: unknown, changed or revoked. Nothing has been sent but the key exchange.
        """
        entry = host_name(host, port)
        with self._lock:
            file = self._load(path)
            known = self._listed(file, host, port)
            if file.revoked(entry, key):
                raise HostKeyError(f"{name}: the host key {key.fingerprint} of {entry} is marked @revoked in {path}.",
                                   code="host-key-revoked",
                                   hint="Do not log in; find out who answers at this address.")
            if key in known:
                return
            own = file.keys(entry)
            if own:
                listed = ", ".join(dict.fromkeys(f"{other.fingerprint} ({other.kind})" for other in own))
                raise HostKeyError(
                    f"{name}: the host key of {entry} has changed: it shows {key.fingerprint} ({key.kind}), {path} "
                    f"lists {listed}; no password was sent.",
                    code="host-key-changed",
                    hint=f"If the device was replaced, verify the fingerprint on its console, then: "
                         f"ssh-keygen -R '{entry}' -f {path}")
            if not self._accept_new:
                port_option = "" if entry == host else f"-p {port} "
                raise HostKeyError(
                    f"{name}: the host key of {entry} is not known: {key.fingerprint} ({key.kind}) is not in {path}.",
                    code="host-key-unknown",
                    hint=f"Verify the fingerprint on the device, then use --accept-new-host-key, or: "
                         f"ssh-keyscan {port_option}{host} >> {path}")
            self._append(path, f"{entry} {key.line}")

    def _known(self, path: Path, host: str, port: int) -> tuple[HostKey, ...]:
        with self._lock:
            return self._listed(self._load(path), host, port)

    @staticmethod
    def _listed(file: KnownHosts, host: str, port: int) -> tuple[HostKey, ...]:
        entry = host_name(host, port)
        return file.keys(entry) or (file.keys(host) if entry != host else ())

    def _load(self, path: Path) -> KnownHosts:
        if path not in self._files:
            try:
                text = path.read_text(encoding="utf-8", errors="replace")
            except FileNotFoundError:
                text = ""
            except OSError as exc:
                raise InventoryError(f"The host keys in {path} cannot be read ({exc.strerror}).",
                                     hint="Make the file readable, or set `known_hosts:` to another one.") from exc
            self._files[path] = KnownHosts(text)
        return self._files[path]

    def _append(self, path: Path, line: str) -> None:
        """Write the file anew with one line more, in one step, so that no reader ever sees half of it."""
        temporary: str | None = None
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target = path.resolve()
            old = target.read_text(encoding="utf-8", errors="surrogateescape") if target.exists() else ""
            if old and not old.endswith("\n"):
                old += "\n"
            descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".known_hosts.")   # mode 0600
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(f"{old}{line}\n")
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
            temporary = None
        except OSError as exc:
            raise HostKeyError(f"The new host key cannot be added to {path} ({exc.strerror}).",
                               hint="Make the folder writable, or add the key by hand with ssh-keyscan.") from exc
        finally:
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)
        self._files[path] = KnownHosts(f"{old}{line}\n")
