"""vpn-check: what is wrong with a Cisco IPsec VPN, with which peer, on which side, on which evidence."""

__version__ = "0.1.0"
