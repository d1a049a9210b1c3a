"""Keras on PyTorch, as the tests use it: it reads and writes no settings of the user."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import pytest


def imported() -> Any:  # noqa: ANN401 - the module
    """Import Keras, or leave the tests of the caller out."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("KERAS_BACKEND", "torch")
        os.environ.setdefault("KERAS_HOME", home)
        return pytest.importorskip("keras")
