"""What the main line and its guard say to each other over a socket pair: one message each way, then single words."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from vpn_check.collect.jump import Gateway
from vpn_check.collect.limits import Limits
from vpn_check.jobs.debug.journal import absolute, device_from, from_document, to_document
from vpn_check.model.device import Credentials

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from vpn_check.jobs.debug.journal import Journal

READY, DONE, YOURS = b"ready\n", b"done\n", b"yours\n"
STOP, OFF, OPEN = b"stop\n", b"off\n", b"open\n"
"""ready: the guard holds the journal. done: all is off. yours: undo it. stop: end it now. off, open: undone, or not."""
_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a guard has to know: what to undo, how to get there, and when to act whatever happens.

    Args:
        journal: what is to be undone.
        credentials: what to log in with.
        limits: of the sessions.
        gateways: what is known of the bastions on the way, by the words that name them.
        deadline: seconds after which the guard acts on its own.
        environ: says where the state and the host keys are.
    """

    journal: Journal
    credentials: Credentials
    limits: Limits
    gateways: Mapping[str, Gateway] = field(default_factory=dict)
    deadline: float
    environ: Mapping[str, str] = field(default_factory=dict)


def send_task(wire: socket.socket, task: Task) -> None:
    """Hand over a task. What is secret in it passes through memory only."""
    body = json.dumps({
        "journal": to_document(task.journal), "credentials": asdict(task.credentials), "limits": asdict(task.limits),
        "gateways": {word: {"device": asdict(absolute(gateway.device)), "credentials": asdict(gateway.credentials)}
                     for word, gateway in task.gateways.items()},
        "deadline": task.deadline, "environ": dict(task.environ)}).encode()
    wire.sendall(len(body).to_bytes(_LENGTH, "big") + body)


def receive_task(wire: socket.socket) -> Task | None:
    """The other end of `send_task`; None: the sender ended first."""
    head = _exactly(wire, _LENGTH)
    body = _exactly(wire, int.from_bytes(head, "big")) if head else b""
    if not body:
        return None
    document: dict[str, Any] = json.loads(body)
    return Task(
        journal=from_document(document["journal"]), credentials=Credentials(**document["credentials"]),
        limits=Limits(**document["limits"]), deadline=document["deadline"], environ=document["environ"],
        gateways={word: Gateway(device=device_from(known["device"]), credentials=Credentials(**known["credentials"]))
                  for word, known in document["gateways"].items()})


def receive_word(wire: socket.socket) -> bytes:
    """The next word; empty: the other end has gone."""
    word = b""
    while not word.endswith(b"\n"):
        try:
            piece = wire.recv(1)
        except ConnectionError:
            return b""
        if not piece:
            return b""
        word += piece
    return word


def _exactly(wire: socket.socket, count: int) -> bytes:
    held = b""
    while len(held) < count:
        piece = wire.recv(count - len(held))
        if not piece:
            return b""
        held += piece
    return held
