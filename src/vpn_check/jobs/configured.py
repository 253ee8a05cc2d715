"""Have the configurations of a snapshot read: the texts go, the nouns come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.snapshot import DeviceSnapshot


def configured(snapshot: DeviceSnapshot) -> DeviceSnapshot:
    """The snapshot with its configuration in nouns; as it is where no configuration was given."""
    if not snapshot.config_texts:
        return snapshot
    from vpn_check.config.reader import read_config  # noqa: PLC0415  a run without a configuration does not pay for it
    from vpn_check.redact.secrets import redact_line  # noqa: PLC0415  same

    config = read_config(snapshot.config_texts, mask=redact_line, platform=snapshot.platform)
    platform = snapshot.platform or (config.generation.platform if config.seen else None)
    return replace(snapshot, config=config, config_texts=(), platform=platform)
