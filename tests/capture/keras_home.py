"""Keras on PyTorch, as the tests use it: it reads and writes no settings of the user."""

from __future__ import annotations

import os
import tempfile

import pytest

with tempfile.TemporaryDirectory() as _home:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    os.environ.setdefault("KERAS_HOME", _home)
    keras = pytest.importorskip("keras")
