"""Guarded debugs: on for seconds, on one peer, under a watched load, and provably off whatever happens meanwhile.

`run` is the main line. What must be undone stands in a journal (`journal`) before the first debug is switched on, and a
process of its own (`guard`) holds it: it undoes when this process ends in any way other than saying that all is off.
"""
