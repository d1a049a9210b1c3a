"""The views of a configuration, and the untrained networks beside them, read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from redescribe.errors import ConfigError
from redescribe.readers.tables import read
from redescribe.store.activations import ActivationStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redescribe.config.model import ViewSource
    from redescribe.core.view import View


def read_views(sources: Mapping[str, ViewSource]) -> list[View]:
    """Read the views of a configuration, in order.

    Raises
    ------
    ConfigError
        If there are fewer than two.
    RedescribeError
        If one cannot be read.
    """
    if len(sources) < 2:
        em = (
            "Mining needs at least two views: give each a [views.NAME] in the "
            f"configuration. Got {len(sources)}."
        )
        raise ConfigError(em)
    return [_read(name, source) for name, source in sources.items()]


def read_untrained(sources: Mapping[str, ViewSource]) -> dict[str, list[View]]:
    """Read the untrained networks of the views that have some, by name.

    Raises
    ------
    RedescribeError
        If one cannot be read.
    """
    return {
        name: [_read(name, _in_place_of(source, path)) for path in source.untrained]
        for name, source in sources.items()
        if source.untrained
    }


def _in_place_of(source: ViewSource, path: str) -> ViewSource:
    """Another source of the same view: a folder if that is one, else a table."""
    if source.activations:
        return replace(source, activations=path)
    return replace(source, table=path)


def _read(name: str, source: ViewSource) -> View:
    if source.activations:
        store = ActivationStore.open(source.activations)
        return store.view(name, source.columns or None)
    return read(source.table, name=name, id_column=source.id, columns=source.columns)
