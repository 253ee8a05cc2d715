"""Secrets come from where the inventory points, in a fixed order, and show up nowhere."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from vpn_check.collect.credentials import Resolver, resolve
from vpn_check.errors import AuthenticationFailed, InventoryError
from vpn_check.inventory import CredentialSource
from vpn_check.model.device import Credentials, Device

DEVICE = Device(name="r1", host="r1", username="netops", credential="branch")


def secret_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_text(text)
    path.chmod(mode)
    return path


def get(source: CredentialSource | None = None, environ: dict[str, str] | None = None, device: Device = DEVICE,
        **options: Any) -> Credentials:
    sources = {"branch": source or CredentialSource(name="branch")}
    return resolve(device, sources, environ=environ or {}, ask=options.get("ask"))


def test_the_variable_goes_before_the_file_and_the_file_before_the_general_variable(tmp_path: Path) -> None:
    source = CredentialSource(name="branch", password_env="PW", enable_secret_file=tmp_path / "secret",
                              password_file=secret_file(tmp_path, "from-file\nmore\n"))

    assert get(source, {"PW": "from-env", "VPN_CHECK_PASSWORD": "x"}).password == "from-env"
    assert get(source, {"VPN_CHECK_PASSWORD": "x"}).password == "from-file"
    assert get(source, {"VPN_CHECK_ENABLE": "x"}).enable_secret == "from-file"
    assert get(environ={"VPN_CHECK_PASSWORD": "x", "VPN_CHECK_ENABLE": "y"}).enable_secret == "y"


def test_user_names_device_then_credential_then_environment() -> None:
    source = CredentialSource(name="branch", username="from-credential")
    nameless = Device(name="r1", host="r1", credential="branch")
    environ = {"VPN_CHECK_USERNAME": "from-environment", "VPN_CHECK_PASSWORD": "x"}

    assert get(source, environ).username == "netops"
    assert get(source, environ, nameless).username == "from-credential"
    assert get(None, environ, nameless).username == "from-environment"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_secret_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    source = CredentialSource(name="branch", password_file=secret_file(tmp_path, "s3cret-word\n", mode))

    with pytest.raises(InventoryError, match="chmod 600") as caught:
        get(source)

    assert "s3cret-word" not in str(caught.value)


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_secret_file_without_a_secret_is_an_error(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "none" if content is None else secret_file(tmp_path, content)

    with pytest.raises(InventoryError, match="secret file"):
        get(CredentialSource(name="branch", password_file=path))


def test_nothing_to_log_in_with_names_the_ways() -> None:
    with pytest.raises(AuthenticationFailed, match=r"VPN_CHECK_PASSWORD.*password_file"):
        get()


def test_a_key_or_the_agent_needs_no_password() -> None:
    with_key = get(CredentialSource(name="branch", key_file=Path("/k"), passphrase_env="P"),
                   {"P": "word"})
    with_agent = get(environ={"SSH_AUTH_SOCK": "/run/agent"})

    assert (with_key.key_file, with_key.passphrase, with_key.password) == ("/k", "word", None)
    assert with_agent.use_agent
    assert not get(environ={"SSH_AUTH_SOCK": "/run/agent", "VPN_CHECK_PASSWORD": "x"}).use_agent


def test_a_person_is_asked_once_however_many_threads_want_to_know() -> None:
    asked: list[str] = []
    at_once = threading.Barrier(8)

    def ask(question: str) -> str:
        asked.append(question)
        return "typed-word"

    resolver = Resolver({"branch": CredentialSource(name="branch")}, environ={}, ask=ask)

    def work(_number: int) -> str | None:
        at_once.wait(5)
        return resolver(DEVICE).password

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(work, range(8))) == {"typed-word"}
    assert asked == ["Password for netops (branch): "]


def test_an_empty_answer_is_no_password() -> None:
    with pytest.raises(AuthenticationFailed, match="no password was given"):
        get(ask=lambda _question: "")


def test_the_keyring_is_asked_by_service_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring  # noqa: PLC0415

    monkeypatch.setattr(keyring, "get_password", lambda service, user: f"{service}/{user}")

    assert get(CredentialSource(name="branch", keyring="vpn")).password == "vpn/netops"


def test_a_missing_keyring_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    with pytest.raises(AuthenticationFailed, match="pip install"):
        get(CredentialSource(name="branch", keyring="vpn"))


def test_no_secret_is_in_a_repr() -> None:
    word = "s3cret-word"
    shown = repr(Credentials(username="u", password=word, enable_secret=word, passphrase=word))

    assert "s3cret-word" not in shown
