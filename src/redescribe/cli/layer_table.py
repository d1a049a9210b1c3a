"""The layers of a network as a table in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from redescribe.capture.listing import shape_text

if TYPE_CHECKING:
    from redescribe.capture.listing import LayerTable


def print_layers(table: LayerTable) -> None:
    """Print one row per layer."""
    shown = Table()
    shown.add_column("layer", overflow="fold")
    shown.add_column("kind", overflow="fold")
    shown.add_column("shape", no_wrap=True)
    shown.add_column("units", justify="right", no_wrap=True)
    shown.add_column("reduce", no_wrap=True)
    shown.add_column("parameters", justify="right", no_wrap=True)
    noted = any(row.note for row in table)
    if noted:
        shown.add_column("note", overflow="fold")
    for row in table:
        shown.add_row(
            escape(row.layer),
            escape(row.kind),
            shape_text(row),
            "" if row.n_units is None else f"{row.n_units:,}",
            row.reduce,
            f"{row.n_parameters:,}",
            *([escape(row.note)] if noted else []),
        )
    console = Console(highlight=False)
    # A pipe has no width: let long names stand on one line there.
    wide = console if console.is_terminal else Console(width=160, highlight=False)
    wide.print(shown)
