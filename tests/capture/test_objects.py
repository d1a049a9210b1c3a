"""Objects by name: of a module, of a file."""

from __future__ import annotations

import pytest

from redescribe.capture.objects import made_by, object_called
from redescribe.errors import CaptureError, UnknownNameError


def test_a_function_is_called_or_not() -> None:
    assert isinstance(made_by("platform:python_version"), str)
    assert callable(object_called("platform:python_version"))
    assert object_called("os:path.sep") == made_by("os:path.sep")


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'sqrt'"):
        object_called("math:sqr")
    with pytest.raises(CaptureError, match=r"no file 'nets\.py'"):
        object_called("nets.py:build")
