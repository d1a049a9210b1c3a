"""The parser: commands by name, errors on one line, exit statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from redescribe import __version__
from redescribe.cli import attributes, config, flint
from redescribe.cli.apply import apply
from redescribe.cli.causal import causal
from redescribe.cli.cohorts import cohorts
from redescribe.cli.demo import demo
from redescribe.cli.diff import diff
from redescribe.cli.explain import explain
from redescribe.cli.export import export
from redescribe.cli.help_text import fit_help
from redescribe.cli.importing import app as importing
from redescribe.cli.inspect import inspect
from redescribe.cli.merge import merge
from redescribe.cli.mine import mine
from redescribe.cli.network import capture, layers
from redescribe.cli.relate import relate
from redescribe.cli.report import open_report, report
from redescribe.cli.rules import rules
from redescribe.cli.serve import serve
from redescribe.cli.show import show
from redescribe.cli.status import WORK_LEFT, status
from redescribe.errors import RedescribeError, UnfinishedError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT, INTERRUPTED = 2, 130

# Some versions of typer use click, others bring their own copy of it: the base of all
# errors of usage is found through the one name that both export.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="redescribe",
    help="What the neurons of a trained network stand for, as tested pairs of rules.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer's form of a callback
    if wanted:
        typer.echo(f"redescribe {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[  # noqa: FBT002 - typer's form of a flag
        bool,
        typer.Option(
            "--version",
            help="Print the version and exit.",
            is_eager=True,
            callback=_print_version,
        ),
    ] = False,
) -> None:
    """What the neurons of a trained network stand for, as tested pairs of rules."""


commands = (
    *(demo, inspect, layers, capture, mine, status, merge, show, explain),
    *(cohorts, relate, causal, rules, apply, export, diff, report, serve),
)
for command in commands:
    app.command()(command)
app.command("open")(open_report)
app.add_typer(attributes.app, name="attributes")
app.add_typer(importing, name="import")
app.add_typer(config.app, name="config")
app.add_typer(flint.app, name="flint")


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status.

    It is 0 if all is done, 2 after bad input, 3 if there is work left, 130 if interrupted.
    What is no deliberate error is a bug: it leaves as an exception, and Python exits with
    status 1.
    """
    command = typer.main.get_command(app)
    fit_help(command)
    try:
        code = command.main(list(arguments), prog_name="redescribe", standalone_mode=False)
    except UnfinishedError as error:
        typer.echo(" ".join(str(error).split()), err=True)
        return WORK_LEFT
    except RedescribeError as error:
        typer.echo(f"Error: {' '.join(str(error).split())}", err=True)
        return BAD_INPUT
    except _UsageError as error:
        _print_usage_error(error)
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except SystemExit as error:
        # typer leaves this way when the reader of a pipe, such as `head`, has enough.
        if not isinstance(error.__context__, BrokenPipeError):
            raise
        return 0
    if code == INTERRUPTED:  # how some versions of typer return a KeyboardInterrupt
        typer.echo(
            "Interrupted. Finished parts are kept: the same command takes them up.",
            err=True,
        )
    return code if isinstance(code, int) else 0


def _print_usage_error(error: Exception) -> None:
    """Print an error of usage on one line, and where help is; without a text, nothing."""
    text = str(error.format_message())  # type: ignore[attr-defined]  # a click error
    if not text.strip():  # no command at all: the help has been printed
        return
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "redescribe"
    line = " ".join(text.replace("Value error, ", "").split())
    end = "" if line.endswith((".", "?")) else "."
    typer.echo(f"Error: {line}{end} See: {path} --help", err=True)
