"""Targets + binned views -> candidate redescriptions."""
