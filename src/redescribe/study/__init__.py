"""Dataset -> run folder: all stages in order, resumable."""
