"""Rules that imitate a network: what it answers, said about its inputs."""
