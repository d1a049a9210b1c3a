"""The errors that the library raises on purpose.

::

    RedescribeError(ValueError)
    ├── ParameterError          an option outside its bounds
    ├── ConfigError             a setting of a file or of the environment that cannot be
    ├── ReadError               a file that is missing, truncated or not what it says
    ├── ViewError               a table that cannot be a view
    ├── EntityMismatchError     tables or supports that describe different entities
    ├── UnknownNameError        a view, attribute, layer or finding that does not exist
    ├── QuerySyntaxError        a query text that does not parse
    ├── CaptureError            a network whose activations cannot be recorded
    ├── TrainingError           a network that cannot be trained, or whose loss is NaN
    ├── StoreError              a run folder or activation store that cannot be used
    │   └── UnfinishedError     a run whose search has work left to do
    ├── WorkerError             a worker in another process that was lost
    └── MissingExtraError       an optional package that is not installed

Each message says what is wrong, where, what was given and what to do.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class RedescribeError(ValueError):
    """Base of all deliberate errors; the command line prints it on one line."""


class ParameterError(RedescribeError):
    """An option outside its bounds."""


class ConfigError(RedescribeError):
    """A setting of a file or of the environment that cannot be."""


class ReadError(RedescribeError):
    """A file that is missing, truncated or not what it says."""


class ViewError(RedescribeError):
    """A table that cannot be a view."""


class EntityMismatchError(RedescribeError):
    """Tables or supports that describe different entities."""


class UnknownNameError(RedescribeError):
    """A view, attribute, layer or finding that does not exist."""

    @classmethod
    def among(cls, what: str, name: str, known: Iterable[str]) -> UnknownNameError:
        """Return an error that names the nearest known name.

        >>> str(UnknownNameError.among("View 'fc2' has no attribute", "fc2:70", ["fc2:7"]))
        "View 'fc2' has no attribute 'fc2:70'. Did you mean 'fc2:7'?"
        """
        names = list(known)
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        if near:
            hint = f"Did you mean {near[0]!r}?"
        else:
            shown = ", ".join(repr(known_name) for known_name in names[:5])
            hint = f"Known: {shown}{', …' if len(names) > 5 else ''}."
        return cls(f"{what} {name!r}. {hint}")


class QuerySyntaxError(RedescribeError):
    """A query text that does not parse."""


class CaptureError(RedescribeError):
    """A network whose activations cannot be recorded."""


class TrainingError(RedescribeError):
    """A network that cannot be trained, or whose loss is NaN."""


class StoreError(RedescribeError):
    """A run folder or activation store that cannot be used."""


class UnfinishedError(StoreError):
    """A run whose search has work left to do; the command line exits with status 3."""


class WorkerError(RedescribeError):
    """A worker in another process that was lost, or could not start its task."""


class MissingExtraError(RedescribeError):
    """An optional package that is not installed."""
