"""Device -> Transcript: what a device says, exactly, over SSH.

Errors are the classes of `vpn_check.errors`. Import `live`, `fleet` or `hostkeys` where they are used: `live` loads
Netmiko, which costs a quarter of a second.
"""
