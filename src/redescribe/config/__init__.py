"""The settings of a study: from a file, the environment and the command line."""
