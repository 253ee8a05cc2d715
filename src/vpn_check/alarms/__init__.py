"""Judgement over time: what the polls of a device add up to. Pure: state and observation in, state and alarms out."""
