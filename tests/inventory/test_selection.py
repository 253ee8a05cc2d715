"""Which devices a command line means: words add up, tags narrow, and what fits nothing is an error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vpn_check.errors import InventoryError, UsageError
from vpn_check.inventory import Inventory, is_glob
from vpn_check.jobs.devices import choose, devices_of
from vpn_check.model.device import Device

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

HELD = Inventory(path=Path("inventory.yaml"), devices={device.name: device for device in (
    Device(name="edge-1", host="x", groups=("munich",), tags=("hub", "ikev1")),
    Device(name="edge-2", host="x", groups=("berlin",), tags=("ikev2",)),
    Device(name="Edge-30", host="x", groups=("berlin",), tags=("hub", "ikev2")),
    Device(name="core", host="x", groups=("munich",)),
    Device(name="sw", host="x", groups=("other",), foreign="its platform is another"),
)})


def names(words: str = "", groups: str = "", tags: str = "") -> list[str]:
    found = choose(words.split(), groups.split(), tags.split(), held=HELD, ssh_config=Path("/nowhere"))
    return [device.name for device in found]


@pytest.mark.parametrize(("words", "groups", "tags", "meant"), [
    ("core edge-1", "", "", "core edge-1"), ("edge-*", "", "", "edge-1 edge-2 Edge-30"),
    ("edge-?", "", "", "edge-1 edge-2"), ("edge-[13]*", "", "", "edge-1 Edge-30"), ("EDGE-2*", "", "", "edge-2"),
    ("edge-2 edge-*", "", "", "edge-2 edge-1 Edge-30"), ("core", "berlin", "", "core edge-2 Edge-30"),
    ("", "munich berlin", "", "edge-1 core edge-2 Edge-30"), ("", "", "hub", "edge-1 Edge-30"),
    ("", "", "hub ikev2", "Edge-30"), ("edge-*", "", "ikev2", "edge-2 Edge-30"), ("", "munich", "hub", "edge-1"),
    ("edge-1", "berlin", "hub", "edge-1 Edge-30"), ("core 192.0.2.9", "", "", "core 192.0.2.9"),
    ("2001:db8::1", "", "", "2001:db8::1"),
])
def test_words_globs_and_groups_add_up_and_tags_narrow(words: str, groups: str, tags: str, meant: str) -> None:
    assert names(words, groups, tags) == meant.split()


@pytest.mark.parametrize(("words", "groups", "tags", "says"), [
    ("egde-*", "", "", "no device fits `egde-*`. Did you mean `edge-"), ("x*", "", "", "no device fits `x*`"),
    ("", "munch", "", "no device is in a group `munch`. Did you mean `munich`?"),
    ("", "", "hbu", "no device has a tag `hbu`. Did you mean `hub`?"),
    ("core", "", "hub", "the device `core` has no tag `hub`"),
    ("", "munich", "ikev2", "none of the 2 devices meant has the tags ikev2"),
    ("192.0.2.1", "", "hub", "192.0.2.1 is not in the inventory, so it has no tags"),
    ("sw", "", "", "sw is not asked: its platform is another"), ("", "other", "", "None of the 1 devices meant"),
    ("", "", "", "No device is named"), ("edge", "", "", "is not in the inventory inventory.yaml"),
])
def test_what_fits_nothing_is_an_error(words: str, groups: str, tags: str, says: str) -> None:
    with pytest.raises((UsageError, InventoryError)) as caught:
        names(words, groups, tags)

    assert says in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(("word", "glob"), [
    ("edge-*", True), ("e?", True), ("edge-[12]", True), ("edge-1", False), ("[2001:db8::1]:22", False),
    ("2001:db8::1", False), ("r1.example.net:22", False),
])
def test_what_a_glob_is(word: str, glob: bool) -> None:  # noqa: FBT001
    assert is_glob(word) is glob


def test_a_device_whose_name_looks_like_a_glob_is_that_device() -> None:
    held = Inventory(path=Path("x"), devices={name: Device(name=name, host="x") for name in ("a*", "ab")})

    assert [device.name for device in choose(["a*"], [], [], held=held)] == ["a*"]


@pytest.mark.parametrize(("words", "says"), [
    (("edge-*",), "There is no inventory, so `edge-*` fits nothing"), (("--tag", "x"), "so there are no tags"),
    (("--group", "x"), "so there are no groups"),
])
def test_without_an_inventory_nothing_is_connected_to(words: tuple[str, ...], says: str,
                                                      vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check(*words, env={"VPN_CHECK_PASSWORD": "x"})

    assert answer.code == 3
    assert says in answer.err
    assert len(answer.err.splitlines()) == 1


def test_the_inventory_of_the_environment_may_be_a_netbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VPN_CHECK_INVENTORY", "netbox+https://netbox.invalid/?site=x")
    monkeypatch.delenv("NETBOX_TOKEN", raising=False)
    with pytest.raises(InventoryError, match=r"no token for the NetBox netbox\.invalid"):
        devices_of(["r1"], [], inventory=None)
