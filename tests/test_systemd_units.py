"""The units that are shipped: what they start exists, they hold no secret, and they are hardened."""

from __future__ import annotations

import re
import shlex
from configparser import RawConfigParser
from typing import TYPE_CHECKING

import click
import pytest

from vpn_check.cli.main import main
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from pathlib import Path

SERVICES = ("vpn-check-poll.service", "vpn-check-poll-once.service")
TIMER = "vpn-check-poll.timer"


class Unit(RawConfigParser):
    """A unit file. Of a key that comes several times the last value is kept."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
        self.read_string(path.read_text(encoding="utf-8"))

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def unit(name: str) -> Unit:
    return Unit(data_path("systemd", name))


def options_of(command: str) -> set[str]:
    found = main.get_command(click.Context(main), command)
    assert found is not None
    return {word for parameter in found.params for word in parameter.opts}


@pytest.mark.parametrize("name", SERVICES)
def test_every_option_of_the_command_line_exists(name: str) -> None:
    program, command, *words = shlex.split(unit(name)["Service"]["ExecStart"])
    assert program.endswith("/vpn-check")
    told = {word.partition("=")[0] for word in words if word.startswith("--")}
    text = data_path("systemd", name).read_text(encoding="utf-8")
    told |= set(re.findall(r"(?<=\s)--(?:notify-file|history|inventory)\b", text))
    assert told <= options_of(command)


def test_the_service_goes_on_by_itself_and_the_single_poll_ends() -> None:
    assert "--every" in unit(SERVICES[0])["Service"]["ExecStart"]
    assert "--every" not in unit(SERVICES[1])["Service"]["ExecStart"]
    assert unit(SERVICES[1])["Service"]["Type"] == "oneshot"


def test_the_service_starts_anew_after_a_crash_and_not_after_wrong_usage() -> None:
    service = unit(SERVICES[0])["Service"]
    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"].split() == ["3"]


def test_a_verdict_is_no_failure_of_the_single_poll_and_silence_is() -> None:
    assert unit(SERVICES[1])["Service"]["SuccessExitStatus"].split() == ["1", "2"]


@pytest.mark.parametrize("name", SERVICES)
def test_the_units_are_hardened_and_write_to_their_own_folders_alone(name: str) -> None:
    service = unit(name)["Service"]
    for key, value in (("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("ProtectHome", "yes"),
                       ("PrivateTmp", "yes"), ("CapabilityBoundingSet", ""), ("StateDirectory", "vpn-check"),
                       ("User", "vpn-check"), ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX")):
        assert service[key] == value
    assert "ReadWritePaths" not in service


@pytest.mark.parametrize("name", [*SERVICES, TIMER])
def test_a_unit_sets_no_secret(name: str) -> None:
    live = [line for line in data_path("systemd", name).read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]
    assert not [line for line in live if re.search(r"(?i)password|secret|token", line)]


def test_the_timer_spreads_its_starts_makes_up_for_what_was_missed_and_starts_the_single_poll() -> None:
    timer = unit(TIMER)["Timer"]
    assert timer["Persistent"] == "yes"
    assert int(timer["RandomizedDelaySec"]) > 0
    assert timer["Unit"] == SERVICES[1]
    assert unit(TIMER)["Install"]["WantedBy"] == "timers.target"
