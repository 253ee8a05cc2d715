"""Keys, questions and bastions: log-ins that are more than a password."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import asyncssh
import pytest

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.jump import Bastions, Gateway
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import collect
from vpn_check.errors import AuthenticationFailed, DialogueError, HostKeyError, Unreachable, VpnCheckError
from vpn_check.model.device import Credentials, Device, PlatformName, Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUICK = Limits(connect=2, banner=2, negotiate=2, authenticate=2, login=2, enable=2, idle=2, total=5)


class Door(asyncssh.SSHServer):
    """A server that logs people in and forwards, but has no shell of its own."""

    def __init__(self, seen: dict[str, Any], questions: list[str],
                 connections: list[asyncssh.SSHServerConnection]) -> None:
        self._open = connections
        self._seen = seen
        self._questions = questions
        self._left = list(questions)

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._seen["connections"] = self._seen.get("connections", 0) + 1
        self._open.append(conn)

    def begin_auth(self, _username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return not self._questions

    def validate_password(self, _username: str, password: str) -> bool:
        return password == "bastion-word"

    def kbdint_auth_supported(self) -> bool:
        return bool(self._questions)

    def get_kbdint_challenge(self, _user: str, _lang: str, _methods: str) -> Any:
        return ("", "", "", [(self._left.pop(0), False)])

    def validate_kbdint_response(self, _user: str, responses: Any) -> Any:
        self._seen.setdefault("answers", []).extend(responses)
        return ("", "", "", [(self._left.pop(0), False)]) if self._left else True

    def connection_requested(self, host: str, _port: int, _orig: str, _orig_port: int) -> bool:
        return host == "127.0.0.1"


@pytest.fixture
def door() -> Iterator[Callable[..., tuple[int, str, dict[str, Any]]]]:
    """Start such a server: its port, its line of known_hosts, and what it saw."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers: list[asyncssh.SSHAcceptor] = []
    connections: list[asyncssh.SSHServerConnection] = []

    def start(*questions: str) -> tuple[int, str, dict[str, Any]]:
        seen: dict[str, Any] = {}
        key = asyncssh.generate_private_key("ssh-ed25519")

        async def listen() -> asyncssh.SSHAcceptor:
            return await asyncssh.listen(
                "127.0.0.1", 0, server_factory=lambda: Door(seen, list(questions), connections), server_host_keys=[key])

        server = asyncio.run_coroutine_threadsafe(listen(), loop).result(5)
        servers.append(server)
        port = server.get_port()
        return port, f"[127.0.0.1]:{port} {key.export_public_key().decode()}", seen

    async def stop() -> None:
        for server in servers:
            server.close()
            await server.wait_closed()
        for connection in connections:
            connection.abort()
        await asyncio.gather(*(connection.wait_closed() for connection in connections))

    yield start
    asyncio.run_coroutine_threadsafe(stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.mark.parametrize("passphrase", [None, "key-word-5"])
@pytest.mark.parametrize("kind", ["ssh-ed25519", "ssh-rsa"])
def test_a_key_file_logs_in_without_a_password(kind: str, passphrase: str | None, tmp_path: Path,
                                               play: Callable[..., Any]) -> None:
    key = asyncssh.generate_private_key(kind)
    key.write_private_key(str(tmp_path / "key"), passphrase=passphrase, rounds=50)
    bench = play(authorized_key=key.export_public_key().decode())
    credentials = bench.credentials(password=None, key_file=str(tmp_path / "key"), passphrase=passphrase)

    assert {output.problem for output in bench.collect(credentials=credentials).outputs} == {None}
    assert bench.lab.auth_attempts("r1") == 0


@pytest.mark.parametrize(("content", "passphrase"), [(b"not a key", None), (b"", None), (None, None), (b"", "x")])
def test_a_key_file_that_is_none_is_an_error(content: bytes | None, passphrase: str | None, tmp_path: Path,
                                             play: Callable[..., Any]) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    bench = play()

    with pytest.raises(AuthenticationFailed, match="key file"):
        bench.collect(credentials=bench.credentials(key_file=str(tmp_path / "key"), passphrase=passphrase))


def test_an_encrypted_key_without_its_passphrase_is_an_error(tmp_path: Path, play: Callable[..., Any]) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(tmp_path / "key"), passphrase="key-word-5", rounds=50)
    bench = play()

    for passphrase in (None, "wrong"):
        with pytest.raises(AuthenticationFailed, match="passphrase"):
            bench.collect(credentials=bench.credentials(key_file=str(tmp_path / "key"), passphrase=passphrase))
    assert bench.lab.auth_attempts("r1") == 0


def test_a_refused_key_leaves_the_password(tmp_path: Path, play: Callable[..., Any]) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(tmp_path / "key"))
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    bench = play(authorized_key=other)

    bench.collect(credentials=bench.credentials(key_file=str(tmp_path / "key")))

    assert bench.lab.auth_attempts("r1") == 1


def test_nothing_to_log_in_with(play: Callable[..., Any]) -> None:
    bench = play()

    with pytest.raises(AuthenticationFailed, match="no password and no usable key"):
        bench.collect(credentials=bench.credentials(password=None))


def attempt(door: tuple[int, str, dict[str, Any]], folder: Path) -> None:
    (folder / "kh").write_text(door[1])
    device = Device(name="r1", host="127.0.0.1", port=door[0], platform=PlatformName.IOS,
                    known_hosts=str(folder / "kh"))
    collect(device, Credentials(username="lab", password="bastion-word", use_agent=False), host_keys=HostKeys(),
            limits=QUICK)


