"""known_hosts as OpenSSH writes it, read once; new keys written in one step."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.knownhosts import HostKey, KnownHosts
from vpn_check.errors import HostKeyError
from vpn_check.model.device import Device

if TYPE_CHECKING:
    from pathlib import Path

ED = HostKey("ssh-ed25519", b"\x00\x00\x00\x0bssh-ed25519" + b"e" * 36)
RSA = HostKey("ssh-rsa", b"\x00\x00\x00\x07ssh-rsa" + b"r" * 270)


def hashed(name: str) -> str:
    salt = b"0123456789abcdefghij"
    digest = hmac.new(salt, name.encode(), hashlib.sha1).digest()
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(("names", "asked"), [
    ("r1", "r1"), ("R1,10.0.0.1", "10.0.0.1"), ("r1,10.0.0.1", "R1"), ("[r1]:2222", "[r1]:2222"),
    (hashed("r1"), "r1"), (hashed("[r1]:2222"), "[r1]:2222"), ("*.example.net,!bad.example.net", "r1.example.net"),
    ("[*.example.net]:2222", "[r1.example.net]:2222"),
])
def test_a_host_is_found_in_every_form(names: str, asked: str) -> None:
    assert KnownHosts(f"# mine\n\n{names} {ED.line} comment\n").keys(asked) == (ED,)


@pytest.mark.parametrize(("names", "asked"), [
    ("r1", "r2"), ("[r1]:2222", "r1"), (hashed("r1"), "r2"), ("*.example.net,!bad.example.net", "bad.example.net"),
])
def test_another_host_is_not_found(names: str, asked: str) -> None:
    assert KnownHosts(f"{names} {ED.line}\n").keys(asked) == ()


def test_what_is_not_understood_is_noted_with_its_line() -> None:
    file = KnownHosts(f"@cert-authority * {ED.line}\nr1 ssh-ed25519 not-base64!\nr1\n|1|x|y {ED.line}\n")

    assert file.keys("r1") == ()
    assert [note.split(":")[0] for note in file.notes] == ["line 1", "line 2", "line 3", "line 4"]


def test_a_revoked_key_is_refused_even_when_it_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(f"r1 {ED.line}\n@revoked * {ED.line}\n")

    with pytest.raises(HostKeyError, match="revoked"):
        HostKeys(accept_new=True).verify("r1", path, "r1", 22, ED)


def test_the_key_type_that_is_known_is_asked_for_first(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(f"r1 {RSA.line}\n[r2]:2222 {ED.line}\n")
    keys = HostKeys()

    assert keys.algorithms(path, "r1", 22) == ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
    assert keys.algorithms(path, "r2", 2222) == ("ssh-ed25519",)
    assert keys.algorithms(path, "r3", 22) == ()


def test_a_key_listed_without_the_port_vouches_for_the_port_too(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(f"r1 {ED.line}\n")

    HostKeys().verify("r1", path, "r1", 2222, ED)
    with pytest.raises(HostKeyError, match="not known"):
        HostKeys().verify("r1", path, "r1", 2222, RSA)


def test_a_key_of_another_type_is_a_changed_key(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(f"r1 {RSA.line}\n")

    with pytest.raises(HostKeyError, match="changed") as caught:
        HostKeys(accept_new=True).verify("r1", path, "r1", 22, ED)

    assert ED.fingerprint in str(caught.value)
    assert RSA.fingerprint in str(caught.value)
    assert path.read_text() == f"r1 {RSA.line}\n"


def test_a_hundred_new_keys_at_once_are_all_written(tmp_path: Path) -> None:
    path = tmp_path / "ssh" / "known_hosts"
    keys = HostKeys(accept_new=True)

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda n: keys.verify(f"r{n}", path, f"r{n}", 22, ED), range(100)))

    assert sorted(path.read_text().splitlines()) == sorted(f"r{n} {ED.line}" for n in range(100))
    assert [file.name for file in path.parent.iterdir()] == ["known_hosts"]


def test_a_new_key_keeps_the_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "real"
    target.write_bytes(b"# \xff mine\nr9 " + RSA.line.encode())
    path = tmp_path / "known_hosts"
    path.symlink_to(target)

    HostKeys(accept_new=True).verify("r1", path, "r1", 2222, ED)

    assert target.read_bytes() == b"# \xff mine\nr9 " + RSA.line.encode() + f"\n[r1]:2222 {ED.line}\n".encode()
    assert path.is_symlink()


def test_the_file_is_the_devices_or_that_of_home(tmp_path: Path) -> None:
    keys = HostKeys({"HOME": str(tmp_path)})

    assert keys.file_of(Device(name="r1", host="r1")) == tmp_path / ".ssh" / "known_hosts"
    assert str(keys.file_of(Device(name="r1", host="r1", known_hosts="/etc/kh"))) == "/etc/kh"


def test_five_thousand_lines_are_read_once_and_fast(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text("".join(f"r{n},10.0.{n // 250}.{n % 250} {ED.line}\n" for n in range(5000)))
    keys = HostKeys()
    start = time.monotonic()

    for number in range(0, 5000, 10):
        keys.verify("r", path, f"r{number}", 22, ED)

    assert time.monotonic() - start < 1
