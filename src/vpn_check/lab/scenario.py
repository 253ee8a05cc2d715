"""Scenarios: folders below `mocks/`, each a story, its devices, what they print, and what must be found.

A scenario is `scenario.yaml` beside one folder a device, with one file a command: `show_crypto_ipsec_sa.txt` is what
the device answers to `show crypto ipsec sa`. `negotiation.log` beside them is what its debugs show, time stamps aside,
each time it negotiates with the peer that it is expected to name. Keys of `scenario.yaml`:

* `title`, `story`: what a user sees, and why.
* `devices`: by name: `platform`, `hostname`, and where they apply `remote` (the device at the other end),
  `transport` (ssh, telnet), `username`, `enable_secret`, `fault`, `fault_arg`, `fault_command`, `banner`, `paging`,
  `legacy_kex`, `release`, `level`; for `ping`: `old_ping`, `addresses` (its own), and `pings`, by destination: `mtu`,
  `own_mtu`, `fault` (`PING_FAULTS`), `delay`, `flow`.
* `expect`: by device: `status`, `exit`, `cause` (the codes that the evidence of this device alone allows, the best
  first; empty: none is demanded), `peer` (null: any).
* `mtu`, where the scenario is one for `vpn-check mtu`: by device: `to`, `from`, and what must come out: `outside` and
  `inside` (bytes; null: it cannot be told), `status`.
* `compare`, where both ends together tell more: `devices` (two) and `cause`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import yaml

from vpn_check.errors import UsageError
from vpn_check.lab.debugging import Debugging
from vpn_check.lab.device import LabDevice
from vpn_check.lab.ping import PingTarget
from vpn_check.model.device import PlatformName, Transport
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_DEVICE_KEYS = ("username", "enable_secret", "fault", "fault_arg", "fault_command", "banner", "paging", "legacy_kex",
                "release", "level", "old_ping")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a check of one device must say.

    `causes` empty: no cause is demanded; `peer` None: any; `asked`: the peer that the check is asked about.
    """

    status: str
    exit_code: int
    causes: tuple[str, ...]
    peer: str | None
    asked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What both ends together must say."""

    devices: tuple[str, str]
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MtuExpectation:
    """What `vpn-check mtu` must measure from one device, in bytes; None: it cannot be told."""

    to: str
    source: str | None
    outside: int | None
    inside: int | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story with its devices. `remotes` maps a device to the one at the other end of its tunnel."""

    name: str
    title: str
    story: str
    devices: tuple[LabDevice, ...]
    remotes: Mapping[str, str]
    expect: Mapping[str, Expectation]
    recorded: Mapping[str, Expectation] = field(default_factory=dict)
    compare: Comparison | None = None
    mtu: Mapping[str, MtuExpectation] = field(default_factory=dict)


def scenario_names() -> tuple[str, ...]:
    """The names of all scenarios, sorted."""
    return tuple(sorted(path.parent.name for path in data_path("mocks").glob("*/scenario.yaml")))


def load(name: str) -> Scenario:
    """Read one scenario by its name.

    Raises:
        UsageError: there is no such scenario, or its files are broken.
    """
    if name not in scenario_names():
        raise UsageError(f"There is no lab scenario {name!r}.", hint=f"There are: {', '.join(scenario_names())}.")
    return load_folder(data_path("mocks", name))


def load_folder(folder: Path) -> Scenario:
    """Read the scenario of a folder.

    Raises:
        UsageError: its files are broken.
    """
    path = folder / "scenario.yaml"
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _scenario(folder, document)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise UsageError(f"{path} is not YAML: {problem}.") from error
    except KeyError as error:
        raise UsageError(f"{path} lacks {error}.", hint="The other scenarios show what belongs there.") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise UsageError(f"{path} has a value of the wrong kind: {error}.") from error


def lab_devices(scenarios: Iterable[Scenario]) -> tuple[LabDevice, ...]:
    """The devices of scenarios that run together; `<scenario>-<device>` when a name would stand twice."""
    found = [(scenario.name, device) for scenario in scenarios for device in scenario.devices]
    if len({device.name for _, device in found}) == len(found):
        return tuple(device for _, device in found)
    return tuple(replace(device, name=f"{scenario}-{device.name}") for scenario, device in found)


def _scenario(folder: Path, document: Mapping[str, Any]) -> Scenario:
    devices = document["devices"]
    compare = document.get("compare")
    scenario = Scenario(
        name=folder.name,
        title=str(document["title"]),
        story=str(document["story"]).strip(),
        devices=tuple(_device(folder, name, entry, document["expect"].get(name, {}))
                      for name, entry in devices.items()),
        remotes={name: str(entry["remote"]) for name, entry in devices.items() if "remote" in entry},
        expect={name: _expectation(entry) for name, entry in document["expect"].items()},
        recorded={name: _expectation(entry) for name, entry in document.get("recorded", {}).items()},
        compare=_comparison(compare) if compare else None,
        mtu={name: _mtu(entry) for name, entry in document.get("mtu", {}).items()},
    )
    compared = (compare or {}).get("devices", ())
    named = {*scenario.expect, *scenario.recorded, *scenario.mtu, *scenario.remotes.values(), *compared}
    strangers = named - {*devices}
    if strangers:
        raise ValueError(f"{', '.join(sorted(strangers))} is no device of the scenario")
    return scenario


def _device(folder: Path, name: str, entry: Mapping[str, Any], expected: Mapping[str, Any]) -> LabDevice:
    unknown = {*entry} - {"platform", "hostname", "remote", "transport", "pings", "addresses", *_DEVICE_KEYS}
    if unknown:
        raise ValueError(f"device {name} has the unknown key {', '.join(sorted(unknown))}")
    files = sorted((folder / name).glob("*.txt"))
    if not files:
        raise ValueError(f"device {name} has no output in {folder / name}")
    return LabDevice(
        name=name,
        platform=PlatformName(entry["platform"]),
        hostname=str(entry["hostname"]),
        outputs={path.stem.replace("_", " "): path.read_text(encoding="utf-8") for path in files},
        transport=Transport(entry.get("transport", Transport.SSH)),
        groups=(folder.name,),
        pings={str(to): PingTarget(**target) for to, target in entry.get("pings", {}).items()},
        addresses=tuple(str(address) for address in entry.get("addresses", ())),
        debugging=_debugging(folder / name / "negotiation.log", expected.get("peer")),
        **{key: entry[key] for key in _DEVICE_KEYS if key in entry},
    )


def _debugging(log: Path, peer: str | None) -> Debugging:
    return Debugging(negotiation=log.read_text(encoding="utf-8"), peer=peer) if log.exists() else Debugging()


def _expectation(entry: Mapping[str, Any]) -> Expectation:
    return Expectation(status=str(entry["status"]), exit_code=int(entry["exit"]), causes=_codes(entry["cause"]),
                       peer=None if entry.get("peer") is None else str(entry["peer"]),
                       asked=str(entry["asked"]) if "asked" in entry else None)


def _mtu(entry: Mapping[str, Any]) -> MtuExpectation:
    return MtuExpectation(
        to=str(entry["to"]), source=entry.get("from"), outside=entry["outside"], inside=entry["inside"],
        status=str(entry["status"]),
    )  # fmt: skip


def _comparison(entry: Mapping[str, Any]) -> Comparison:
    here, there = entry["devices"]
    return Comparison(devices=(str(here), str(there)), causes=_codes(entry["cause"]))


def _codes(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(code) for code in value)
