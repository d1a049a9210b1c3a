"""The only place that knows the order of the search steps."""
