"""The set-up of this machine, step by step: software, inventory, credentials, secret files, known hosts."""

from __future__ import annotations

import platform
import stat
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check import __version__
from vpn_check.collect.algorithms import speaks_sha1
from vpn_check.collect.credentials import Resolver
from vpn_check.errors import VpnCheckError
from vpn_check.inventory import find_inventory, load_inventory
from vpn_check.model.checkup import Step, fail, ok, warn
from vpn_check.model.device import Device

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.inventory import CredentialSource, Inventory

_MOST = 20   # credentials that are listed one by one
_VARIABLES = ("VPN_CHECK_USERNAME", "VPN_CHECK_PASSWORD", "VPN_CHECK_ENABLE", "NETBOX_TOKEN")


def software_steps() -> Iterator[Step]:
    """Python, and what the SSH library can speak."""
    yield ok("software", f"vpn-check {__version__}, Python {platform.python_version()}")
    libraries = f"paramiko {version('paramiko')}, netmiko {version('netmiko')}"
    if speaks_sha1():
        yield ok("SSH library", f"{libraries}; old algorithms are there for `legacy: true`")
    else:
        yield warn("SSH library", f"{libraries}: SHA-1 is gone from it, old IOS, ASA and PIX cannot be reached",
                   "Type: pip install 'paramiko>=4,<5'")


def inventory_steps(given: Path | str | None) -> tuple[tuple[Step, ...], Inventory | None]:
    """Whether there is an inventory, and whether it can be read; and the inventory."""
    place = find_inventory(given)
    if place is None:
        return (ok("inventory", "none found; names are taken from ~/.ssh/config, and addresses as they are",
                   "See inventory.example.yaml for groups, credentials and tags."),), None
    try:
        held = load_inventory(place)
    except VpnCheckError as error:
        return (fail("inventory", error.message, error.hint),), None
    foreign = [device for device in held.devices.values() if device.foreign]
    defects = [device for device in held.devices.values() if device.defect]
    words = [f"{held.path} ({held.kind} form)", _counted(len(held.devices), "device")]
    words += [f"{len(foreign)} of them not ours: {foreign[0].name}, {foreign[0].foreign}"] if foreign else []
    steps = [ok("inventory", "; ".join(words)) if held.devices else
             warn("inventory", "; ".join(words), "Add devices, or name another inventory with --inventory.")]
    if defects:
        steps.append(warn("inventory", f"{_counted(len(defects), 'device')} cannot be asked as described: "
                                       f"{defects[0].defect}"))
    steps += [warn("inventory", note) for note in held.notes]
    return tuple(steps), held


def credential_steps(held: Inventory | None, environ: Mapping[str, str], *, can_ask: bool,
                     used: Iterable[Device]) -> Iterator[Step]:
    """Where each credential of the inventory would come from, never what it is.

    Args:
        held: the inventory, if there is one.
        environ: the environment.
        can_ask: whether somebody sits at the terminal, to be asked for a password.
        used: the devices that are checked; none: every credential counts.
    """
    yield ok("environment", f"set: {', '.join(name for name in _VARIABLES if environ.get(name)) or 'none of ours'}")
    sources = held.credentials if held is not None else {}
    named = [device.credential for device in used if device.credential and device.credential in sources]
    chosen = list(dict.fromkeys(named)) if named else list(sources)
    for name in chosen[:_MOST]:
        yield from _one_credential(sources[name], Resolver(sources, environ=environ, ask=None), can_ask=can_ask)
    if len(chosen) > _MOST:
        yield ok("credential", f"and {len(chosen) - _MOST} more, which were not looked at")


def _one_credential(source: CredentialSource, resolver: Resolver, *, can_ask: bool) -> Iterator[Step]:
    name = f"credential {source.name}"
    try:
        _, origins = resolver.explained(Device(name=name, host="", credential=source.name))
    except VpnCheckError as error:
        if can_ask and error.step == "authenticate" and not source.keyring:
            yield ok(name, "no password is kept; it will be asked for", source.closed or "")
        else:
            yield fail(name, error.message.removeprefix(f"{name}: "), error.hint)
        return
    words = [f"password from {origins.password}"] if origins.password else []
    words += [f"enable secret from {origins.enable_secret}"] if origins.enable_secret else []
    words += [f"key {origins.key_file}"] if origins.key_file else []
    words += ["keys of the agent"] if origins.agent else []
    yield ok(name, "; ".join(words))
    for path in (source.password_file, source.enable_secret_file):
        if path is not None and path.exists():
            yield ok("secret file", f"{path} has mode {stat.S_IMODE(path.stat().st_mode):04o}")
    if origins.key_file:
        yield _key_step(Path(origins.key_file))


def _key_step(path: Path) -> Step:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as exc:
        return fail("key file", f"{path} cannot be read ({exc.strerror})", "Check `key_file:` of the credential.")
    if mode & 0o077:
        return warn("key file", f"{path} can be read by others (mode {mode:04o})", f"Type: chmod 600 {path}")
    return ok("key file", f"{path} has mode {mode:04o}")


def known_hosts_steps(host_keys: HostKeys, devices: Iterable[Device]) -> Iterator[Step]:
    """The files that vouch for devices: there, in order, and written by their owner alone."""
    paths = dict.fromkeys(host_keys.file_of(device) for device in devices)
    for path in paths or (host_keys.file_of(Device(name="", host="")),):
        try:
            host_keys.algorithms(path, "", 22)   # reads the file
            mode = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:
            yield warn("known hosts", f"{path} does not exist: every host key is unknown, and refused",
                       "Verify a fingerprint, then use --accept-new-host-key once.")
            continue
        except VpnCheckError as error:
            yield fail("known hosts", error.message, error.hint)
            continue
        count = sum(bool(line.strip()) and not line.startswith("#")
                    for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
        if mode & 0o022:
            yield warn("known hosts", f"{path} can be written by others (mode {mode:04o})", f"Type: chmod 644 {path}")
        else:
            yield ok("known hosts", f"{path} lists {_counted(count, 'key')}")
    for note in host_keys.notes:
        yield warn("known hosts", note, "Correct the line, or remove it.")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
