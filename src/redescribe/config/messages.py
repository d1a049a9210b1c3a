"""What pydantic found -> one line that says what, where and what to do."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from redescribe.config.parameters import Kind, keys_at, parameter_at, parameters
from redescribe.config.toml import place_text, value_text
from redescribe.errors import ConfigError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from redescribe.config.parameters import Parameter, Place

_LONGEST = 60
"""Letters of a wrong value that are shown."""


def config_error(error: ValidationError, origin: Callable[[Place], str]) -> ConfigError:
    """Return the first problem of a document, and how many there are more.

    Parameters
    ----------
    error
        What validating against `document.document` raised.
    origin
        Where the value at a place comes from.
    """
    first, *more = error.errors(include_url=False)
    place = tuple(key for key in first["loc"] if isinstance(key, str))
    also = f" (And {len(more)} more.)" if more else ""
    return ConfigError(f"{origin(place)}: {_problem(place, first)}{also}")


def _problem(place: Place, problem: ErrorDetails) -> str:
    if problem["type"] == "extra_forbidden":
        return _unknown(place)
    got = _shown(problem["input"])
    parameter = parameter_at(place)
    if parameter is None:
        return f"[{place_text(place)}] must be a table. Got {got} instead."
    where = f"[{place_text(place[:-1])}] {place[-1]!r}"
    return (
        f"{where} must be {_allowed(parameter)}. Got {got} instead.{_near(parameter, got)}"
    )


def _unknown(place: Place) -> str:
    *section, key = place
    known = keys_at(tuple(section))
    what = (
        f"[{place_text(tuple(section))}] has no key" if section else "There is no section"
    )
    homes = [p.section for p in parameters() if p.name == key]
    if homes and not get_close_matches(key, known, n=1, cutoff=0.8):
        return f"{what} {key!r}: it belongs to [{place_text(homes[0])}]."
    return str(UnknownNameError.among(what, key, known))


def _allowed(parameter: Parameter) -> str:
    article = {Kind.INTEGER: "an", Kind.FLAG: "", Kind.OPTION: "", Kind.SAMPLE: ""}
    return f"{article.get(parameter.kind, 'a')} {parameter.values}".strip()


def _near(parameter: Parameter, got: str) -> str:
    near = get_close_matches(got.strip('"'), parameter.options, n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def _shown(value: object) -> str:
    if not isinstance(value, (str, bool, int, float)):
        return "a table" if isinstance(value, dict) else f"{value}"
    text = value_text(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
