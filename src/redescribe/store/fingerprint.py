"""Hashes of inputs and parameters: the same content gives the same text everywhere."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args, get_origin

import numpy as np

from redescribe._validation import parameter_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed import DataclassInstance

    from redescribe._typing import AnyArray
    from redescribe.core.dataset import Dataset
    from redescribe.core.entities import EntityIndex, Split
    from redescribe.core.view import View
    from redescribe.store.schema import JSON


def array_fingerprint(array: AnyArray) -> str:
    """Return the SHA-256 of dtype, shape and values; all NaNs are alike, and so are zeros.

    Memory is bounded by one row: memory-mapped arrays are not loaded as a whole.

    Parameters
    ----------
    array
        ndarray of Booleans, integers or floats, any shape.

    Examples
    --------
    >>> array_fingerprint(np.array([0.0])) == array_fingerprint(np.array([-0.0]))
    True
    """
    little = array.dtype.newbyteorder("<")
    digest = hashlib.sha256(f"{little.str} {array.shape}".encode())
    for row in array if array.ndim > 1 else [array]:
        values = np.array(row, dtype=little, order="C")
        if values.dtype.kind == "f":
            values[np.isnan(values)] = np.nan
            values += 0.0  # -0.0 + 0.0 is 0.0
        digest.update(values.tobytes())
    return digest.hexdigest()


def entities_fingerprint(entities: EntityIndex) -> str:
    """Return the SHA-256 of ids and groups, in order."""
    return stage_key("entities", canonical_json([entities.ids, entities.groups]))


def view_fingerprint(view: View) -> str:
    """Return the SHA-256 of a view: its name, entities, attributes and values."""
    attributes: list[JSON] = [
        [a.name, a.kind.value, list(a.categories), a.neuron] for a in view.attributes
    ]
    described = canonical_json([view.name, attributes])
    entities = entities_fingerprint(view.entities)
    return stage_key("view", entities, described, array_fingerprint(view.values))


def dataset_fingerprint(dataset: Dataset) -> str:
    """Return the SHA-256 of all views, in order, and of the split."""
    return split_fingerprint(map(view_fingerprint, dataset.views), dataset.split)


def split_fingerprint(views: Iterable[str], split: Split) -> str:
    """Return the fingerprint of a dataset from those of its views, in order."""
    parts = [array_fingerprint(split.mined), array_fingerprint(split.held_out)]
    return stage_key("dataset", *views, *parts, params_fingerprint(split.params))


def params_fingerprint(params: DataclassInstance) -> str:
    """Return the SHA-256 of a parameter dataclass: its class name and canonical JSON.

    The order of fields does not matter.

    Examples
    --------
    >>> from redescribe.core.entities import SplitParams
    >>> a, b = SplitParams(seed=1), SplitParams(seed=2)
    >>> params_fingerprint(a) == params_fingerprint(b)
    False
    """
    return stage_key("params", type(params).__name__, canonical_json(plain(params)))


def stage_key(*parts: str) -> str:
    """Return the SHA-256 of texts; where one ends and the next begins matters.

    >>> stage_key("a", "bc") == stage_key("ab", "c")
    False
    """
    return hashlib.sha256(canonical_json(list(parts)).encode()).hexdigest()


def plain(value: object) -> JSON:
    """Return a parameter value as JSON: dataclasses as objects, enums as their values.

    Raises
    ------
    TypeError
        If there is no JSON for the value.

    Examples
    --------
    >>> from redescribe.core.entities import SplitParams
    >>> plain(SplitParams(hold_out=0.25))
    {'hold_out': 0.25, 'stratify': '', 'seed': 0}
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, dict):
        mapping = cast("Mapping[object, object]", value)
        return {str(plain(name)): plain(item) for name, item in mapping.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    em = f"A parameter of type {type(value).__name__} cannot be written as JSON: {value!r}."
    raise TypeError(em)


def parameters_of(owner: type, record: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an `owner`
    """Return a parameter class, and those it holds, of what `plain` made; reverse of it.

    Raises
    ------
    RedescribeError
        If the class refuses a value.
    TypeError
        If the class has no such parameter.

    Examples
    --------
    >>> from redescribe.core.entities import SplitParams
    >>> parameters_of(SplitParams, plain(SplitParams(seed=3)))
    SplitParams(hold_out=0.3, stratify='', seed=3)
    """
    types = parameter_types(owner)
    return owner(**{name: _value(types.get(name), item) for name, item in record.items()})


def _value(hint: Any, item: Any) -> Any:  # noqa: ANN401 - any value of any type hint
    base = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if isinstance(base, type) and dataclasses.is_dataclass(base):
        return parameters_of(base, item)
    if isinstance(base, type) and issubclass(base, Enum):
        return base(item)
    return tuple(item) if isinstance(item, list) else item


def canonical_json(value: JSON) -> str:
    """Return JSON as one text: keys sorted, nothing but ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
