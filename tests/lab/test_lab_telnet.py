"""The lab over telnet, as an independent client sees it: raw bytes on a socket."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName, Transport

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENING = b"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18\xff\xfd\x1f"
AGREED = b"\xff\xfd\x01\xff\xfd\x03\xff\xfc\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x50\xff\xff\x18\xff\xf0"
PIX_6 = LabDevice(name="pix1", platform=PlatformName.PIX, hostname="pix1", transport=Transport.TELNET, username="",
                  release="6.3(5)", enable_secret="raise", outputs={
                      "show crypto isakmp sa": "Total     : 0\n", "show crypto ipsec sa": "row\n" * 40})
IOS = LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", transport=Transport.TELNET,
                outputs={"show crypto isakmp sa": "one\n"}, banner="Authorised use only\n")


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab([PIX_6, IOS]) as lab:
        yield lab


class Line:
    """A telnet connection that has agreed on echo and a window."""

    def __init__(self, lab: Lab, name: str) -> None:
        self.sock = socket.create_connection(("127.0.0.1", lab.port(name)), timeout=5)
        self._buffer = b""
        assert self.until(OPENING[-1:])[-len(OPENING):] == OPENING
        self.sock.sendall(AGREED)

    def until(self, text: bytes, *, typed: bytes = b"") -> bytes:
        self.sock.sendall(typed)
        while text not in self._buffer:
            piece = self.sock.recv(4096)
            assert piece, self._buffer
            self._buffer += piece
        end = self._buffer.index(text) + len(text)
        heard, self._buffer = self._buffer[:end], self._buffer[end:]
        return heard

    def rest(self) -> bytes:
        while piece := self.sock.recv(4096):
            self._buffer += piece
        return self._buffer


@pytest.mark.parametrize("end", [b"\r\0", b"\r\n", b"\r", b"\n"])
def test_ios_asks_for_both_and_echoes_one(lab: Lab, end: bytes) -> None:
    line = Line(lab, "r1")
    assert line.until(b"Username: ").endswith(b"Authorised use only\r\n\r\nUser Access Verification\r\n\r\nUsername: ")
    assert line.until(b"Password: ", typed=b"lab" + end) == b"lab\r\nPassword: "
    assert line.until(b"R1#", typed=b"lab-password" + end) == b"\r\n\r\nR1#"
    assert line.until(b"R1#", typed=b"sh cry isa sa" + end) == b"sh cry isa sa\r\none\r\nR1#"
    line.sock.close()
    assert lab.record("r1").window == (80, 255 << 8 | 0x18)
    assert lab.record("r1").refused == {0x18}


def test_ios_gives_three_tries_and_hangs_up(lab: Lab) -> None:
    line, before = Line(lab, "r1"), lab.auth_attempts("r1")
    for _ in range(2):
        line.until(b"Password: ", typed=b"lab\r\0")
        assert line.until(b"Username: ", typed=b"guess\r\0") == b"\r\n% Login invalid\r\n\r\nUsername: "
    line.until(b"Password: ", typed=b"lab\r\0")
    line.sock.sendall(b"guess\r\0")
    assert line.rest() == b"\r\n% Bad passwords\r\n"
    assert lab.auth_attempts("r1") == before + 3
    line.sock.close()


def test_pix_6_asks_for_a_password_masks_it_and_pages_in_spite_of_everything(lab: Lab) -> None:
    line = Line(lab, "pix1")
    assert line.until(b"Password: ").endswith(b"User Access Verification\r\n\r\nPassword: ")
    welcome = line.until(b"pix1> ", typed=b"lab-password\r\0")
    assert welcome == b"*" * 12 + b"\r\nType help or '?' for a list of available commands.\r\npix1> "
    assert b"Cisco PIX Firewall Version 6.3(5)\r\n" in line.until(b"pix1> ", typed=b"show version\r\0")
    refused = b"Type help or '?' for a list of available commands.\r\n"
    assert refused in line.until(b"pix1> ", typed=b"show crypto ipsec sa\r\0")
    assert line.until(b"Password: ", typed=b"enable\r\0") == b"enable\r\nPassword: "
    assert line.until(b"pix1# ", typed=b"raise\r\0") == b"*****\r\npix1# "
    for command in (b"terminal pager 0", b"no pager", b"pager lines 0", b"terminal width 511"):
        assert line.until(b"\npix1# ", typed=command + b"\r\0") == command + b"\r\n" + refused + b"pix1# "
    page = line.until(b"<--- More --->", typed=b"show crypto ipsec sa\r\0")
    assert page.count(b"row") == 23
    assert line.until(b"pix1# ", typed=b" ").count(b"row") == 17
    line.sock.sendall(b"exit\r\0")
    assert line.rest().endswith(b"Logoff\r\n\r\n")
    line.sock.close()


def test_the_log_in_is_received_and_is_no_command(lab: Lab) -> None:
    assert b"lab-password\r" in lab.received("pix1")
    assert "lab-password" not in lab.commands("pix1")


def test_there_is_no_host_key(lab: Lab) -> None:
    assert lab.host_key_line("r1") == ""
