"""Family + hold-out -> assessed set."""
