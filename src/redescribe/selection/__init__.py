"""Which redescriptions are reported."""
