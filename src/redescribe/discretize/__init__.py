"""Columns -> bins."""
