"""The search strategies by name: our own, and those of installed packages."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from redescribe.errors import UnknownNameError

if TYPE_CHECKING:
    from redescribe.search.base import SearchStrategy

ENTRY_POINT = "redescribe.search"
"""Group of the entry points through which packages add strategies."""

# The modules are loaded when a search starts: they bring numba.
_OWN = {
    "auto": "redescribe.search.auto:Auto",
    "trees": "redescribe.search.individual:Trees",
    "beam": "redescribe.search.beam:Beam",
    "exact": "redescribe.search.exact:Exact",
}


def check_name(name: str) -> None:
    """Raise an error with the nearest name where no strategy is called so.

    Raises
    ------
    UnknownNameError
        If none is.

    Examples
    --------
    >>> check_name("beem")
    Traceback (most recent call last):
    redescribe.errors.UnknownNameError: There is no search 'beem'. Did you mean 'beam'?
    """
    if name not in _OWN and name not in added():
        known = [*_OWN, *added()]
        what = "There is no search"
        raise UnknownNameError.among(what, name, known)


@lru_cache(maxsize=8)
def strategy(name: str) -> SearchStrategy:
    """Return the strategy of a name.

    Raises
    ------
    UnknownNameError
        If none is called so.

    Examples
    --------
    >>> type(strategy("trees")).__name__
    'Trees'
    """
    check_name(name)
    if name in _OWN:
        module, _, owner = _OWN[name].partition(":")
        made: SearchStrategy = getattr(import_module(module), owner)()
        return made
    loaded: SearchStrategy = added()[name].load()()
    return loaded


@lru_cache(maxsize=1)
def added() -> dict[str, Any]:
    """Return the entry points of installed packages by name.

    >>> type(added())
    <class 'dict'>
    """
    return {found.name: found for found in entry_points(group=ENTRY_POINT)}
