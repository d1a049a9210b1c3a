"""Core values <-> files."""
