"""Help texts as a terminal shows them: paragraphs as wide as it is, brackets as written."""

from __future__ import annotations

from typing import Any

from rich.markup import escape


def fit_help(command: Any) -> None:  # noqa: ANN401 - see below
    """Prepare the help of a command, of its parameters, and of all commands below it.

    Typer keeps the line ends of a docstring, so that its lines break twice on a narrow
    terminal, and reads brackets as markup, so that `[flint]` would not be seen.
    `Any`, as some versions of typer use click and others bring their own copy.
    """
    paragraphs = (command.help or "").split("\n\n")
    command.help = escape("\n\n".join(" ".join(text.split()) for text in paragraphs))
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = escape(parameter.help)
    for below in getattr(command, "commands", {}).values():
        fit_help(below)
