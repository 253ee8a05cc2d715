"""Exporters: results and a stream in, words out."""
