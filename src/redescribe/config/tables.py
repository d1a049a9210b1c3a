"""TOML tables <-> parameter classes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from redescribe._validation import parameter_types
from redescribe.config.parameters import is_opened
from redescribe.store.fingerprint import plain

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from redescribe.config.parameters import Place
    from redescribe.store.schema import JSON


def build(owner: type, table: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an `owner`
    """Return an instance of a parameter class from a TOML table; what lacks is default.

    Raises
    ------
    RedescribeError
        If the class refuses a value.

    Examples
    --------
    >>> from redescribe.mining.params import MineParams
    >>> build(MineParams, {"trees": {"max_depth": 2}}).search.trees.max_depth
    2
    """
    values: dict[str, Any] = {}
    for name, hint in parameter_types(owner).items():
        if is_opened(name, hint):
            values[name] = build(hint, table)
        elif name not in table:
            continue
        elif dataclasses.is_dataclass(hint):
            values[name] = build(hint, table[name])  # type: ignore[arg-type]  # no instance
        elif get_origin(hint) is Mapping:
            item = get_args(hint)[1]
            values[name] = {key: build(item, keys) for key, keys in table[name].items()}
        else:
            values[name] = _value(hint, table[name])
    return owner(**values)


def table_of(parameters: DataclassInstance) -> dict[str, Any]:
    """Return the TOML table of an instance of a parameter class: the reverse of `build`.

    >>> from redescribe.significance.params import AssessParams
    >>> table_of(AssessParams())
    {'alpha': 0.01, 'test': 'fixed_margin', 'correction': 'bh'}
    """
    table: dict[str, Any] = {}
    for field in dataclasses.fields(parameters):
        name, value = field.name, getattr(parameters, field.name)
        if is_opened(name, type(value)):
            table |= table_of(value)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            table[name] = table_of(value)
        elif isinstance(value, Mapping):
            table[name] = {key: table_of(item) for key, item in value.items()}
        else:
            table[name] = plain(value)
    return table


def flat(table: Mapping[str, Any], section: Place = ()) -> dict[Place, JSON]:
    """Return the values of nested tables by their places; an empty table is a value.

    >>> flat({"mine": {"seed": 1, "trees": {"max_depth": 2}}})
    {('mine', 'seed'): 1, ('mine', 'trees', 'max_depth'): 2}
    """
    values: dict[Place, JSON] = {}
    for key, value in table.items():
        if isinstance(value, Mapping) and value:
            values |= flat(value, (*section, key))
        else:
            values[*section, key] = value
    return values


def nested(values: Mapping[Place, JSON]) -> dict[str, Any]:
    """Return nested tables of values: the reverse of `flat`.

    A value at the place of a table stands instead of the whole table.

    >>> nested({("mine", "seed"): 1, ("mine", "trees", "max_depth"): 2})
    {'mine': {'seed': 1, 'trees': {'max_depth': 2}}}
    """
    tables: dict[str, Any] = {}
    for place in sorted(values, key=len):
        table: Any = tables
        for key in place[:-1]:
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                break
        else:
            value = values[place]
            table[place[-1]] = dict(value) if isinstance(value, Mapping) else value
    return tables


def _value(hint: Any, value: Any) -> Any:  # noqa: ANN401 - any value of any type hint
    base = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if isinstance(base, type) and issubclass(base, StrEnum):
        return base(value)
    return tuple(value) if isinstance(value, list) else value
