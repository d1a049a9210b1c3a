"""A run -> its report over loopback HTTP, complete, and answers that need all entities."""
