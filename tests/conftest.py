"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: the first example pays for compilation.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
