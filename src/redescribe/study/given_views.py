"""What a study is given -> views of the same entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from redescribe.core.entities import EntityIndex
from redescribe.core.view import Attribute, AttributeKind, View
from redescribe.errors import ParameterError
from redescribe.readers.tables import read


def given_views(sources: object) -> list[View]:
    """Read what is no view yet; rows without ids take those of the first view with ids."""
    if not isinstance(sources, Mapping):
        em = (
            f"A study needs views by name, such as {{'neurons': …, 'labels': …}}. Got a "
            f"{type(sources).__name__}."
        )
        raise ParameterError(em)
    views = [_view(name, source) for name, source in sources.items()]
    named = next((v.entities for v in views if not _is_numbered(v.entities)), None)
    if named is None:
        return views
    return [
        replace(view, entities=named)
        if _is_numbered(view.entities) and len(view.entities) == len(named)
        else view
        for view in views
    ]


def _view(name: str, source: object) -> View:
    if isinstance(source, View):
        return replace(source, name=name)
    shape = getattr(source, "shape", None)
    if isinstance(source, (list, tuple)) or (shape is not None and len(shape) == 1):
        return _labels(name, np.asarray(source))
    return read(source, name=name)  # type: ignore[arg-type]  # checked there


def _labels(name: str, values: np.ndarray[Any, Any]) -> View:
    """One column: classes as categories, other numbers as they are."""
    entities = EntityIndex.numbered(len(values))
    if values.dtype.kind == "f" and np.any(np.mod(values[~np.isnan(values)], 1)):
        return View.of(name, values.reshape(-1, 1), names=[name], entities=entities)
    texts = np.array([_text(value) for value in values.tolist()])
    categories = sorted(set(texts[texts != ""].tolist()), key=_by_number)
    codes = np.full(len(texts), np.nan)
    for code, category in enumerate(categories):
        codes[texts == category] = code
    attribute = Attribute(name, AttributeKind.NOMINAL, tuple(categories))
    return View(name, entities, (attribute,), codes[None])


def _text(value: object) -> str:
    """A class as text; nothing where it is missing."""
    if value is None or value != value:  # noqa: PLR0124 - only NaN differs from itself
        return ""
    return str(int(value)) if isinstance(value, float) else str(value)


def _by_number(text: str) -> tuple[float, str]:
    return (float(text), text) if text.lstrip("-").isdigit() else (np.inf, text)


def _is_numbered(entities: EntityIndex) -> bool:
    return entities.ids == EntityIndex.numbered(len(entities)).ids
