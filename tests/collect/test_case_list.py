"""What an evidence bundle asks: show commands only, the configuration first, bounded, and nothing twice by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.collect.conftest import LONG

from vpn_check.collect.case import Plan, collect_case
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import Access, collect
from vpn_check.collect.permit import permit
from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command, CommandClass, Problem, Subject
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.collect.conftest import Bench

    from vpn_check.model.transcript import CommandOutput

SA = """interface: Tunnel1
    Crypto map tag: M, local addr 192.0.2.1
   local  ident (addr/mask/prot/port): (10.1.0.0/255.255.0.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.0.0/255.255.0.0/0/0)
   current_peer 198.51.100.7 port 500
"""
LIMITS = Limits(connect=2, banner=2, negotiate=2, authenticate=2, login=2, enable=2, idle=1, total=5)


def asked(bench: Bench, plan: Plan, limits: Limits = LIMITS) -> list[CommandOutput]:
    found: list[CommandOutput] = []
    collect_case(
        bench.device(), bench.credentials(), Access(host_keys=HostKeys(), limits=limits), limits, plan, found.append
    )
    return found


@pytest.mark.parametrize("name", PlatformName)
def test_only_show_commands_are_in_the_list_and_each_is_bounded(name: PlatformName) -> None:
    commands = PLATFORMS[name].case
    assert len(commands) > 20
    for command in commands:
        for text in filter(None, (command.text, command.instead)):
            permit(Command(text=text.replace("{peer}", "2001:db8::1")), [CommandClass.READ])
        assert 0 < command.seconds <= 600
        assert 0 < command.size <= 64 << 20
    assert len({command.text for command in commands}) == len(commands)


@pytest.mark.parametrize("name", PlatformName)
def test_the_configuration_is_asked_first_so_that_its_keys_are_known(name: PlatformName) -> None:
    about = [command.about for command in PLATFORMS[name].case if not command.long]
    first = [place for place, subject in enumerate(about) if subject is Subject.CONFIG]
    assert first == list(range(len(first)))
    wanted = {
        Subject.CONFIG,
        Subject.SYSTEM,
        Subject.STATE,
        Subject.COUNTERS,
        Subject.ENGINE,
        Subject.LOG,
        Subject.PATH,
    }
    assert wanted <= set(about)
    assert any(command.twice for command in PLATFORMS[name].case if command.about is Subject.COUNTERS)


@pytest.mark.parametrize("name", PlatformName)
def test_what_the_main_job_asks_is_in_the_list(name: PlatformName) -> None:
    listed = {text for command in PLATFORMS[name].case for text in (command.text, command.instead)}
    assert {command.text for command in PLATFORMS[name].commands} <= listed


def test_states_and_counters_are_looked_at_twice_with_the_interval_between(play: Callable[..., Bench]) -> None:
    waited: list[float] = []
    found = asked(
        play(outputs={"show crypto ipsec sa detail": SA, "show crypto isakmp sa": "x\n"}),
        Plan(interval=30, wait=waited.append),
    )
    texts = [output.command for output in found]
    assert texts.count("show crypto ipsec sa detail") == 2
    assert texts.count("show crypto isakmp sa") == 2
    assert "show crypto ipsec sa" not in texts
    assert len(waited) == 1
    assert 20 < waited[0] <= 30


def test_no_interval_is_one_look(play: Callable[..., Bench]) -> None:
    found = asked(play(outputs={"show crypto ipsec sa detail": SA}), Plan(interval=0))
    assert [output.command for output in found].count("show crypto ipsec sa detail") == 1


def test_a_release_without_the_detail_form_is_asked_the_short_one_both_times(play: Callable[..., Bench]) -> None:
    found = asked(play(outputs={"show crypto ipsec sa": SA}), Plan(interval=0.01))
    answers = [output for output in found if output.command == "show crypto ipsec sa"]
    assert [output.text for output in answers] == [SA, SA]
    assert [o.problem for o in found if o.command == "show crypto ipsec sa detail"] == [Problem.UNSUPPORTED]


def test_routes_are_asked_to_the_peers_that_are_seen(play: Callable[..., Bench]) -> None:
    def peers_of(text: str) -> tuple[str, ...]:
        return ("198.51.100.7", "not an address; reload") if "current_peer" in text else ()

    found = asked(play(outputs={"show crypto ipsec sa detail": SA}), Plan(interval=0, peers_of=peers_of))
    assert [o.command for o in found if "198.51.100.7" in o.command] == [
        "show ip route 198.51.100.7",
        "show ip cef 198.51.100.7 detail",
    ]
    named = asked(
        play(outputs={"show crypto ipsec sa detail": SA}), Plan(interval=0, peers=("192.0.2.9",), peers_of=peers_of)
    )
    assert [o.command for o in named if "192.0.2.9" in o.command] == [
        "show ip route 192.0.2.9",
        "show ip cef 192.0.2.9 detail",
    ]


def test_long_ones_are_asked_on_request_only(play: Callable[..., Bench]) -> None:
    bench = play(outputs={"show tech-support": "all\n"})
    assert "show tech-support" not in [output.command for output in asked(bench, Plan(interval=0))]
    assert asked(bench, Plan(interval=0, long=True))[-1].text == "all\n"


def test_what_a_device_does_not_know_is_recorded_and_the_rest_is_asked(play: Callable[..., Bench]) -> None:
    bench = play(outputs={"show logging": "a line\n"})
    found = asked(bench, Plan(interval=0))
    unknown = [output for output in found if output.problem is Problem.UNSUPPORTED]
    assert len(unknown) > 20
    assert next(output for output in found if output.command == "show logging").text.endswith("a line\n")
    assert bench.lab.sessions("r1") == 1
    assert all(line.startswith(("show ", "terminal ", "exit")) for line in bench.lab.commands("r1"))


def test_a_command_that_hangs_costs_its_session_and_not_the_rest(play: Callable[..., Bench]) -> None:
    bench = play(
        outputs={"show crypto map": "x\n", "show logging": "a line\n"},
        fault="hang_cmd",
        fault_command="show crypto map",
    )
    found = asked(bench, Plan(interval=0))
    problems = {output.command: output.problem for output in found}
    assert problems["show crypto map"] is Problem.TIMED_OUT
    assert problems["show logging"] is None
    assert bench.lab.sessions("r1") == 2


def test_an_answer_beyond_its_size_is_cut_and_the_rest_is_asked(play: Callable[..., Bench]) -> None:
    long = LONG * 200
    bench = play(outputs={"show crypto ipsec sa": long})
    commands = (Command(text="show crypto ipsec sa", size=200), Command(text="show version"))
    given = collect(bench.device(), bench.credentials(), host_keys=HostKeys(), limits=LIMITS, commands=commands)
    outputs = {output.command: output for output in given.outputs}
    assert outputs["show crypto ipsec sa"].problem is Problem.INCOMPLETE
    assert len(outputs["show crypto ipsec sa"].text) < len(long)
    assert outputs["show version"].problem is None
