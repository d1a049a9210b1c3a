"""Where settings come from: command line > environment > file > default."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from redescribe.config.document import document
from redescribe.config.messages import config_error
from redescribe.config.model import StudyConfig
from redescribe.config.parameters import Kind, parameter_at, parameters
from redescribe.config.tables import build, flat, nested, table_of
from redescribe.config.toml import line_numbers, place_text
from redescribe.errors import ConfigError, RedescribeError
from redescribe.store.fingerprint import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    from redescribe.config.parameters import Parameter, Place
    from redescribe.store.schema import JSON

PREFIX, SEPARATOR = "REDESCRIBE_", "__"
"""A variable is called REDESCRIBE_SECTION__KEY."""
DEFAULT, COMMAND_LINE = "default", "command line"


@dataclass(frozen=True, slots=True)
class ResolvedConfig:
    """A configuration, and where each of its values comes from.

    Attributes
    ----------
    config
        The settings.
    origins
        By place: `default`, `FILE:LINE`, the name of a variable, or `command line`.
    """

    config: StudyConfig
    origins: Mapping[Place, str]

    def record(self) -> dict[str, JSON]:
        """Return value and origin of every parameter, for `run.json`.

        >>> resolve(environment={}).record()["mine.trees.max_depth"]
        {'value': 8, 'origin': 'default'}
        """
        values = flat(table_of(self.config))
        return {
            place_text(place): {"value": values[place], "origin": origin}
            for place, origin in self.origins.items()
        }


@dataclass(frozen=True, slots=True)
class _Layer:
    """The values of one source, checked, and where each of them stands."""

    values: Mapping[Place, JSON]
    origins: Mapping[Place, str]


def resolve(
    file: str | PathLike[str] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    command_line: Mapping[Place, object] | None = None,
) -> ResolvedConfig:
    """Return the settings of all sources.

    A section without a seed of its own has the one of `[study]`.

    Parameters
    ----------
    file
        A TOML file. Its paths are relative to its folder.
    environment
        Variables such as `REDESCRIBE_MINE__TREES__MAX_DEPTH`; None is `os.environ`.
    command_line
        Values by place: `{("mine", "seed"): 7}`.

    Raises
    ------
    ConfigError
        If the file is no TOML, or the file or a variable has an unknown key or a value
        outside its range. The message names file and line, or the variable.
    RedescribeError
        If a parameter class refuses a value of the command line.

    Examples
    --------
    >>> variables = {"REDESCRIBE_MINE__DISCRETIZER": "kmeans"}
    >>> resolved = resolve(environment=variables, command_line={("mine", "seed"): 7})
    >>> resolved.config.mine.discretizer.value, resolved.config.mine.seed
    ('kmeans', 7)
    >>> resolved.origins["mine", "discretizer"], resolved.origins["mine", "seed"]
    ('REDESCRIBE_MINE__DISCRETIZER', 'command line')
    """
    layers = [] if file is None else [_from_file(Path(file))]
    names = [place[1] for layer in layers for place in layer.values if place[0] == "views"]
    variables = os.environ if environment is None else environment
    layers.append(_from_environment(variables, names))
    try:
        resolved = _resolved(layers)
    except RedescribeError as error:  # of several values, each within its own range
        em = f"{file or 'environment'}: {error}"
        raise ConfigError(em) from None
    if not command_line:
        return resolved
    given = {place: plain(value) for place, value in command_line.items()}
    return _resolved([*layers, _Layer(given, dict.fromkeys(given, COMMAND_LINE))])


def _resolved(layers: Sequence[_Layer]) -> ResolvedConfig:
    values: dict[Place, JSON] = {}
    origins: dict[Place, str] = {}
    for layer in layers:
        values |= layer.values
        origins |= layer.origins
    root = ("study", "seed")
    for parameter in parameters():
        if parameter.name == "seed" and root in values:
            values.setdefault(parameter.place, values[root])
            origins.setdefault(parameter.place, origins[root])
    config = build(StudyConfig, nested(values))
    places = [place for place in flat(table_of(config)) if parameter_at(place)]
    return ResolvedConfig(config, {place: origins.get(place, DEFAULT) for place in places})


def _from_file(path: Path) -> _Layer:
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(text)
        numbers = line_numbers(text)
    except OSError as error:
        em = f"The configuration {str(path)!r} cannot be read: {error.strerror}."
        raise ConfigError(em) from None
    except UnicodeDecodeError:
        em = f"The configuration {str(path)!r} is not UTF-8. Save it in this encoding."
        raise ConfigError(em) from None
    except (ValueError, RecursionError) as error:  # also integers of 5,000 digits
        em = f"{path} is no valid TOML: {error}."
        raise ConfigError(em) from None

    def origin(place: Place) -> str:
        return f"{path}:{_nearest(numbers, place)}"

    layer = _checked(table, origin)
    values = {
        place: _relative_to(path.parent, place, value)
        for place, value in layer.values.items()
    }
    return _Layer(values, layer.origins)


def _from_environment(variables: Mapping[str, str], views: Sequence[str]) -> _Layer:
    values: dict[Place, JSON] = {}
    names: dict[Place, str] = {}
    for name in sorted(variables):
        if name.startswith(PREFIX) and SEPARATOR in name:
            place = tuple(name.removeprefix(PREFIX).lower().split(SEPARATOR))
            if place[0] == "views":
                spelt = {view.lower(): view for view in views}
                place = ("views", spelt.get(place[1], place[1]), *place[2:])
            values[place] = _read(parameter_at(place), variables[name])
            names[place] = name
    known = {place[:depth]: names[place] for place in names for depth in range(len(place))}
    return _checked(nested(values), lambda place: _nearest(known | names, place))


def _checked(table: Mapping[str, Any], origin: Callable[[Place], str]) -> _Layer:
    try:
        checked = document().model_validate(table)
    except ValidationError as error:
        raise config_error(error, origin) from None
    values = flat(checked.model_dump(exclude_unset=True))
    return _Layer(values, {place: origin(place) for place in values})


def _read(parameter: Parameter | None, text: str) -> JSON:
    """A text of the environment as a value of a parameter; what is none stays a text."""
    kind = None if parameter is None else parameter.kind
    try:
        if kind is Kind.INTEGER:
            return int(text)
        if kind is Kind.NUMBER:
            return float(text)
        if kind in {Kind.TEXTS, Kind.PATHS} and text.lstrip().startswith("["):
            values: JSON = tomllib.loads(f"values = {text}")["values"]
            return values
    except (ValueError, RecursionError):
        return text
    if kind is Kind.FLAG:
        return {"true": True, "false": False}.get(text.lower(), text)
    return text


def _relative_to(folder: Path, place: Place, value: JSON) -> JSON:
    parameter = parameter_at(place)
    kind = None if parameter is None else parameter.kind
    if kind is Kind.PATHS and isinstance(value, list):
        return [str(folder / str(path)) for path in value]
    is_path = kind is Kind.PATH and isinstance(value, str) and value
    return str(folder / str(value)) if is_path else value


def _nearest(known: Mapping[Place, Any], place: Place) -> Any:  # noqa: ANN401 - a value of `known`
    """The entry of a place, or of the nearest table around it."""
    around = (place[:depth] for depth in range(len(place), -1, -1))
    return next((known[outer] for outer in around if outer in known), 1)
