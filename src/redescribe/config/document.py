"""The pydantic model of a configuration document, made from the parameter classes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    WithJsonSchema,
    create_model,
)

from redescribe._validation import count_or_share, summary_of
from redescribe.config.model import StudyConfig
from redescribe.config.parameters import Kind, Parameter, Table, entries
from redescribe.core.sample import SAMPLE_PATTERN

if TYPE_CHECKING:
    from redescribe.config.parameters import Place

_SUPPORT_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "integer", "minimum": 1},
        {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^(\d+|0?\.\d+|\d+(\.\d+)?%)$"},
    ]
}
_TEXTS_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]
}


def document() -> type[BaseModel]:
    """Return the model of a whole document.

    Unknown keys are refused, types are strict, and every key may be left out.

    >>> sorted(document().model_fields)[:2]
    ['assess', 'mine']
    """
    return _model(StudyConfig, ())


@lru_cache(maxsize=64)
def _model(owner: type, section: Place) -> type[BaseModel]:
    # Any: the fields of a model that is made at run time have no static type.
    fields: dict[str, Any] = {}
    for entry in entries(owner, section):
        if isinstance(entry, Parameter):
            fields[entry.name] = (_annotation(entry), _field(entry))
        else:
            fields[entry.name] = _table(entry)
    model: type[BaseModel] = create_model(
        owner.__name__,
        __config__=ConfigDict(extra="forbid", frozen=True),
        __doc__=f"{summary_of(owner)}.",
        **fields,
    )
    return model


def _table(table: Table) -> tuple[Any, Any]:
    model: Any = _model(table.owner, table.place)
    if table.is_named:
        return dict[str, model], Field(default_factory=dict, description=table.legend)
    return model, Field(default_factory=model, description=table.legend)


def _field(parameter: Parameter) -> Any:  # noqa: ANN401 - what pydantic declares
    mark = "core" if parameter.is_core else "advanced"
    return Field(
        default=parameter.default,
        description=parameter.legend,
        json_schema_extra={"x-mark": mark},
    )


def _annotation(parameter: Parameter) -> Any:  # noqa: ANN401 - a type hint
    if parameter.kind is Kind.OPTION:
        return Literal[parameter.options]
    if parameter.kind is Kind.SUPPORT:
        support = (Any, BeforeValidator(_support), WithJsonSchema(_SUPPORT_SCHEMA))
        return Annotated[*support]
    if parameter.kind in {Kind.TEXTS, Kind.PATHS}:
        texts = (list[Annotated[str, Strict()]], BeforeValidator(_texts))
        return Annotated[*texts, WithJsonSchema(_TEXTS_SCHEMA)]
    if parameter.kind is Kind.SAMPLE:
        return Annotated[str, Strict(), Field(pattern=f"^{SAMPLE_PATTERN}$")]
    bounds = () if parameter.bounds is None else (parameter.bounds,)
    if parameter.kind is Kind.NUMBER:
        return Annotated[float, Strict(), Field(allow_inf_nan=False), *bounds]
    bases: dict[Kind, type] = {Kind.FLAG: bool, Kind.INTEGER: int}
    return Annotated[bases.get(parameter.kind, str), Strict(), *bounds]


def _support(value: object) -> float:
    """Read a count, a share or a percentage; counts stay integers."""
    bound = count_or_share(value) if isinstance(value, str) else value
    if isinstance(bound, int) and not isinstance(bound, bool) and bound >= 1:
        return bound
    if isinstance(bound, float) and 0 < bound <= 1:
        return bound
    em = "no count, share or percentage"
    raise ValueError(em)


def _texts(value: object) -> object:
    return [value] if isinstance(value, str) else value
