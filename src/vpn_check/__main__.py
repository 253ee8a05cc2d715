"""`python -m vpn_check` is `vpn-check`."""

from vpn_check.cli.main import run

if __name__ == "__main__":
    run()
