"""Options made from the fields of parameter dataclasses: one definition for API and CLI."""

from __future__ import annotations

import dataclasses
import inspect
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

import typer
from annotated_types import DocInfo

from redescribe._validation import count_or_share, parameter_types, summary_of
from redescribe.core.sample import IS_SAMPLE
from redescribe.errors import ParameterError
from redescribe.search.params import IS_SUPPORT_BOUND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _checked_jobs(jobs: int) -> int:
    if jobs == 0:
        em = "0 is no number of workers. Use 1 or more, or -1 for all cores."
        raise typer.BadParameter(em)
    return jobs


Jobs = Annotated[
    int,
    typer.Option("--jobs", "-j", help="threads; -1 = all cores", callback=_checked_jobs),
]
"""The option of all commands that work on threads."""

Processes = Annotated[
    int,
    typer.Option("--jobs", "-j", help="processes; -1 = all cores", callback=_checked_jobs),
]
"""The option of commands that run networks."""

# Fields whose option has a shorter name than a list deserves.
_SINGULAR = {
    "targets": "target",
    "partners": "partner",
    "required_views": "required-view",
    "networks": "network",
    "constraints": "constraint",
    "preferences": "preference",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One option: its name in Python, the default, and the annotation that typer reads."""

    name: str
    default: object
    annotation: object


def with_parameters(*owners: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that adds one option for each field of the parameter classes.

    Nested parameter classes are opened; a name that occurs twice (`seed`) is one option.
    The decorated function receives them in its `parameters` argument, by name.
    """
    fields = {field.name: field for owner in owners for field in _fields(owner)}

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        def command(**options: object) -> None:
            parameters = {name: options.pop(name) for name in fields}
            function(**options, parameters=parameters)

        own = [
            parameter
            for parameter in inspect.signature(function, eval_str=True).parameters.values()
            if parameter.name != "parameters"
        ]
        added = [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=field.default,
                annotation=field.annotation,
            )
            for field in fields.values()
        ]
        signature = inspect.Signature([*own, *added])
        command.__signature__ = signature  # type: ignore[attr-defined]
        command.__annotations__ = {
            p.name: p.annotation for p in signature.parameters.values()
        }
        command.__name__, command.__doc__ = function.__name__, function.__doc__
        return command

    return decorate


def support_bound(text: str | float) -> float:
    """Read a bound on supports: a count ("10"), a share ("0.8") or a percentage ("80%").

    >>> support_bound("10"), support_bound("0.8"), support_bound("80%")
    (10, 0.8, 0.8)
    """
    if not isinstance(text, str):  # the default
        return text
    try:
        return count_or_share(text)
    except ParameterError as error:
        raise typer.BadParameter(str(error)) from None


def _fields(owner: type) -> Iterator[Field]:
    types = parameter_types(owner)
    for field in dataclasses.fields(owner):
        hint = types[field.name]
        if dataclasses.is_dataclass(hint):
            yield from _fields(hint)  # type: ignore[arg-type]
        else:
            yield _field(field, hint, summary_of(owner))


def _field(field: dataclasses.Field[Any], hint: Any, panel: str) -> Field:  # noqa: ANN401 - a type hint
    base, metadata = hint, list[Any]()
    if get_origin(hint) is Annotated:
        base, *metadata = get_args(hint)
    text = next(
        (entry.documentation for entry in metadata if isinstance(entry, DocInfo)), ""
    )
    option = _SINGULAR.get(field.name, field.name).replace("_", "-")
    default: Any = field.default
    flags, extra = [f"--{option}"], dict[str, Any]()
    if IS_SUPPORT_BOUND in metadata:
        extra = {"parser": support_bound, "metavar": "COUNT|SHARE"}
    if IS_SAMPLE in metadata:
        extra = {"metavar": "all|METHOD:N"}
    if base is bool:
        flags = [f"--{option}/--no-{option}"]
    elif get_origin(base) is tuple:
        base, default = list[str], list(default)
    elif isinstance(base, type) and issubclass(base, StrEnum):
        extra = {"case_sensitive": False, "metavar": "NAME"}
        if not set(base) & set(re.findall(r"[\w-]+", text)):  # the text names none
            text = f"{text}: {', '.join(base)}"
    option_of_typer = typer.Option(*flags, help=text, rich_help_panel=panel, **extra)
    annotation: Any = Annotated[base, option_of_typer]
    return Field(field.name, default, annotation)
