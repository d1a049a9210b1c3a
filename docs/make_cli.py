"""Writes docs/reference/cli.md from the parser of the command line.

Run it from the root of the repository: python -m docs.make_cli
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from redescribe.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).with_name("reference") / "cli.md"
INTRODUCTION = """\
# Command line

<!-- Written by docs/make_cli.py; do not edit. -->

`redescribe COMMAND --help` prints the same. `redescribe --install-completion` completes
commands and options in your shell; `redescribe --version` prints the version. Settings may
also come from a file or from the environment ([configuration](../configuration.md)).

The exit status is 0 if all is done, 2 after bad input, 3 if there is work left to do, and
130 if the command was interrupted. Errors are one line on the standard error output.
"""


def commands(group: Any = None, path: str = "redescribe") -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name, those of groups as well.

    `Any`, as some versions of typer use click and others bring their own copy.
    """
    group = typer.main.get_command(app) if group is None else group
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def page() -> str:
    """Return the page."""
    return "\n".join([INTRODUCTION, *(_section(path, c) for path, c in commands())])


def _section(path: str, command: Any) -> str:
    arguments = [p for p in command.params if not p.opts[0].startswith("-")]
    options = [p for p in command.params if p.opts[0].startswith("-")]
    usage = " ".join([path, *map(_argument, arguments), "[OPTIONS]" * bool(options)])
    blocks = [
        f"## {path}\n",
        f"```text\n{usage.strip()}\n```\n",
        f"{command.help.strip()}\n",
    ]
    if arguments:
        rows = "".join(f"| `{_argument(p)}` | {_cell(p.help or '')} |\n" for p in arguments)
        blocks.append(f"| argument | meaning |\n|---|---|\n{rows}")
    if options:
        rows = "".join(map(_row, options))
        blocks.append(f"| option | meaning | default |\n|---|---|---|\n{rows}")
    return "\n".join(blocks)


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name).upper()
    shown = f"{name}..." if parameter.nargs == -1 else name
    return shown if parameter.required else f"[{shown}]"


def _row(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    if not option.is_flag:
        names += f" `{option.metavar}`" if option.metavar else ""
        names += ", repeatable" if option.multiple else ""
    return f"| {_cell(names)} | {_cell(option.help or '')} | {_default(option)} |\n"


def _default(option: Any) -> str:
    value = option.default
    if option.required:
        return "required"
    if callable(value) or value is None or value in ("", [], ()):
        return ""
    if option.is_flag:
        # The flags that only switch on are off; the others say which of the two it is.
        if not option.secondary_opts:
            return ""
        return _code((option.opts if value else option.secondary_opts)[0])
    if isinstance(value, (list, tuple)):
        return " ".join(map(_code, value))
    return _code(value)


def _code(value: object) -> str:
    return f"`{_cell(str(value))}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="")
