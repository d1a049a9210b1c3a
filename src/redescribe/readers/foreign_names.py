"""How the files of another tool call attributes, categories and entities."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from redescribe.core.entities import EntityIndex
from redescribe.core.query import Conjunction, Interval, Literal, Query
from redescribe.core.view import AttributeKind, View
from redescribe.errors import ReadError
from redescribe.readers.files import existing_file, shown

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    Escape = Callable[[str], str]


def escaped(text: str, unsafe: re.Pattern[str], *, sign: str = "%") -> str:
    r"""Return a text with `%XX` for the UTF-8 bytes of each match of a pattern.

    >>> import re
    >>> escaped("worst radius", re.compile(r"\s"))
    'worst%20radius'
    """

    def encoded(match: re.Match[str]) -> str:
        return "".join(f"{sign}{octet:02X}" for octet in match[0].encode())

    return unsafe.sub(encoded, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escapes:
    """How one format writes names that it cannot hold as they are.

    Attributes
    ----------
    name, category, entity
        Text -> text that the format can hold.
    unique
        Whether names must differ over all views, not only within each.
    """

    name: Escape
    category: Escape
    entity: Escape
    unique: bool


@dataclass(frozen=True, slots=True)
class ForeignNames:
    """The names that a file writes in another way; all others stay as they are.

    Attributes
    ----------
    attributes
        View -> attribute -> how it is written.
    categories
        View -> attribute (our name) -> category -> how it is written.
    entities
        Entity id -> how it is written.

    Examples
    --------
    >>> view = View.of("x", [[1.0]], names=["worst radius"])
    >>> names = ForeignNames({"x": {"worst radius": "worst%20radius"}})
    >>> names.written_view(view).names
    ('worst%20radius',)
    >>> query = Query("x", (Conjunction((Interval("worst radius", 0),)),))
    >>> str(names.written_query(query))
    'worst%20radius > 0'
    >>> names.restored_query(names.written_query(query)) == query
    True
    """

    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    entities: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, views: Sequence[View], escapes: Escapes) -> ForeignNames:
        """Return the names that these views need; the same views give the same names."""
        taken: set[str] = set()
        attributes: dict[str, dict[str, str]] = {}
        categories: dict[str, dict[str, dict[str, str]]] = {}
        for view in views:
            taken = taken if escapes.unique else set()
            attributes[view.name] = _distinct(
                view.names, escapes.name, taken, prefix=f"{view.name}:"
            )
            categories[view.name] = {
                attribute.name: changed
                for attribute in view.attributes
                if attribute.kind is AttributeKind.NOMINAL
                and (changed := _distinct(attribute.categories, escapes.category, set()))
            }
        ids = views[0].entities.ids if views else ()
        return cls(
            {view: changed for view, changed in attributes.items() if changed},
            {view: changed for view, changed in categories.items() if changed},
            _distinct(ids, escapes.entity, set()),
        )

    @classmethod
    def read(cls, path: str | Path) -> ForeignNames:
        """Return the names of a file that holds a `document`.

        Raises
        ------
        ReadError
            If the file is missing or is no such document.
        """
        path = existing_file(path)
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            return cls(*(dict(document[key]) for key in _KEYS))
        except (ValueError, KeyError, TypeError) as error:
            em = f"{shown(path)} is no map of names ({error!r}): write it again."
            raise ReadError(em) from None

    @property
    def document(self) -> dict[str, Any]:
        """The names as JSON."""
        return {key: getattr(self, key) for key in _KEYS}

    def written(self, view: str, attribute: str) -> str:
        """Return how an attribute is written.

        >>> ForeignNames().written("x", "a")
        'a'
        """
        return self.attributes.get(view, {}).get(attribute, attribute)

    def written_view(self, view: View) -> View:
        """Return a view under its written names."""
        categories = self.categories.get(view.name, {})
        attributes = tuple(
            replace(
                attribute,
                name=self.written(view.name, attribute.name),
                categories=_renamed(
                    attribute.categories, categories.get(attribute.name, {})
                ),
            )
            for attribute in view.attributes
        )
        ids = _renamed(view.entities.ids, self.entities)
        entities = EntityIndex(ids, view.entities.groups)
        return View(view.name, entities, attributes, view.values)

    def restored_view(self, view: View) -> View:
        """Return a view under our names: the inverse of `written_view`."""
        attributes = _inverse(self.attributes.get(view.name, {}))
        categories = {
            self.written(view.name, attribute): _inverse(changed)
            for attribute, changed in self.categories.get(view.name, {}).items()
        }
        names = ForeignNames(
            {view.name: attributes}, {view.name: categories}, _inverse(self.entities)
        )
        return names.written_view(view)

    def written_query(self, query: Query) -> Query:
        """Return a query under the written names."""
        names = self.attributes.get(query.view, {})
        return _mapped(query, names, self.categories.get(query.view, {}))

    def restored_query(self, query: Query) -> Query:
        """Return a query under our names: the inverse of `written_query`."""
        names = self.attributes.get(query.view, {})
        categories = {
            names.get(attribute, attribute): _inverse(changed)
            for attribute, changed in self.categories.get(query.view, {}).items()
        }
        return _mapped(query, _inverse(names), categories)

    def restored_ids(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return entity ids as we call them."""
        return _renamed(ids, _inverse(self.entities))


_KEYS = ("attributes", "categories", "entities")


def _distinct(
    names: Sequence[str], escape: Escape, taken: set[str], *, prefix: str = ""
) -> dict[str, str]:
    """Written forms that differ from each other and from `taken`, where they differ."""
    changed: dict[str, str] = {}
    # Names that stay as they are come first: they keep their own form.
    for name in sorted(names, key=lambda name: escape(name) != name):
        written = escape(name)
        if written in taken:
            written = stem = escape(prefix + name)
            number = 2
            while written in taken:
                written, number = f"{stem}~{number}", number + 1
        taken.add(written)
        if written != name:
            changed[name] = written
    return changed


def _mapped(
    query: Query,
    names: Mapping[str, str],
    categories: Mapping[str, Mapping[str, str]],
) -> Query:
    def renamed(literal: Literal) -> Literal:
        name = names.get(literal.attribute, literal.attribute)
        if isinstance(literal, Interval):
            return replace(literal, attribute=name)
        values = _renamed(literal.values, categories.get(literal.attribute, {}))
        return replace(literal, attribute=name, values=values)

    return Query(
        query.view,
        tuple(
            Conjunction(tuple(map(renamed, term.literals)), negated=term.negated)
            for term in query.terms
        ),
    )


def _renamed(texts: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(text, text) for text in texts)


def _inverse(names: Mapping[str, str]) -> dict[str, str]:
    return {written: name for name, written in names.items()}
