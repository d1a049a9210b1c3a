"""What is known of each parameter: place, legend, kind, range, default, mark."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args, get_origin

from annotated_types import DocInfo

from redescribe._validation import bounds_of, parameter_types, range_text, summary_of
from redescribe.config.model import IS_PATH, StudyConfig
from redescribe.core.sample import IS_SAMPLE
from redescribe.search.params import IS_SUPPORT_BOUND
from redescribe.store.fingerprint import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotated_types import Interval

    from redescribe.store.schema import JSON

Place: TypeAlias = tuple[str, ...]
"""Sections and key: `("mine", "trees", "max_depth")`."""

ANY_VIEW = "NAME"
"""Stands for the name of a view in the places of `parameters`."""

_OPENED = frozenset({"search"})

# What most studies set. Everything else is advanced, also parameters to come.
_CORE = {
    "study": ("name", "seed", "entity_noun", "output"),
    "views.NAME": ("table", "activations", "id", "columns", "align"),
    "split": ("hold_out", "stratify"),
    "mine": ("targets", "neurons", "partners", "discretizer", "search"),
    "mine.literals": ("max_length",),
    "mine.trees": ("max_depth",),
    "mine.language": ("negation", "disjunction", "max_literals"),
    "mine.thresholds": ("min_jaccard", "min_support", "max_support"),
    "mine.alternation": ("interactions",),
    "select": ("select", "max_per_target"),
    "assess": ("alpha", "correction"),
    "resample": ("permutations", "rotations"),
}


class Kind(StrEnum):
    """What the values of a parameter are.

    >>> Kind("true or false")
    <Kind.FLAG: 'true or false'>
    """

    FLAG = "true or false"
    INTEGER = "integer"
    NUMBER = "number"
    SUPPORT = "count (10), share (0.8) or percentage ('80%')"
    OPTION = "one of"
    SAMPLE = "all, random:N, layers:N, stratified:N, random:layer=N or stratified:layer=N"
    TEXT = "text"
    PATH = "path"
    TEXTS = "list of texts"
    PATHS = "list of paths"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One key of the configuration.

    Attributes
    ----------
    place
        Sections and key.
    default
        As TOML has it.
    legend
        What it means, with its unit.
    bounds
        The range of its numbers, if it has one.
    options
        All its values, if there are few.
    """

    place: Place
    kind: Kind
    default: JSON
    legend: str
    bounds: Interval | None
    options: tuple[str, ...]

    @property
    def name(self) -> str:
        """The key."""
        return self.place[-1]

    @property
    def section(self) -> Place:
        """The sections that lead to the key."""
        return self.place[:-1]

    @property
    def is_core(self) -> bool:
        """Whether most studies should know it; the others are advanced."""
        return self.name in _CORE.get(".".join(self.section), ())

    @property
    def values(self) -> str:
        """Its kind and range as text."""
        if self.kind is Kind.OPTION:
            return f"{self.kind} {', '.join(map(repr, self.options))}"
        if self.bounds is None or self.kind is Kind.SUPPORT:
            return self.kind
        return f"{self.kind} in the range {range_text(self.bounds)}"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the configuration: the keys of a parameter class.

    Attributes
    ----------
    is_named
        Whether there is one table of this class per name, as with views.
    """

    place: Place
    owner: type
    is_named: bool = False

    @property
    def name(self) -> str:
        """Its key in the table above."""
        return self.place[-2] if self.is_named else self.place[-1]

    @property
    def legend(self) -> str:
        """The first line about its class."""
        return f"{summary_of(self.owner)}."


def parameters() -> tuple[Parameter, ...]:
    """Return every parameter of a study, section by section, tables after keys.

    >>> parameters()[0].place, parameters()[1].values
    (('study', 'name'), 'integer in the range [0, inf)')
    """
    return tuple(_walk(StudyConfig, ()))


def parameter_at(place: Place) -> Parameter | None:
    """Return the parameter at a place, or None; each view has those of `NAME`.

    >>> parameter_at(("views", "labels", "table")).legend[:4]
    'file'
    """
    return _by_place().get(_general(place))


def keys_at(section: Place) -> tuple[str, ...]:
    """Return the keys and tables of a section.

    >>> keys_at(())[:3]
    ('study', 'views', 'split')
    """
    depth, general = len(section), _general(section)
    below = [place[depth] for place in _by_place() if place[:depth] == general]
    return tuple(dict.fromkeys(below))


def entries(owner: type, section: Place = ()) -> Iterator[Parameter | Table]:
    """Yield the keys and the tables of a parameter class, which stand in a section.

    >>> [entry.name for entry in entries(StudyConfig)][:3]
    ['study', 'views', 'split']
    """
    for field in dataclasses.fields(owner):
        hint = parameter_types(owner)[field.name]
        place = (*section, field.name)
        if is_opened(field.name, hint):
            yield from entries(hint, section)
        elif dataclasses.is_dataclass(hint):
            yield Table(place, hint)  # type: ignore[arg-type]  # no instance
        elif get_origin(hint) is Mapping:
            yield Table((*place, ANY_VIEW), get_args(hint)[1], is_named=True)
        else:
            yield _parameter(field, hint, place)


def is_opened(name: str, hint: object) -> bool:
    """Whether the keys of a parameter class stand in the table of their owner.

    There is no [mine.search.trees]: `search` is opened, and its own key `search` is a text.

    >>> from redescribe.search.params import SearchParams
    >>> is_opened("search", SearchParams), is_opened("search", str)
    (True, False)
    """
    return name in _OPENED and dataclasses.is_dataclass(hint)


def _walk(owner: type, section: Place) -> Iterator[Parameter]:
    tables = list[Table]()
    for entry in entries(owner, section):
        if isinstance(entry, Table):
            tables.append(entry)
        else:
            yield entry
    for table in tables:
        yield from _walk(table.owner, table.place)


def _parameter(
    field: dataclasses.Field[Any],
    hint: Any,  # noqa: ANN401 - a type hint has no type
    place: Place,
) -> Parameter:
    base, *metadata = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    texts = [entry.documentation for entry in metadata if isinstance(entry, DocInfo)]
    kind, options = _kind(base, metadata)
    default = field.default if field.default_factory is MISSING else field.default_factory()
    return Parameter(
        place=place,
        kind=kind,
        default=plain(default),
        legend=texts[0] if texts else "",
        bounds=next(bounds_of(hint), None),
        options=options,
    )


def _kind(base: Any, metadata: list[Any]) -> tuple[Kind, tuple[str, ...]]:  # noqa: ANN401 - a type hint
    if isinstance(base, type) and issubclass(base, StrEnum):
        return Kind.OPTION, tuple(option.value for option in base)
    if get_origin(base) is Literal:
        return Kind.OPTION, get_args(base)
    if IS_PATH in metadata:
        return Kind.PATHS if get_origin(base) is tuple else Kind.PATH, ()
    if IS_SAMPLE in metadata:
        return Kind.SAMPLE, ()
    if IS_SUPPORT_BOUND in metadata:
        return Kind.SUPPORT, ()
    kinds = {
        bool: Kind.FLAG,
        int: Kind.INTEGER,
        float: Kind.NUMBER,
        str: Kind.TEXT,
        tuple[str, ...]: Kind.TEXTS,
    }
    return kinds[base], ()


@lru_cache(maxsize=1)
def _by_place() -> dict[Place, Parameter]:
    return {parameter.place: parameter for parameter in parameters()}


def _general(place: Place) -> Place:
    """The place with `NAME` instead of the name of a view."""
    is_view = place[:1] == ("views",) and len(place) > 1
    return ("views", ANY_VIEW, *place[2:]) if is_view else place
