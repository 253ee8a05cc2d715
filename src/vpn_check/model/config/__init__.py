"""A configuration in nouns. Import from here; the files are split by idea."""

from vpn_check.model.config.access import AccessGroup, ClientGroup, GroupPolicy, Pool, Trustpoint, TunnelGroup
from vpn_check.model.config.acl import (
    AccessEntry,
    AccessList,
    AddressKind,
    AddressSpec,
    NetworkObject,
    ObjectGroup,
    PortSpec,
    ServiceObject,
    ServiceSpec,
)
from vpn_check.model.config.device_config import DeviceConfig, interface_key
from vpn_check.model.config.generation import Generation, release_key
from vpn_check.model.config.ike import (
    IdentityMatch,
    IkePolicy,
    IkeProfile,
    IkeSettings,
    Ikev2Selection,
    Keyring,
    PeerKey,
)
from vpn_check.model.config.interface import Interface, Nhrp, Standby, TunnelSettings
from vpn_check.model.config.ipsec import CryptoMap, CryptoMapEntry, IpsecProfile, IpsecSettings, Peer, TransformSet
from vpn_check.model.config.keymark import KeyForm, KeyMark
from vpn_check.model.config.nat import GlobalPool, NatKind, NatRule, RouteMap, RouteMapClause
from vpn_check.model.config.routing import RoutingProtocol, StaticRoute
from vpn_check.model.config.sets import ConfigSets, Permitted
from vpn_check.model.config.statement import Configured, Statement, quote
from vpn_check.model.config.system import SystemSettings
from vpn_check.model.configtext import ConfigSource, ConfigText

__all__ = [
    "AccessEntry",
    "AccessGroup",
    "AccessList",
    "AddressKind",
    "AddressSpec",
    "ClientGroup",
    "ConfigSets",
    "ConfigSource",
    "ConfigText",
    "Configured",
    "CryptoMap",
    "CryptoMapEntry",
    "DeviceConfig",
    "Generation",
    "GlobalPool",
    "GroupPolicy",
    "IdentityMatch",
    "IkePolicy",
    "IkeProfile",
    "IkeSettings",
    "Ikev2Selection",
    "Interface",
    "IpsecProfile",
    "IpsecSettings",
    "KeyForm",
    "KeyMark",
    "Keyring",
    "NatKind",
    "NatRule",
    "NetworkObject",
    "Nhrp",
    "ObjectGroup",
    "Peer",
    "PeerKey",
    "Permitted",
    "Pool",
    "PortSpec",
    "RouteMap",
    "RouteMapClause",
    "RoutingProtocol",
    "ServiceObject",
    "ServiceSpec",
    "Standby",
    "Statement",
    "StaticRoute",
    "SystemSettings",
    "TransformSet",
    "Trustpoint",
    "TunnelGroup",
    "TunnelSettings",
    "interface_key",
    "quote",
    "release_key",
]
