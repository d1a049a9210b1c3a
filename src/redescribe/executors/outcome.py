"""What a call gave, or the error that ended it: a value that a worker can send."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redescribe.executors.parcel import Parcel

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Failed:
    """A call that ended with an error."""

    error: Exception


def attempt(func: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - of any function
    """Return what a function gives, or how it failed.

    Where a task fails, joblib ends the other workers at once. A process that is ended while
    it sends a result keeps the lock of Python's pool, which then waits for ever; and what
    others have finished is lost. An error that comes back as a result does neither.

    Examples
    --------
    >>> attempt(int, "3"), attempt(int, "x")
    (3, Failed(error=ValueError("invalid literal for int() with base 10: 'x'")))
    """
    try:
        return func(*arguments)
    except Exception as error:  # noqa: BLE001 - raised where the results are read
        sent = _sendable(error)
        sent.add_note(f"In the worker:\n{traceback.format_exc()}")
        return Failed(sent)


def _sendable(error: Exception) -> Exception:
    """The error; another that says the same where it does not come through pickle.

    Back ends wait for ever for an error that they cannot read, or call the worker dead.
    """
    try:
        Parcel.of(error).opened()
    except Exception:  # noqa: BLE001 - whatever its class does when it is made again
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
