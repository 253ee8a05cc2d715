"""The configuration of a device of the simulated world, and the line in it that a change changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tests.poll.tunnel import Tunnel


def running(platform: PlatformName, name: str, tunnels: Sequence[Tunnel], changed: Collection[int]) -> str:
    """`show running-config`. `changed`: the tunnels whose phase 2 is configured otherwise than it should be."""
    write = {PlatformName.IOS: _ios, PlatformName.IOSXE: _iosxe, PlatformName.ASA: _asa}[platform]
    return write(name, tunnels, changed)


def _ios(name: str, tunnels: Sequence[Tunnel], changed: Collection[int]) -> str:
    local, keys, entries, lists, exempt = tunnels[0].local, "", "", "", ""
    for tunnel in tunnels:
        number = 10 * (tunnel.number + 1)
        keys += f"crypto isakmp key 7 08354942071C11 address {tunnel.peer}\n"
        entries += (f"crypto map CMAP {number} ipsec-isakmp\n set peer {tunnel.peer}\n"
                    f" set transform-set {'AES128' if tunnel.number in changed else 'AES256'}\n"
                    f" match address VPN{tunnel.number}\n!\n")
        line = f"ip {tunnel.lan} 0.0.0.255 {tunnel.far} 0.0.0.255"
        lists += f"ip access-list extended VPN{tunnel.number}\n permit {line}\n"
        exempt += f" deny   {line}\n"
    return f"""\
Building configuration...

Current configuration : {3000 + 300 * len(tunnels)} bytes
!
version 15.7
service timestamps debug datetime msec
service timestamps log datetime msec
service password-encryption
!
hostname {name}
!
no aaa new-model
ip cef
!
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
{keys}crypto isakmp keepalive 10 3 periodic
!
crypto ipsec transform-set AES256 esp-aes 256 esp-sha256-hmac
 mode tunnel
crypto ipsec transform-set AES128 esp-aes esp-sha256-hmac
 mode tunnel
!
{entries}interface GigabitEthernet0/1
 description provider
 ip address {local} 255.255.255.0
 ip nat outside
 crypto map CMAP
!
interface GigabitEthernet0/2
 ip address {_gateway(tunnels[0].lan)} 255.255.0.0
 ip nat inside
 ip tcp adjust-mss 1360
!
ip forward-protocol nd
no ip http server
ip nat inside source list INTERNET interface GigabitEthernet0/1 overload
ip route 0.0.0.0 0.0.0.0 {_next_hop(local)}
!
ip access-list extended INTERNET
{exempt} permit ip {_network(tunnels[0].lan)} 0.0.255.255 any
{lists}!
ntp server 192.0.2.250
!
line vty 0 4
 transport input ssh
!
end
"""


def _iosxe(name: str, tunnels: Sequence[Tunnel], changed: Collection[int]) -> str:
    local, peers, interfaces, routes, matches = tunnels[0].local, "", "", "", ""
    for tunnel in tunnels:
        peers += (f" peer SITE{tunnel.number}\n  address {tunnel.peer}\n"
                  "  pre-shared-key 6 QXhZGWQfaBcDeFgHiJkLmNoPqRsT\n !\n")
        matches += f" match identity remote address {tunnel.peer} 255.255.255.255 \n"
        interfaces += f"""\
interface Tunnel{tunnel.number}
 ip address 10.255.{tunnel.number}.1 255.255.255.252
 ip mtu 1400
 ip tcp adjust-mss 1360
 tunnel source GigabitEthernet0/0/0
 tunnel mode ipsec ipv4
 tunnel destination {tunnel.peer}
 tunnel protection ipsec profile {'OTHER' if tunnel.number in changed else 'BRANCH'}
!
"""
        routes += f"ip route {tunnel.far} 255.255.255.0 Tunnel{tunnel.number}\n"
    return f"""\
Building configuration...

Current configuration : {4000 + 300 * len(tunnels)} bytes
!
version 16.9
service timestamps debug datetime msec
!
hostname {name}
!
license boot level securityk9
!
crypto ikev2 proposal GCM 
 encryption aes-gcm-256
 prf sha384
 group 20
!
crypto ikev2 policy GCM 
 proposal GCM
!
crypto ikev2 keyring BRANCH
{peers}!
crypto ikev2 profile BRANCH
{matches} authentication remote pre-share
 authentication local pre-share
 keyring local BRANCH
 dpd 10 3 periodic
!
crypto ipsec transform-set GCM esp-gcm 256 
 mode tunnel
crypto ipsec transform-set GCM128 esp-gcm 
 mode tunnel
!
crypto ipsec profile BRANCH
 set transform-set GCM 
 set ikev2-profile BRANCH
!
crypto ipsec profile OTHER
 set transform-set GCM128 
 set ikev2-profile BRANCH
!
{interfaces}interface GigabitEthernet0/0/0
 ip address {local} 255.255.255.0
 negotiation auto
!
interface GigabitEthernet0/0/1
 ip address {_gateway(tunnels[0].lan)} 255.255.0.0
 negotiation auto
!
ip route 0.0.0.0 0.0.0.0 {_next_hop(local)}
{routes}!
ntp server 192.0.2.250
!
end
"""   # noqa: W291  IOS-XE leaves blanks at the end of some lines


def _asa(name: str, tunnels: Sequence[Tunnel], changed: Collection[int]) -> str:
    local, objects, lists, nat, entries, groups = tunnels[0].local, "", "", "", "", ""
    for tunnel in tunnels:
        n, entry = tunnel.number, f"crypto map outside_map {10 * (tunnel.number + 1)}"
        objects += (f"object network LAN{n}\n subnet {tunnel.lan} 255.255.255.0\n"
                    f"object network FAR{n}\n subnet {tunnel.far} 255.255.255.0\n")
        lists += f"access-list VPN{n} extended permit ip object LAN{n} object FAR{n} \n"
        nat += (f"nat (inside,outside) source static LAN{n} LAN{n} destination static FAR{n} FAR{n} "
                "no-proxy-arp route-lookup\n")
        entries += (f"{entry} match address VPN{n}\n{entry} set peer {tunnel.peer} \n"
                    f"{entry} set ikev1 transform-set {'AES128' if n in changed else 'AES256'}\n")
        groups += (f"tunnel-group {tunnel.peer} type ipsec-l2l\ntunnel-group {tunnel.peer} ipsec-attributes\n"
                   " ikev1 pre-shared-key *****\n")
    return f"""\
: Saved
:
ASA Version 9.12(4)
!
hostname {name}
names
!
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address {local} 255.255.255.0
!
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address {_gateway(tunnels[0].lan)} 255.255.0.0
!
{objects}{lists}mtu outside 1500
mtu inside 1500
{nat}route outside 0.0.0.0 0.0.0.0 {_next_hop(local)} 1
crypto ipsec ikev1 transform-set AES256 esp-aes-256 esp-sha-hmac
crypto ipsec ikev1 transform-set AES128 esp-aes esp-sha-hmac
crypto ipsec security-association pmtu-aging infinite
{entries}crypto map outside_map interface outside
crypto ikev1 enable outside
crypto ikev1 policy 10
 authentication pre-share
 encryption aes-256
 hash sha
 group 14
 lifetime 86400
{groups}!
Cryptochecksum:6b1f3a8d2c4e5f60718293a4b5c6d7e8
: end
"""


def _network(address: str) -> str:
    return ".".join((*address.split(".")[:2], "0", "0"))


def _gateway(address: str) -> str:
    return ".".join((*address.split(".")[:2], "255", "1"))


def _next_hop(address: str) -> str:
    return ".".join((*address.split(".")[:3], "254"))
