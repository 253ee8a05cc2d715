"""NetBox by its API: what its devices become, and every way in which it can fail."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from tests.inventory.netbox_server import TOKEN, NetBox, address, device, platform, serving, tag

from vpn_check.errors import InventoryError
from vpn_check.inventory import Inventory, load_inventory, netbox
from vpn_check.model.device import Device, PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Answer

ENVIRON = {"NETBOX_TOKEN": TOKEN}
DEVICES = "/api/dcim/devices/"
MACHINES = "/api/virtualization/virtual-machines/"


@pytest.fixture
def box() -> Iterator[NetBox]:
    with serving(NetBox()) as running:
        yield running


def load(box: NetBox, query: str = "") -> Inventory:
    return load_inventory(box.url + query, ENVIRON)


def failure(place: str, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(InventoryError) as caught:
        load_inventory(place, ENVIRON if environ is None else environ)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert TOKEN not in sentence + repr(caught.value.__cause__)
    assert caught.value.hint
    return sentence


def test_what_a_device_becomes(box: NetBox) -> None:
    box.devices = [
        device(1, "edge-1", primary_ip=address("192.0.2.1/24"), platform=platform("cisco-ios-xe"),
               tags=[tag("hub"), tag("ikev2")], custom_fields={"vpn_check": {"legacy": True, "expected": "up"}}),
        device(2, "fw.example.net", platform=platform("cisco-asa")),
        device(3, "old-3", platform=platform("cisco-ios"), primary_ip=address("2001:db8::3/64"), site=None, role=None,
               device_role={"name": "Core", "slug": "core"}),
    ]
    inventory = load(box)

    assert inventory.kind == "netbox"
    assert inventory.notes == ()
    assert list(inventory.devices.values()) == [
        Device(name="edge-1", host="192.0.2.1", platform=PlatformName.IOSXE, groups=("munich", "edge-router"),
               tags=("hub", "ikev2"), site="munich", legacy=True, expected_up=("*",)),
        Device(name="fw.example.net", host="fw.example.net", platform=PlatformName.ASA,
               groups=("munich", "edge-router"), site="munich"),
        Device(name="old-3", host="2001:db8::3", groups=("core",)),
    ]


@pytest.mark.parametrize(("scheme", "host"), [("http", None), ("https", None), ("http", "netbox.internal")])
def test_all_pages_are_read_and_only_from_the_server_that_was_named(scheme: str, host: str | None,
                                                                   box: NetBox) -> None:
    box.devices = [device(number, f"r{number}") for number in range(11)]
    box.machines = [device(100, "csr-1")]
    box.next_scheme, box.next_host = scheme, host   # as behind a proxy that does not tell NetBox its name

    assert list(load(box).devices) == [*(f"r{number}" for number in range(11)), "csr-1"]
    assert [path for path, _ in box.asked] == [DEVICES] * 4 + [MACHINES]


def test_filters_of_the_address_are_netboxs_own(box: NetBox) -> None:
    berlin = {"name": "Berlin", "slug": "berlin"}
    box.devices = [device(1, "a"), device(2, "b", site=berlin), device(3, "c", site=berlin, role={"slug": "core"})]

    assert list(load(box, "/?site=berlin&role=core&role=edge-router").devices) == ["b", "c"]
    assert box.asked[0][1]["role"] == ["core", "edge-router"]
    assert "Select a valid choice. rome is not one" in failure(f"{box.url}/?site=rome")


def test_a_filter_of_devices_alone_lists_no_virtual_machine(box: NetBox) -> None:
    box.devices, box.machines = [device(1, "a")], [device(2, "vm")]

    assert list(load(box, "/?manufacturer=cisco").devices) == ["a"]
    assert list(load(box, "/?name__ic=a&cf_vpn=1").devices) == ["a", "vm"]


@pytest.mark.parametrize(("query", "says"), [
    ("?sites=munich", "`sites` is no filter of NetBox's devices; NetBox would pass over it and list all. Did you mean"),
    ("?site=", "has no value"), ("?limit=1", "`limit` is no filter"), (f"?token={TOKEN}", "holds a token"),
])
def test_a_filter_that_netbox_would_pass_over_is_refused(query: str, says: str, box: NetBox) -> None:
    assert says in failure(f"{box.url}/{query}")
    assert box.asked == []


def test_devices_without_a_name_or_with_one_that_stands_twice(box: NetBox) -> None:
    box.devices = [device(1, "edge"), device(2, None), device(3, "edge", primary_ip=address("192.0.2.3/32"))]
    inventory = load(box)

    assert {name: found.host for name, found in inventory.devices.items()} == {
        "edge#1": "edge", "edge#3": "192.0.2.3"}
    assert [note.partition(" of")[0] for note in inventory.notes] == [
        "1 devices", "The name edge stands for several devices"]


def test_other_vendors_are_listed_and_never_ours(box: NetBox) -> None:
    box.devices = [device(1, "sw", platform=platform("juniper-junos")), device(2, "x", platform=platform("mystery"))]
    inventory = load(box)

    assert "juniper-junos" in str(inventory.devices["sw"].foreign)
    assert inventory.devices["x"] == Device(name="x", host="x", groups=("munich", "edge-router"), site="munich")


def test_a_path_before_the_api_belongs_to_the_address(box: NetBox) -> None:
    assert "is not the API of a NetBox" in failure(f"{box.url}/netbox/")
    assert box.asked[0][0] == "/netbox/api/dcim/devices/"


@pytest.mark.parametrize(("status", "says"), [
    (403, 'refuses the token (403: {"detail": "as the test wishes"}). Set NETBOX_TOKEN'),
    (401, "refuses the token"), (500, "failed (500:"), (502, "failed (502:"),
])
def test_a_refusal_or_a_failure_is_one_sentence(status: int, says: str, box: NetBox) -> None:
    box.status[DEVICES] = status

    assert says in failure(box.url)


def test_virtual_machines_that_may_not_be_seen_are_a_note(box: NetBox) -> None:
    box.devices, box.status[MACHINES] = [device(1, "a")], 403
    inventory = load(box)

    assert list(inventory.devices) == ["a"]
    assert "may not see them (403)" in inventory.notes[0]


@pytest.mark.parametrize("body", [
    b"<html>log in</html>", b"", b"[1, 2]", b'"text"', b'{"results": 5}', b'{"count": 1, "results": [7]}',
    b'{"count": 1, "next": null, "results": [{"name": ["x"], "site": "munich", "tags": 3}]}', b"\xff\xfe\x00",
])
def test_garbage_is_never_a_traceback(body: bytes, box: NetBox) -> None:
    box.body = body
    assert "is not the API of a NetBox" in failure(box.url)


def test_an_empty_list_is_no_device(box: NetBox) -> None:
    assert load(box).devices == {}


def test_a_slow_answer_ends_at_its_limit(box: NetBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netbox, "READ", 0.2)
    box.pause = 1.0

    assert "did not answer within 0.2 s" in failure(box.url)


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    assert "cannot be reached" in failure(f"netbox+http://127.0.0.1:{port}")


def test_a_server_that_speaks_no_http() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        import threading  # noqa: PLC0415  only here

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.sendall(b"SSH-2.0-x\r\n")

        threading.Thread(target=serve, daemon=True).start()
        assert "cannot be reached" in failure(f"netbox+http://127.0.0.1:{server.getsockname()[1]}")


@pytest.mark.parametrize(("place", "environ", "says"), [
    ("netbox+http://127.0.0.1/", {}, "There is no token for the NetBox 127.0.0.1. Set NETBOX_TOKEN"),
    (f"netbox+https://{TOKEN}@netbox.example.net/", None, "holds a user name or a token"),
    ("netbox+ftp://netbox.example.net/", None, "is not an inventory"),
    ("https://netbox.example.net/", None, "netbox+https://HOST"),
    ("netbox+https:///", None, "is not an inventory"),
])
def test_an_address_that_cannot_be_asked(place: str, environ: dict[str, str] | None, says: str) -> None:
    assert says in failure(place, environ)


def test_a_wrong_token(box: NetBox) -> None:
    assert "refuses the token (403" in failure(box.url, {"NETBOX_TOKEN": "wrong"})


def test_an_entry_of_netrc_does_not_replace_the_token(box: NetBox, monkeypatch: pytest.MonkeyPatch,
                                                      tmp_path: Any) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    box.devices = [device(1, "a")]

    assert list(load(box).devices) == ["a"]


def test_through_the_door(box: NetBox, vpn_check: Callable[..., Answer]) -> None:
    box.devices = [device(1, "edge-1", primary_ip=address("127.0.0.1/32"),
                          custom_fields={"vpn_check": {"port": 1}}),
                   device(2, "sw", platform=platform("junos"))]
    answer = vpn_check("--group", "munich", "--inventory", box.url, "--settle", "0", "--timeout", "3",
                       env={"NETBOX_TOKEN": TOKEN, "VPN_CHECK_PASSWORD": "x"})

    assert answer.code == 3
    assert "1 of the devices meant is skipped: sw, its platform `junos`" in answer.err
    assert "edge-1: 127.0.0.1 port 1 refuses connections" in answer.out
    assert TOKEN not in answer.out + answer.err
