"""Negotiation on paper: what two configurations would agree on, phase by phase, before any packet is sent."""
