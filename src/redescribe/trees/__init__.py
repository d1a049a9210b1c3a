"""Binned view + targets -> multi-target predictive clustering trees -> rules."""
