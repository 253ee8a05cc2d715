"""`vpn-check doctor`: each step of the set-up, and the one that fails, over real SSH."""

from __future__ import annotations

import json
import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from vpn_check.jobs.doctor_clock import clock_step
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName, Transport
from vpn_check.model.transcript import CommandOutput, Problem
from vpn_check.resources import data_path, package_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Answer

OUTPUTS = {
    path.stem.replace("_", " "): path.read_text() for path in data_path("mocks", "healthy-ios", "r1").glob("*.txt")
}
ASA_OUTPUTS = {"show crypto isakmp sa": "\nThere are no IKEv1 SAs\n", "show crypto ipsec sa": "\n"}
ORDER = ["settings", "credentials", "name", "port", "SSH banner", "algorithms", "host key", "log-in", "prompt",
         "platform", "privilege", "paging", "show crypto isakmp sa", "show crypto ikev2 sa", "show crypto ipsec sa",
         "show crypto engine connections active", "clock"]
PASSWORD, ENABLE = "lab-password", "lab-enable-word"

FAULTS = {
    "hang_banner": ("SSH banner", "no SSH banner came"),
    "auth_hang": ("log-in", "the log-in was not answered"),
    "hang_login": ("prompt", "no prompt came"),
    "pw_change": ("prompt", "a new password"),
    "vty_full": ("prompt", "closed the"),
    "close_early": ("SSH banner", "before its SSH banner"),
    "no_exec": ("prompt", "may not open a command line"),
    "no_enable": ("privilege", "does not raise the privilege"),
    "wrong_enable": ("privilege", "the enable secret was refused"),
    "hang_cmd": ("platform", "no whole answer to `show version` (timed out)"),
    "close_mid": ("platform", "no whole answer to `show version` (session closed)"),
    "invalid": ("show crypto isakmp sa", "unsupported"),
    "authz": ("show crypto isakmp sa", "not authorised"),
}
"""What doctor calls the step at which each fault of the lab shows, and what it says of it."""

TELNET = {"telnet": None, "telnet-silent": "hang_banner", "telnet-early": "close_early", "telnet-auth": "auth_hang",
          "telnet-prompt": "hang_login"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Path]]:
    """A device for each fault, and some that are well."""
    def device(name: str, **options: Any) -> LabDevice:
        options = {"platform": PlatformName.IOS, "hostname": "edge", "outputs": OUTPUTS, **options}
        return LabDevice(name=name, **options)

    now = datetime.now(tz=UTC)
    with Lab([
        device("good"),
        device("asa", platform=PlatformName.ASA, outputs=ASA_OUTPUTS, enable_secret=ENABLE),
        device("user-mode", enable_secret=ENABLE, username="nobody"),
        device("paged", fault="authz_paging"),
        device("hung-later", fault="hang_cmd", fault_command="show crypto ikev2 sa"),
        device("late", outputs={**OUTPUTS, "show clock": f"*{now:%H:%M:%S}.000 UTC Mon Jan 4 1993\n"}),
        device("old", fault="legacy_kex"),
        device("other", outputs={"show version": "JUNOS Base OS boot [12.3R12]\n"}),
        device("level-7", level=7),
        *(device(name, transport=Transport.TELNET, fault=fault) for name, fault in TELNET.items()),
        *(device(fault.replace("_", "-"), fault=fault, enable_secret=ENABLE if fault.endswith("_enable") else None)
          for fault in FAULTS),
    ]) as lab:
        yield lab, lab.write_inventory(tmp_path_factory.mktemp("lab"))


