"""The nouns of the trade: frozen, slotted, keyword-only; no I/O.

Counters are `int` or `None`: None means that the device did not say, and is never read as 0.
"""
