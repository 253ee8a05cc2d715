"""What generations of devices offer in SSH: old ones need the inventory's word, and say what they offer."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

import paramiko
import pytest

from vpn_check.errors import AlgorithmMismatch

if TYPE_CHECKING:
    from collections.abc import Callable

OLD = {
    "ios-12": "diffie-hellman-group1-sha1", "ios-15": "diffie-hellman-group-exchange-sha1",
    "asa-8": "diffie-hellman-group1-sha1", "legacy": "diffie-hellman-group14-sha1",
}


@pytest.mark.parametrize(("name", "offer"), OLD.items())
def test_an_old_device_is_reached_only_as_legacy(name: str, offer: str, play: Callable[..., Any]) -> None:
    bench = play(algorithms=name)

    with pytest.raises(AlgorithmMismatch) as caught:
        bench.collect()

    assert offer in str(caught.value)
    assert "`legacy: true`" in str(caught.value)
    assert (bench.lab.auth_attempts("r1"), bench.lab.connections("r1")) == (0, 1)
    assert {output.problem for output in bench.collect(legacy=True).outputs} == {None}


@pytest.mark.parametrize("name", ["modern", "asa-9"])
@pytest.mark.parametrize("legacy", [False, True])
def test_a_newer_device_needs_no_word(name: str, legacy: bool, play: Callable[..., Any]) -> None:  # noqa: FBT001
    bench = play(algorithms=name)

    assert {output.problem for output in bench.collect(legacy=legacy).outputs} == {None}


def test_a_dss_key_needs_another_key_and_not_the_word(play: Callable[..., Any]) -> None:
    bench = play(algorithms="dss", trusted=False)

    with pytest.raises(AlgorithmMismatch) as caught:
        bench.collect(legacy=True)

    assert "ssh-dss" in str(caught.value)
    assert "crypto key generate rsa" in str(caught.value)


def test_the_ssh_library_still_speaks_the_old_algorithms() -> None:
    assert paramiko.__version__.startswith("4.")
    assert set(OLD.values()) <= set(paramiko.Transport._kex_info)  # type: ignore[attr-defined]  # noqa: SLF001  as installed
    assert any(line.startswith("netmiko[par4]") for line in metadata.requires("vpn-check") or [])


def test_a_library_without_them_is_named_as_the_reason(play: Callable[..., Any],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paramiko, "__version__", "5.1.0")
    bench = play(algorithms="dss", trusted=False)

    with pytest.raises(AlgorithmMismatch, match=r"pip install 'paramiko>=4,<5'"):
        bench.collect(legacy=True)
