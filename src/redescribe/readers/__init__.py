"""Outside formats -> core values."""
