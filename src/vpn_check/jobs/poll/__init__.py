"""Polls: one look after another at many devices, judged by what came before."""
