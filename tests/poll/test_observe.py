"""What a poll remembers of a tunnel: facts that stay, and none of a negotiation that is open."""

from __future__ import annotations

from datetime import timedelta

from tests.poll.look import SAS, look
from tests.poll.script import START, Event, Kind
from tests.poll.world import HUB, World

from vpn_check.jobs.poll.observe import observe
from vpn_check.model.device import Device

NOON = START + timedelta(hours=12)


def traits(world: World, device: str, at: timedelta) -> dict[str, str]:
    found = observe(Device(name=device, host=device), look(world, device, NOON + at, commands=SAS), NOON + at, 0.0)
    return dict(next(tunnel.traits for tunnel in found.tunnels if tunnel.id.peer == HUB))


def test_proposals_are_remembered_of_what_is_up_and_not_of_what_is_being_negotiated() -> None:
    down = Event(at=NOON, until=NOON + timedelta(hours=1), kind=Kind.HUB_DOWN, peer=HUB)
    world = World(7, [down], devices=("ios1", "xe1"), tunnels=2)
    for device in ("ios1", "xe1"):
        up = traits(world, device, -timedelta(minutes=5))
        negotiating = traits(world, device, timedelta(minutes=5))

        assert up["IKE version"] == ("IKEv2" if device == "xe1" else "IKEv1")
        assert "IKE proposal" not in negotiating
        assert "None" not in up.get("IKE proposal", "")
