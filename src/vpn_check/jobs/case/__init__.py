"""The evidence bundle: gather what devices say or files hold, take the secrets out, judge it, write it down."""
