"""Names, globs, regular expressions and predicates -> layers of a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

from redescribe.errors import CaptureError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe.capture.network import KnownLayer

Choice: TypeAlias = str | re.Pattern[str] | Callable[[str, str], bool]
"""One way to say which layers are meant: see `choose_layers`."""

REGEX = "re:"
_CALL = re.compile(r"(.+)#([1-9]\d*)")
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class WantedLayer:
    """One layer that is to be captured.

    Attributes
    ----------
    layer
        The framework's own name.
    call
        Which of its calls in a forward pass, from 1; 0 where none is named.
    named
        Whether it was asked for by its name, rather than found by a pattern.
    """

    layer: str
    call: int
    named: bool


def choose_layers(
    known: Mapping[str, KnownLayer], choices: Choice | Sequence[Choice]
) -> tuple[WantedLayer, ...]:
    """Return the layers that are meant, each once.

    Parameters
    ----------
    known
        The layers of the network, in its order.
    choices
        Each an exact name; a name with its call, such as `fc#2`, where a module runs
        several times; a glob (`layer[34].*conv*`, where `*` also matches dots); a regular
        expression (compiled, or a text that begins with `re:`) that matches the whole
        name; or a function of name and type of a layer.

    Raises
    ------
    UnknownNameError
        If there is no layer of a name.
    CaptureError
        If nothing is chosen, or a pattern matches no layer.

    Examples
    --------
    >>> from redescribe.capture.network import KnownLayer
    >>> known = {"conv1": KnownLayer("Conv2d", 0), "fc": KnownLayer("Linear", 0)}
    >>> [wanted.layer for wanted in choose_layers(known, "conv*")]
    ['conv1']
    >>> [wanted.layer for wanted in choose_layers(known, lambda _, kind: kind == "Linear")]
    ['fc']
    """
    if not listed(choices):
        em = f"No layer is named. The network has {_some(known)}."
        raise CaptureError(em)
    found: dict[WantedLayer, None] = {}
    for choice in listed(choices):
        for wanted in _matches(known, choice):
            twin = WantedLayer(wanted.layer, wanted.call, not wanted.named)
            if twin not in found:
                found[wanted] = None
    return tuple(found)


def listed(choices: Choice | Sequence[Choice]) -> tuple[Choice, ...]:
    """Return one choice or several as several."""
    if isinstance(choices, str | re.Pattern) or callable(choices):
        return (choices,)
    return tuple(choices)


def _matches(known: Mapping[str, KnownLayer], choice: Choice) -> list[WantedLayer]:
    if isinstance(choice, str) and choice in known:
        return [WantedLayer(choice, 0, named=True)]
    if isinstance(choice, str) and not choice.startswith(REGEX):
        call = _CALL.fullmatch(choice)
        if call is not None and call[1] in known:
            return [WantedLayer(call[1], int(call[2]), named=True)]
        if not _GLOB.search(choice):
            what = "The network has no layer"
            raise UnknownNameError.among(what, choice, known)
    matches = _test(choice)
    found = [name for name, layer in known.items() if matches(name, layer.kind)]
    if not found:
        shown = getattr(choice, "pattern", choice)
        em = f"No layer matches {shown!r}. The network has {_some(known)}."
        raise CaptureError(em)
    return [WantedLayer(name, 0, named=False) for name in found]


def _test(choice: Choice) -> Callable[[str, str], bool]:
    if isinstance(choice, str) and not choice.startswith(REGEX):
        return lambda name, _kind: fnmatchcase(name, choice)
    if isinstance(choice, (str, re.Pattern)):
        try:
            pattern = re.compile(
                choice.removeprefix(REGEX) if isinstance(choice, str) else choice
            )
        except re.error as error:
            em = f"{choice!r} is no regular expression: {error}."
            raise CaptureError(em) from None
        return lambda name, _kind: pattern.fullmatch(name) is not None
    return choice


def _some(known: Mapping[str, KnownLayer]) -> str:
    names = [repr(name) for name in known]
    shown = ", ".join(names[:12])
    return f"{shown}, … ({len(names)} in all)" if len(names) > 12 else shown or "none"