def test_a_second_factor_is_never_answered(door: Callable[..., Any], tmp_path: Path) -> None:
    opened = door("Password: ", "Verification code: ")

    with pytest.raises(DialogueError, match="Verification code") as caught:
        attempt(opened, tmp_path)

    assert opened[2]["answers"] == ["bastion-word"]
    assert "bastion-word" not in str(caught.value)


def test_a_question_instead_of_a_password_is_not_answered(door: Callable[..., Any], tmp_path: Path) -> None:
    opened = door("Token: ")

    with pytest.raises(DialogueError, match="Token"):
        attempt(opened, tmp_path)

    assert "answers" not in opened[2]


def test_a_password_asked_for_as_a_question_is_given(door: Callable[..., Any], tmp_path: Path) -> None:
    opened = door("lab's Password: ")

    with pytest.raises(VpnCheckError):   # this server has no shell
        attempt(opened, tmp_path)

    assert opened[2]["answers"] == ["bastion-word"] * 2   # once in each log-in: a missing shell is asked for once more


def through(bench: Any, *doors: tuple[int, str, dict[str, Any]]) -> Device:
    for _, line, _ in doors:
        with bench.known_hosts.open("a") as file:
            file.write(line + "\n")
    device: Device = bench.device(jump=tuple(f"jumper@127.0.0.1:{opened[0]}" for opened in doors))
    return device


def jumper(word: str) -> Gateway:
    """A bastion with a password of its own."""
    return Gateway(device=Device(name=word, host="127.0.0.1", port=int(word.rpartition(":")[2])),
                   credentials=Credentials(username="jumper", password="bastion-word", use_agent=False))


@pytest.mark.parametrize("hops", [1, 2])
def test_devices_behind_a_bastion_share_its_transport(hops: int, door: Callable[..., Any],
                                                      play: Callable[..., Any]) -> None:
    doors = [door() for _ in range(hops)]
    bench = play()
    device = through(bench, *doors)
    keys = HostKeys()
    bastions = Bastions(keys, QUICK, jumper)

    for _ in range(3):
        transcript = collect(device, bench.credentials(), host_keys=keys, limits=QUICK, bastions=bastions)
        assert {output.problem for output in transcript.outputs} == {None}
    bastions.close()

    assert [opened[2]["connections"] for opened in doors] == [1] * hops
    assert bench.lab.sessions("r1") == 3


def test_telnet_goes_through_a_bastion_too(door: Callable[..., Any], play: Callable[..., Any]) -> None:
    opened = door()
    bench = play(transport=Transport.TELNET, trusted=False)
    device = through(bench, opened)
    bastions = Bastions(HostKeys(), QUICK, jumper)

    transcript = collect(device, bench.credentials(), host_keys=HostKeys(), limits=QUICK, bastions=bastions)
    bastions.close()

    assert {output.problem for output in transcript.outputs} == {None}
    assert (opened[2]["connections"], bench.lab.auth_attempts("r1")) == (1, 1)


def test_a_bastion_is_verified_and_its_password_is_its_own(door: Callable[..., Any], play: Callable[..., Any]) -> None:
    opened = door()
    bench = play()
    device = bench.device(jump=(f"jumper@127.0.0.1:{opened[0]}",))

    with pytest.raises(HostKeyError, match="bastion"):
        collect(device, bench.credentials(), host_keys=HostKeys(), limits=QUICK)
    device = through(bench, opened)
    with pytest.raises(AuthenticationFailed, match="bastion"):
        collect(device, bench.credentials(), host_keys=HostKeys(), limits=QUICK)
    assert bench.lab.sessions("r1") == 0


def test_a_bastion_that_cannot_reach_the_device_says_so(door: Callable[..., Any], play: Callable[..., Any]) -> None:
    opened = door()
    bench = play()
    device = replace(through(bench, opened), host="192.0.2.77")
    keys = HostKeys()
    bastions = Bastions(keys, QUICK, jumper)

    with pytest.raises(Unreachable, match="cannot reach"):
        collect(device, bench.credentials(), host_keys=keys, limits=QUICK, bastions=bastions)
    bastions.close()


def test_a_bastion_of_the_inventory_has_its_own_credentials(door: Callable[..., Any], play: Callable[..., Any],
                                                            vpn_check: Callable[..., Any], tmp_path: Path) -> None:
    opened = door()
    bench = play()
    device = through(bench, opened)
    for name, secret in (("device", bench.credentials().password), ("bastion", "bastion-word")):
        (tmp_path / name).write_text(f"{secret}\n")
        (tmp_path / name).chmod(0o600)
    inventory = tmp_path / "inventory.yaml"
    inventory.write_text(
        "defaults: {known_hosts: known_hosts}\n"
        "credentials:\n"
        "  device: {username: lab, password_file: device}\n"
        "  bastion: {username: jumper, password_file: bastion}\n"
        "devices:\n"
        f"  r1: {{host: 127.0.0.1, port: {device.port}, platform: ios, credential: device, jump: gate}}\n"
        f"  gate: {{host: 127.0.0.1, port: {opened[0]}, credential: bastion}}\n")

    answer = vpn_check("r1", "--inventory", inventory, "--json", "--settle", "0")

    assert answer.device["errors"] == []
    assert bench.lab.sessions("r1") == 1
    assert opened[2]["connections"] == 1
