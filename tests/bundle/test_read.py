"""A bundle of somebody else: whatever it was made to do, it is read or refused in one sentence."""

from __future__ import annotations

import json
import stat
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.bundle import read
from vpn_check.bundle.manifest import MANIFEST
from vpn_check.errors import InputError
from vpn_check.jobs.case.given import from_files
from vpn_check.jobs.case.order import Order
from vpn_check.jobs.case.store import store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Answer

SA = (
    "interface: Tunnel1\n    Crypto map tag: M, local addr 192.0.2.1\n"
    "   local  ident (addr/mask/prot/port): (10.1.0.0/255.255.0.0/0/0)\n"
    "   remote ident (addr/mask/prot/port): (10.2.0.0/255.255.0.0/0/0)\n"
    "   current_peer 198.51.100.7 port 500\n"
    "    #pkts encaps: 40, #pkts encrypt: 40, #pkts digest: 40\n"
    "    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0\n"
)
NAME = "devices/show_crypto_ipsec_sa/show_crypto_ipsec_sa.txt"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A bundle as the command makes it, beside the text that it is of."""
    capture = tmp_path / "show_crypto_ipsec_sa.txt"
    capture.write_text(SA)
    order = Order(out=tmp_path / "good.zip")
    store(from_files([str(capture)], order), order)
    return order.out


def remade(good: Path, change: Callable[[dict[str, bytes]], None], **entry: Any) -> Path:
    """The same bundle with other contents."""
    with zipfile.ZipFile(good) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    path = good.with_name("other.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in entry.items():
                setattr(info, key, value)
            archive.writestr(info, data)
    return path


def test_a_bundle_is_read_back(good: Path, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", good, "--json")
    assert (
        answer.device["verdict"]["cause"]
        == vpn_check("analyze", good.parent / "show_crypto_ipsec_sa.txt", "--json").device["verdict"]["cause"]
    )
    assert answer.device["verdict"]["evidence"][0]["file"] == NAME
    assert stat.S_IMODE(good.stat().st_mode) == 0o600


def test_a_text_that_was_changed_is_not_used_and_said_so(good: Path, vpn_check: Callable[..., Answer]) -> None:
    def forge(files: dict[str, bytes]) -> None:
        files[NAME] = files[NAME].replace(b"decaps: 0", b"decaps: 9")

    answer = vpn_check("analyze", remade(good, forge), "--json")
    assert answer.code == 3
    assert "checksum" in answer.device["errors"][0]["message"]
    assert answer.device["tunnels"] == []


def test_a_text_that_is_missing_is_said_so(good: Path, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", remade(good, lambda files: files.__delitem__(NAME)), "--json")
    assert answer.code == 3
    assert "missing" in answer.device["errors"][0]["message"]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil", "devices/../../evil", "a\\..\\evil", "C:/evil", "devices/.."]
)
def test_a_name_that_leads_out_is_refused(name: str, good: Path, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", remade(good, lambda files: files.update({name: b"x"})))
    assert answer.code == 3
    assert "leads out of the bundle" in answer.err
    assert "Traceback" not in answer.err
    assert not (good.parent / "evil.txt").exists()


def test_a_link_is_refused(good: Path, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", remade(good, lambda _files: None, external_attr=(stat.S_IFLNK | 0o777) << 16))
    assert (answer.code, "no file" in answer.err) == (3, True)


def test_a_name_that_stands_twice_is_refused(good: Path, vpn_check: Callable[..., Answer]) -> None:
    path = remade(good, lambda _files: None)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(NAME, b"another")
    answer = vpn_check("analyze", path)
    assert (answer.code, "there twice" in answer.err) == (3, True)


def test_a_bomb_is_refused_before_it_grows(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "LARGEST_FILE", 1 << 20)
    path = remade(good, lambda files: files.update({NAME: b"0" * (3 << 20)}))
    assert path.stat().st_size < 50_000
    with pytest.raises(InputError, match="bytes"):
        read.read_bundle(path)


def test_a_bomb_whose_header_lies_is_stopped(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = remade(good, lambda files: files.update({NAME: b"0" * (3 << 20)}))
    data = path.read_bytes().replace((3 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(data)
    monkeypatch.setattr(read, "LARGEST_FILE", 1 << 20)
    with pytest.raises(InputError):
        read.read_bundle(path)


def test_many_texts_together_are_bounded_too(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "LARGEST_BUNDLE", 100)
    with pytest.raises(InputError, match="holds more than"):
        read.read_bundle(good)


def test_too_many_files_are_refused(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_FILES", 3)
    with pytest.raises(InputError, match="files"):
        read.read_bundle(good)


@pytest.mark.parametrize(
    "manifest",
    [
        b"", b"not json", b"[]", b"{}", b'{"kind": "bundle"}', b'{"kind": "bundle", "schema": "vpn-check/9"}', b"null",
        b'{"kind": "bundle", "schema": "vpn-check/1", "redaction": 5}', b"[" * 100_000, b"\xff\xfe\x00",
    ],
    ids=range(10),
)  # fmt: skip
def test_a_manifest_of_nonsense_is_refused_in_one_line(
    manifest: bytes, good: Path, vpn_check: Callable[..., Answer]
) -> None:
    answer = vpn_check("analyze", remade(good, lambda files: files.update({MANIFEST: manifest})))
    assert answer.code == 3
    assert answer.err.count("\n") == 1, answer.err
    assert "Traceback" not in answer.err


def test_fields_of_another_kind_are_refused(good: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        body = json.loads(archive.read(MANIFEST))
    for field in ("devices", "files", "withheld", "redaction", "started_at", "peers"):
        for value in (7, "word", [3], {"a": 1}):
            forged = json.dumps(body | {field: value}).encode()
            path = remade(good, lambda files, data=forged: files.update({MANIFEST: data}))  # type: ignore[misc]
            with suppress(InputError):  # some make sense: no device at all, an unknown time
                read.read_bundle(path)


def test_a_zip_of_anything_else_says_what_to_do(tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("r1.log", "x")
    answer = vpn_check("analyze", path)
    assert (answer.code, "Unpack it" in answer.err) == (3, True)


@pytest.mark.parametrize("cut", [10, 300, 2000, -30])
def test_a_bundle_that_was_cut_is_damaged_not_a_crash(cut: int, good: Path, vpn_check: Callable[..., Answer]) -> None:
    path = good.with_name("cut.zip")
    path.write_bytes(good.read_bytes()[:cut])
    answer = vpn_check("analyze", path)
    assert answer.code == 3
    assert "damaged" in answer.err
    assert "Traceback" not in answer.err


def test_an_unpacked_bundle_is_read_by_its_manifest(
    good: Path, tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(good) as archive:
        archive.extractall(folder)
    same, packed = vpn_check("analyze", folder, "--json").device, vpn_check("analyze", good, "--json").device
    assert same == packed
    (folder / "link.txt").symlink_to("/etc/passwd")
    assert vpn_check("analyze", folder, "--json").device == packed
