"""The parser: commands by name, errors on one line, exit statuses."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import click
import typer

from redescribe import __version__
from redescribe.cli.demo import demo
from redescribe.cli.explain import explain
from redescribe.cli.export import export
from redescribe.cli.inspect import inspect
from redescribe.cli.mine import mine
from redescribe.cli.show import show
from redescribe.errors import RedescribeError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT, BUG, INTERRUPTED = 2, 1, 130

app = typer.Typer(
    name="redescribe",
    help="What the neurons of a trained network stand for, as tested pairs of rules.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)
    ] = False,  # noqa: FBT002 - typer's form of a flag
) -> None:
    """What the neurons of a trained network stand for, as tested pairs of rules."""
    if version:
        typer.echo(f"redescribe {__version__}")
        raise typer.Exit


for command in (demo, inspect, mine, show, explain, export):
    app.command()(command)


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status: 0, 2 bad input, 130 interrupted, 1 a bug."""
    command = typer.main.get_command(app)
    try:
        status = command.main(
            list(arguments), prog_name="redescribe", standalone_mode=False
        )
    except RedescribeError as error:
        typer.echo(f"Error: {' '.join(str(error).split())}", err=True)
        return BAD_INPUT
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        typer.echo(
            "Interrupted. Finished parts are kept: the same command takes them up.",
            err=True,
        )
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return status if isinstance(status, int) else 0
