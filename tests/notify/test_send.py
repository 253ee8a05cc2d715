"""Notifications to a real HTTP service on loopback: one that fails keeps no other from it, no token is shown."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.errors import UsageError
from vpn_check.model.finding import Status
from vpn_check.notify.send import Notifier
from vpn_check.notify.urls import Address, read_urls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "s3cr3t-token"
CLOSED = f"json://user:{TOKEN}@127.0.0.1:1/{TOKEN}"


@contextmanager
def service(answer: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A service that notes what it is told: its URL, and the messages."""
    told: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"json://user:{TOKEN}@127.0.0.1:{server.server_address[1]}/", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def addresses(*urls: str) -> tuple[Address, ...]:
    return tuple(Address(url=url, line=number) for number, url in enumerate(urls, 1))


def test_a_message_arrives_with_title_body_and_kind() -> None:
    with service() as (url, told):
        body = "line 1 <b> & 'x'\n  | *Mar  3: %CRYPTO-4-IKMP\n"
        assert Notifier(addresses(url)).send("[CRITICAL] router1: down", body, Status.CRITICAL) == ()
    assert (told[0]["title"], told[0]["type"]) == ("[CRITICAL] router1: down", "failure")
    assert told[0]["message"].rstrip() == body.rstrip()


@pytest.mark.parametrize(("status", "kind"), [(Status.HEALTHY, "success"), (Status.WARNING, "warning"),
                                              (Status.UNKNOWN, "warning"), (Status.CRITICAL, "failure")])
def test_the_kind_follows_from_the_state(status: Status, kind: str) -> None:
    with service() as (url, told):
        Notifier(addresses(url)).send("title", "body", status)
    assert told[0]["type"] == kind


def test_a_service_that_cannot_be_reached_is_named_by_its_scheme_and_the_others_are_told(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with service() as (url, told):
        failed = Notifier(addresses(CLOSED, url)).send("title", "body", Status.CRITICAL)
    assert failed == ("The notification by json (line 1 of the notification file) did not go out.",)
    assert len(told) == 1
    assert "".join(capfd.readouterr()) == ""


def test_a_service_that_refuses_has_not_taken_the_message() -> None:
    with service(500) as (url, told):
        assert len(Notifier(addresses(url)).send("title", "body", Status.CRITICAL)) == 1
    assert told


@pytest.mark.parametrize("url", [f"nonsense://{TOKEN}", f"just-{TOKEN}", f"slack://{TOKEN}", f"{TOKEN}://"])
def test_an_url_that_apprise_does_not_understand_is_refused_at_once_and_not_shown(
    url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(UsageError) as caught:
        Notifier([Address(url=url, line=7)])
    assert "Line 7" in str(caught.value)
    said = (str(caught.value), repr(caught.value), repr(Address(url=url, line=7)))
    for text in (*said, *capfd.readouterr(), caplog.text):
        assert TOKEN not in text


def test_without_apprise_the_error_says_what_to_install() -> None:
    code = ("import sys; sys.modules['apprise'] = None\n"
            "from vpn_check.notify.send import Notifier\n"
            "Notifier(())\n")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "UsageError: Notifications need apprise, and it is not installed. Type: pip install 'vpn-check[notify]'" in (
        ran.stderr)


def test_apprise_is_loaded_by_a_notifier_and_by_nothing_else() -> None:
    code = "import sys, vpn_check.notify.send, vpn_check.notify.urls; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_urls_stand_one_a_line_and_comments_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    path.write_text(f"# whom to tell\n\n  json://127.0.0.1/{TOKEN}  \n# mailto://no\nslack://x\n")
    path.chmod(0o600)
    found = read_urls(path)
    assert [(each.url, each.line, each.scheme) for each in found] == [
        (f"json://127.0.0.1/{TOKEN}", 3, "json"), ("slack://x", 5, "slack")]
    assert TOKEN not in repr(found)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "notify"
    path.write_text("json://127.0.0.1\n")
    path.chmod(mode)
    with pytest.raises(UsageError, match="can be read by others") as caught:
        read_urls(path)
    assert caught.value.hint == f"Type: chmod 600 {path}"


@pytest.mark.parametrize("content", [None, b"", b"# nobody\n", b"\xff\xfe\n"])
def test_a_file_that_is_not_there_or_names_nobody_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "notify"
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)
    with pytest.raises(UsageError, match="notification file"):
        read_urls(path)
