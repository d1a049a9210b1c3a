"""Core values -> tables for other programs."""
