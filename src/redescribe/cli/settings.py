"""The options of `mine`, the environment and a configuration file -> settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redescribe.config.parameters import parameters as all_parameters
from redescribe.config.sources import COMMAND_LINE, resolve
from redescribe.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import typer

    from redescribe.config.model import ViewSource
    from redescribe.config.parameters import Place
    from redescribe.config.sources import ResolvedConfig
    from redescribe.core.view import View
    from redescribe.store.schema import JSON


def resolve_options(
    context: typer.Context, file: Path | None, options: Mapping[str, object]
) -> ResolvedConfig:
    """Return the settings; only options that were given override those of other sources.

    Parameters
    ----------
    context
        Knows which options were given.
    file
        The configuration file, if there is one.
    options
        The options of the parameter classes, by their names.

    Raises
    ------
    RedescribeError
        If a setting cannot be.
    """
    names = (*options, "output", "id_column", "align", "view")
    given = {name for name in names if _is_given(context, name)}
    overrides: dict[Place, object] = {
        parameter.place: options[parameter.name]
        for parameter in all_parameters()
        if parameter.name in given.intersection(options)
    }
    if "output" in given:
        overrides["study", "output"] = str(context.params["output"])
    if "view" not in given:
        for name, source in resolve(file).config.views.items():
            if "align" in given:
                overrides["views", name, "align"] = context.params["align"]
            if "id_column" in given and source.table:
                overrides["views", name, "id"] = context.params["id_column"]
    return resolve(file, command_line=overrides)


def read_configured(sources: Mapping[str, ViewSource], *, table: str) -> list[View]:
    """Read the views of a configuration, where no `--view` is given.

    Raises
    ------
    RedescribeError
        If there are fewer than two, or `--table` is given, or one cannot be read.
    """
    from redescribe.config.views import read_views  # noqa: PLC0415 - pyarrow, when reading

    if table:
        em = "--table needs --view NAME=COLUMN,COLUMN for each view of the table."
        raise ParameterError(em)
    if not sources:
        em = (
            "Missing option '--view' (or --config FILE with [views.NAME]): mining needs at "
            "least two views. See: redescribe mine --help"
        )
        raise ParameterError(em)
    return read_views(sources)


def read_configured_nulls(sources: Mapping[str, ViewSource]) -> dict[str, list[View]]:
    """Read the untrained networks of a configuration, by the view that they replace.

    Raises
    ------
    RedescribeError
        If one cannot be read.
    """
    from redescribe.config.views import read_untrained  # noqa: PLC0415 - pyarrow

    return read_untrained(sources)


def origins_of(
    settings: ResolvedConfig, views: Sequence[str], null_views: Sequence[str]
) -> dict[str, JSON]:
    """Return value and origin of every setting.

    `--view` replaces all configured views, and `--null-view` what is untrained.
    """
    record = settings.record()
    if views:
        record = {k: v for k, v in record.items() if not k.startswith("views.")}
    elif null_views:
        record = {k: v for k, v in record.items() if not _is_untrained(k)}
    options = {"views": views, "null_views": null_views}
    return record | {
        name: {"value": list(texts), "origin": COMMAND_LINE}
        for name, texts in options.items()
        if texts
    }


def _is_untrained(place: str) -> bool:
    return place.startswith("views.") and place.endswith(".untrained")


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
