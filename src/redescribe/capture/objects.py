"""`package.module:name` and `file.py:name` -> what is called so there."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloudpickle

from redescribe.errors import CaptureError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


def is_object_name(source: str) -> bool:
    """Return whether a text names an object of a module or file.

    >>> is_object_name("nets.py:build"), is_object_name("a.b:build"), is_object_name("a.pt")
    (True, True, False)
    """
    module, _, name = source.rpartition(":")
    return bool(module) and all(part.isidentifier() for part in name.split("."))


def made_by(source: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Return what the function of this name returns, or what has this name.

    The code of the module runs: name only what you trust. Modules are also looked for in
    the current folder.

    Raises
    ------
    CaptureError
        If the module or file cannot be imported, or the function fails.
    UnknownNameError
        If it has no such name.
    """
    with _importable_from_here():
        found = object_called(source)
        # A model can be called as well, but is what is wanted.
        if isinstance(found, type) or _is_function(found):
            try:
                return found()
            except Exception as error:
                em = f"{source} fails: {type(error).__name__}: {error}"
                raise CaptureError(em) from error
    return found


def object_called(source: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Return the object of a module or file itself; a function is not called.

    Raises
    ------
    CaptureError, UnknownNameError
        As in `made_by`.

    Examples
    --------
    >>> object_called("math:pi")
    3.141592653589793
    """
    place, _, name = source.rpartition(":")
    with _importable_from_here():
        found: Any = _module(place)
    for part in name.split("."):
        if not hasattr(found, part):
            what = f"{place} has no object"
            public = [known for known in vars(found) if not known.startswith("_")]
            raise UnknownNameError.among(what, part, public)
        found = getattr(found, part)
    return found


def _is_function(found: object) -> bool:
    return callable(found) and hasattr(found, "__name__") and not hasattr(found, "modules")


def _module(place: str) -> ModuleType:
    try:
        if not place.endswith(".py"):
            return importlib.import_module(place)
        path = Path(place).resolve()
        if not path.is_file():
            em = f"There is no file {place!r}."
            raise CaptureError(em)
        name = f"_redescribe_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            em = f"{place} cannot be imported."
            raise CaptureError(em)
        module = importlib.util.module_from_spec(spec)
        # Classes in it look their module up by name, for instance dataclasses.
        sys.modules[name] = module
        spec.loader.exec_module(module)
        # Other processes do not find the file by this name.
        cloudpickle.register_pickle_by_value(module)
    except CaptureError:
        raise
    except Exception as error:
        em = f"{place} cannot be imported: {type(error).__name__}: {error}"
        raise CaptureError(em) from error
    return module


@contextmanager
def _importable_from_here() -> Iterator[None]:
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        yield
    finally:
        if here in sys.path:
            sys.path.remove(here)