@pytest.fixture
def doctor(bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> Callable[..., Answer]:
    def run(*words: str | Path, inventory: Path | None = None, **more: Any) -> Answer:
        answer = vpn_check("doctor", *words, "--inventory", inventory or bench[1], "--timeout", "1.5", **more)
        shown = (answer.out + answer.err).replace("/lab-password", "")   # a file of that name
        assert not [word for word in (PASSWORD, ENABLE, "Traceback") if word in shown]
        return answer

    return run


def steps(answer: Answer, device: int = 0) -> dict[str, dict[str, Any]]:
    return {step["step"]: step for step in answer.document["devices"][device]["steps"]}


def changed(inventory: Path, tmp_path: Path, name: str, **values: Any) -> Path:
    """The lab's inventory with other keys for one device; None takes a key away."""
    body = yaml.safe_load(inventory.read_text())
    body["defaults"]["known_hosts"] = str(inventory.parent / "known_hosts")
    for entry in body["credentials"].values():
        for key in ("password_file", "enable_secret_file"):
            if key in entry:
                entry[key] = str(inventory.parent / entry[key])
    device = body["devices"][name] | values
    body["devices"][name] = {key: value for key, value in device.items() if value is not None}
    path = tmp_path / "inventory.yaml"
    path.write_text(yaml.safe_dump(body))
    return path


def test_a_device_that_is_well(bench: tuple[Lab, Path], doctor: Callable[..., Answer]) -> None:
    before = bench[0].auth_attempts("good")
    answer = doctor("good", "--json")
    found = steps(answer)

    assert answer.code == 0, answer.out
    assert list(found) == ORDER
    assert {step["state"] for step in found.values()} == {"ok"}
    assert "password from the file" in found["credentials"]["found"]
    assert found["SSH banner"]["found"] == "SSH-2.0-Cisco-1.25"
    assert "curve25519-sha256" in found["algorithms"]["found"]
    assert "SHA256:" in found["host key"]["found"]
    assert found["privilege"]["found"] == "level 15, the privileged prompt"
    assert found["show crypto ipsec sa"]["found"].startswith("allowed, ")
    assert bench[0].auth_attempts("good") == before + 1


def test_the_firewall_raises_its_level_and_only_show_commands_are_sent(bench: tuple[Lab, Path],
                                                                       doctor: Callable[..., Answer]) -> None:
    answer = doctor("asa", "--json")
    found = steps(answer)

    assert answer.code == 0, answer.out
    assert "enable secret from the file" in found["credentials"]["found"]
    assert found["privilege"]["found"] == "level 15, the privileged prompt"
    assert found["show crypto ikev2 sa"]["found"] == "unsupported by this release; not needed"
    assert [line for line in bench[0].commands("asa") if not line.startswith("show ")] == [
        "enable", ENABLE, "terminal pager 0", "exit"]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_step_that_fails_is_named_and_those_behind_it_are_not_reached(
        fault: str, bench: tuple[Lab, Path], doctor: Callable[..., Answer]) -> None:
    name, (step, says) = fault.replace("_", "-"), FAULTS[fault]
    before = bench[0].auth_attempts(name)
    answer = doctor(name, "--json")
    found = steps(answer)
    body = answer.document["devices"][0]

    assert answer.code == 3
    assert (body["status"], body["failed"]) == ("unknown", step)
    assert says in found[step]["found"]
    assert found[step]["advice"]
    assert sorted(found) == sorted(ORDER)
    assert {found[name]["state"] for name in ORDER[:ORDER.index(step)]} <= {"ok"}
    if fault not in {"invalid", "authz"}:   # where the session goes on, the others are asked
        left = [found[name] for name in ORDER[ORDER.index(step) + 1:] if name != "paging"]
        assert {(each["state"], each["found"]) for each in left} == {("skipped", "not reached")}
    assert bench[0].auth_attempts(name) <= before + 1


def test_a_command_that_hangs_costs_no_second_log_in(bench: tuple[Lab, Path], doctor: Callable[..., Answer]) -> None:
    found = steps(doctor("hung-later", "--json"))

    assert found["show crypto isakmp sa"]["state"] == "ok"
    assert found["show crypto ikev2 sa"]["state"] == "fail"
    assert found["show crypto ipsec sa"]["found"] == found["clock"]["found"] == "not reached"
    assert bench[0].sessions("hung-later") == 1


def test_a_refused_pager_command_is_a_warning(doctor: Callable[..., Answer]) -> None:
    answer = doctor("paged", "--json")

    assert answer.code == 1
    assert steps(answer)["paging"]["state"] == "warn"
    assert "`terminal length 0` is refused (not authorised)" in steps(answer)["paging"]["found"]


def test_a_clock_that_is_off_is_a_warning(doctor: Callable[..., Answer]) -> None:
    answer = doctor("late", "--json")

    assert answer.code == 1
    assert re.search(r"\d+ days behind this machine: \*.* Mon Jan 4 1993", steps(answer)["clock"]["found"])
    assert "NTP" in steps(answer)["clock"]["advice"]


def test_user_mode_without_a_secret(bench: tuple[Lab, Path], tmp_path: Path, doctor: Callable[..., Answer]) -> None:
    inventory = changed(bench[1], tmp_path, "user-mode", credential="lab")
    answer = doctor("user-mode", "--json", inventory=inventory)
    found = steps(answer)

    assert answer.code == 3
    assert found["privilege"]["state"] == "warn"
    assert "level 1, the user prompt" in found["privilege"]["found"]
    assert "enable_secret" in found["privilege"]["advice"]
    assert found["show crypto ipsec sa"]["state"] == "fail"
    assert found["show crypto ipsec sa"]["found"] == "unknown at this privilege level"
    assert "enable secret" in found["show crypto ipsec sa"]["advice"]
    assert found["show crypto ikev2 sa"]["state"] == "warn"


def test_an_account_of_a_low_level(doctor: Callable[..., Answer]) -> None:
    found = steps(doctor("level-7", "--json"))

    assert (found["privilege"]["state"], found["privilege"]["found"]) == ("warn", "level 7, the privileged prompt")
    assert found["show crypto ipsec sa"]["found"] == "unknown at this privilege level"


def test_telnet_has_no_ssh_steps_and_a_warning(doctor: Callable[..., Answer]) -> None:
    answer = doctor("telnet", "--json")
    found = steps(answer)

    assert answer.code == 1
    assert "telnet: the password and all output travel unencrypted" in found["settings"]["found"]
    assert list(found)[1:6] == ["credentials", "name", "port", "telnet greeting", "log-in"]
    assert {step["state"] for name, step in found.items() if name != "settings"} == {"ok"}


@pytest.mark.parametrize(("name", "step"), [
    ("telnet-silent", "telnet greeting"), ("telnet-early", "telnet greeting"), ("telnet-auth", "log-in"),
    ("telnet-prompt", "log-in"),   # telnet cannot tell a log-in that hangs from one that is accepted in silence
])
def test_the_step_of_telnet_that_fails(name: str, step: str, bench: tuple[Lab, Path],
                                       doctor: Callable[..., Answer]) -> None:
    answer = doctor(name, "--json")
    found = steps(answer)
    order = list(found)

    assert answer.document["devices"][0]["failed"] == step
    assert {found[each]["state"] for each in order[1:order.index(step)]} == {"ok"}
    assert {found[each]["state"] for each in order[order.index(step) + 1:]} == {"skipped"}
    assert not {"SSH banner", "host key"} & {*found}
    assert bench[0].sessions(name) <= 1


def test_old_algorithms_are_named_where_they_are_needed_and_where_they_are_not(
        bench: tuple[Lab, Path], tmp_path: Path, doctor: Callable[..., Answer]) -> None:
    allowed = steps(doctor("old", "--json"))["algorithms"]
    refused = steps(doctor("old", "--json", inventory=changed(bench[1], tmp_path, "old", legacy=None)))["algorithms"]
    needless = steps(doctor("good", "--json", inventory=changed(bench[1], tmp_path, "good", legacy=True)))["algorithms"]

    assert (allowed["state"], refused["state"], needless["state"]) == ("ok", "fail", "warn")
    assert "old ones only for key exchange, host key, cipher" in allowed["found"]
    assert "diffie-hellman-group14-sha1" in refused["found"]
    assert "legacy: true" in refused["advice"]
    assert "needs none of them" in needless["found"]


def test_a_platform_that_is_another(bench: tuple[Lab, Path], tmp_path: Path, doctor: Callable[..., Answer]) -> None:
    wrong = doctor("good", "--json", inventory=changed(bench[1], tmp_path, "good", platform="iosxe"))
    unsaid = doctor("good", "--json", inventory=changed(bench[1], tmp_path, "good", platform=None))

    assert (wrong.code, unsaid.code) == (1, 0)
    assert steps(wrong)["platform"]["advice"] == "Set `platform: ios` in the inventory."
    assert steps(unsaid)["platform"]["found"] == "ios, recognised from `show version`"


def test_a_device_that_is_none_of_ours(bench: tuple[Lab, Path], tmp_path: Path, doctor: Callable[..., Answer]) -> None:
    answer = doctor("other", "--json", inventory=changed(bench[1], tmp_path, "other", platform=None))

    assert answer.document["devices"][0]["failed"] == "platform"
    assert "cannot be recognised" in steps(answer)["platform"]["found"]
    assert "platform:" in steps(answer)["platform"]["advice"]
    assert bench[0].commands("other") == ("show version",)


def test_a_wrong_password_is_tried_once(bench: tuple[Lab, Path], doctor: Callable[..., Answer]) -> None:
    before = bench[0].auth_attempts("good")
    answer = doctor("good", "--json", env={"VPN_CHECK_LAB_PASSWORD": "wrong"})

    assert answer.document["devices"][0]["failed"] == "log-in"
    assert "password from VPN_CHECK_LAB_PASSWORD" in steps(answer)["credentials"]["found"]
    assert bench[0].auth_attempts("good") == before + 1


def test_the_lock_out_guard_holds_here_too(bench: tuple[Lab, Path], doctor: Callable[..., Answer]) -> None:
    names = [name for name in bench[0].names if name not in {"hang-banner", "auth-hang", "asa", "user-mode",
                                                             "wrong-enable", "no-enable", "close-early"}
             and not name.startswith("telnet")]
    before = sum(bench[0].auth_attempts(name) for name in names)
    answer = doctor(*names, "--json", env={"VPN_CHECK_LAB_PASSWORD": "wrong"})

    assert sum(bench[0].auth_attempts(name) for name in names) - before <= 3
    assert {device["failed"] for device in answer.document["devices"]} == {"log-in"}
    assert [device["name"] for device in answer.document["devices"]] == names


def test_unknown_and_changed_host_keys(bench: tuple[Lab, Path], tmp_path: Path, doctor: Callable[..., Answer]) -> None:
    lab, inventory = bench
    known = tmp_path / "known_hosts"
    other = next(line for line in (inventory.parent / "known_hosts").read_text().splitlines()
                 if f":{lab.port('asa')} " in line)
    texts = {"is not known": "", "has changed": other.replace(f":{lab.port('asa')} ", f":{lab.port('good')} ")}
    before = lab.auth_attempts("good")
    for says, text in texts.items():
        known.write_text(text)
        answer = doctor("good", "--json", inventory=changed(inventory, tmp_path, "good", known_hosts=str(known)))
        found = steps(answer)
        assert answer.document["devices"][0]["failed"] == "host key"
        assert says in found["host key"]["found"]
        assert "SHA256:" in found["host key"]["found"]
        assert found["log-in"]["state"] == "skipped"
    assert lab.auth_attempts("good") == before


@pytest.mark.parametrize(("change", "step", "says"), [
    ({"host": "no-such-host.invalid"}, "name", "cannot be resolved"),
    ({"port": 1}, "port", "refuses connections"),
    ({"jump": ["127.0.0.1:1"]}, "bastion", "refuses connections"),
    ({"credential": "gone"}, "inventory", "credential `gone`"),
])
def test_the_way_to_the_device(change: dict[str, Any], step: str, says: str, bench: tuple[Lab, Path], tmp_path: Path,
                               doctor: Callable[..., Answer]) -> None:
    answer = doctor("good", "--json", inventory=changed(bench[1], tmp_path, "good", **change))
    bodies = [answer.document["local"], *answer.document["devices"]]

    assert answer.code == 3
    assert [body["failed"] for body in bodies if body["failed"]] == [step]
    failed = [each for body in bodies for each in body["steps"] if each["state"] == "fail"]
    assert says in failed[0]["found"]
    assert failed[0]["advice"]


def test_a_port_on_which_something_else_answers(bench: tuple[Lab, Path], tmp_path: Path,
                                                doctor: Callable[..., Answer]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]   # accepts, and never says a word
        answer = doctor("good", "--json", inventory=changed(bench[1], tmp_path, "good", port=port))

    assert answer.document["devices"][0]["failed"] == "SSH banner"


# -- this machine ------------------------------------------------------------------------------------------------------


def test_without_a_device_only_this_machine_is_looked_at(bench: tuple[Lab, Path],
                                                         doctor: Callable[..., Answer]) -> None:
    sessions = sum(bench[0].sessions(name) for name in bench[0].names)
    answer = doctor("--json")
    found = {step["step"]: step for step in answer.document["local"]["steps"]}

    assert answer.code == 0, answer.out
    assert answer.document["devices"] == []
    assert "paramiko 4" in found["SSH library"]["found"]
    assert f"{bench[1]} (vpn-check form); 27 devices" in found["inventory"]["found"]
    assert "password from the file" in found["credential lab"]["found"]
    assert "22 keys" in found["known hosts"]["found"]
    assert sum(bench[0].sessions(name) for name in bench[0].names) == sessions


@pytest.mark.parametrize(("text", "step", "says"), [
    ("devices: [", "inventory", "this is not YAML"),
    ("credentials: {c: {password_file: open}}", "credential c", "can be read by others (mode 0644)"),
    ("credentials: {c: {password_file: gone}}", "credential c", "cannot be read"),
    ("credentials: {c: {password_env: NOT_SET}}", "credential c", "there is no password"),
    ("credentials: {c: {key_file: gone}}", "key file", "cannot be read"),
])
def test_what_is_wrong_on_this_machine_is_named(text: str, step: str, says: str, tmp_path: Path,
                                                doctor: Callable[..., Answer]) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(text)
    (tmp_path / "open").write_text("secret\n")
    answer = doctor("--json", inventory=path)

    assert answer.code == 3
    assert answer.document["local"]["failed"] == step
    found = next(each for each in answer.document["local"]["steps"] if each["step"] == step)
    assert says in found["found"]
    assert found["advice"]


def test_an_inventory_that_cannot_be_read_reaches_no_device(tmp_path: Path, doctor: Callable[..., Answer]) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text("devices: {r1: {platform: iosx}}")
    answer = doctor("r1", inventory=path)

    assert answer.code == 3
    assert "Did you mean `iosxe`" in answer.out or "Did you mean `ios`" in answer.out
    assert re.search(r"skipped +devices +not reached: r1", answer.out)


def test_files_that_others_can_read_or_write_are_warnings(tmp_path: Path, doctor: Callable[..., Answer]) -> None:
    (tmp_path / "known_hosts").write_text("broken line\n")
    (tmp_path / "known_hosts").chmod(0o666)
    (tmp_path / "key").write_text("x")
    (tmp_path / "key").chmod(0o644)
    path = tmp_path / "inventory.yaml"
    path.write_text("defaults: {known_hosts: known_hosts}\ncredentials: {c: {key_file: key}}\ndevices: {r1: {}}")
    answer = doctor(inventory=path)

    assert answer.code == 1
    for says in ("can be written by others (mode 0666)", "line 1: not a host key", "can be read by others (mode 0644)"):
        assert says in " ".join(answer.out.split())


def test_other_vendors_are_listed_and_not_connected_to(tmp_path: Path, doctor: Callable[..., Answer]) -> None:
    (tmp_path / "hosts.yaml").write_text("sw: {hostname: 127.0.0.1, port: 1, platform: junos}\n"
                                         "r1: {hostname: 127.0.0.1, port: 1, platform: cisco_asa}\n")
    answer = doctor("*", "--json", inventory=tmp_path, env={"VPN_CHECK_PASSWORD": "x"})
    bodies = {body["name"]: body for body in answer.document["devices"]}

    assert [step["state"] for step in bodies["sw"]["steps"]] == ["skipped"]
    assert "junos" in bodies["sw"]["steps"][0]["found"]
    assert bodies["r1"]["failed"] == "port"


# -- the answer --------------------------------------------------------------------------------------------------------


def test_the_text_is_aligned_and_sums_up(doctor: Callable[..., Answer]) -> None:
    answer = doctor("good", "pw-change")
    lines = answer.out.splitlines()

    assert answer.code == 3
    assert lines[0] == "This machine"
    assert lines[-1] == "1 of 2 devices ready; pw-change fails at: prompt."
    assert re.search(r"^  ok       port +127\.0\.0\.1 port \d+ answers$", answer.out, re.MULTILINE)
    assert re.search(r"^  skipped  privilege +not reached$", answer.out, re.MULTILINE)
    assert max(len(line) for line in lines) <= 140
    assert doctor("good", "pw-change", "--quiet").out == ""


@pytest.mark.parametrize("words", [(), ("good",), ("asa", "vty-full", "late")])
def test_the_document_keeps_to_its_schema(words: tuple[str, ...], doctor: Callable[..., Answer],
                                          vpn_check: Callable[..., Answer]) -> None:
    schema = json.loads(vpn_check("schema", "doctor").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(doctor(*words, "--json").document, schema)
    assert schema == json.loads(package_path("report", "schema", "doctor.json").read_text())


AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


@pytest.mark.parametrize(("text", "state"), [
    ("09:26:50.123 UTC Sat Mar 14 2026", "ok"), ("*09:26:50.123 UTC Sat Mar 14 2026", "ok"),
    (".09:30:50 GMT Sat Mar 14 2026", "ok"), ("09:20:50.123 UTC Sat Mar 14 2026", "warn"),
    ("10:26:50.123 UTC Sat Mar 14 2026", "warn"), ("10:26:50.123 CET Sat Mar 14 2026", "ok"),
    ("15:11:50.123 NPT Sat Mar 14 2026", "ok"), ("23:26:55.1 NZT Sat Mar 14 2026", "ok"),
    ("10:36:50.123 CET Sat Mar 14 2026", "warn"), ("10:26:50.123 CET Sun Mar 15 2026", "warn"),
    ("*00:00:10.0 UTC Mon Mar 1 1993", "warn"), ("10:26:50 CET Foo Bar 14 2026", "skipped"),
    ("% Invalid input", "skipped"), ("", "skipped"), ("09:26:50.123 UTC Sat Mar 14 2026\n\nTime source is NTP\n", "ok"),
])
def test_clocks(text: str, state: str) -> None:
    assert clock_step(CommandOutput(command="show clock", text=text, received_at=AT)).state == state


def test_a_clock_that_may_not_be_asked_is_no_fault() -> None:
    output = CommandOutput(command="show clock", text="", received_at=AT + timedelta(1), problem=Problem.NOT_AUTHORISED)
    assert clock_step(output).state == "skipped"
