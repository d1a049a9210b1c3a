"""The views of a configuration, read."""

from __future__ import annotations

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


def _read(name: str, source: ViewSource) -> View:
    if source.activations:
        store = ActivationStore.open(source.activations)
        return store.view(name, source.columns or None)
    return read(source.table, name=name, id_column=source.id, columns=source.columns)
