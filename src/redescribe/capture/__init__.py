"""Network + inputs -> activations."""
