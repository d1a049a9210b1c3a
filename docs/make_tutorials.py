"""Runs docs/tutorials/*.md and writes what is printed into them.

Run it from the root of the repository: python -m docs.make_tutorials [NAME …]

A block of Python is run, and what it prints stands in the text block after it. In a
console block every `$ redescribe …` is run, in a folder that the page has for itself.
Blocks of bash are for schedulers and installers, and are not run.
"""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redescribe.cli.main import run
from redescribe.cli.status import WORK_LEFT

FOLDER = Path(__file__).with_name("tutorials")
PAGES = ("newcomer", "pytorch", "hugging_face", "table", "cluster")
BLOCK = re.compile(
    r"^```(python|console)\n(.*?)^```\n(?:\n```text\n.*?^```\n)?", re.M | re.S
)
COMMAND = re.compile(r"^\$ (redescribe (?:.*\\\n)*.*)$", re.MULTILINE)
HEAD = re.compile(r" \| head -(\d+)$")


def refreshed(page: str) -> str:
    """Return a page with what its blocks print in the current folder."""
    names: dict[str, Any] = {"__name__": "tutorial"}

    def again(block: re.Match[str]) -> str:
        kind, text = block[1], block[2]
        if kind == "python":
            printed = _printed_by(text, names)
            output = f"\n```text\n{printed}\n```\n" if printed else ""
            return f"```python\n{text}```\n{output}"
        parts = [f"$ {c}\n{_printed_by_command(c)}".rstrip() for c in COMMAND.findall(text)]
        # A text block after commands is no output of theirs.
        rest = block[0][len(f"```console\n{text}```\n") :]
        return "```console\n" + "\n".join(parts) + f"\n```\n{rest}"

    return BLOCK.sub(again, page)


def _printed_by(text: str, names: dict[str, Any]) -> str:
    output = StringIO()
    with redirect_stdout(output), redirect_stderr(StringIO()):
        exec(compile(text, "tutorial", "exec"), names)  # noqa: S102 - our own page
    return _trimmed(output.getvalue())


def _printed_by_command(command: str) -> str:
    """Run a command of ours; `| head -N` keeps the first lines."""
    head = HEAD.search(command)
    bare = command[: head.start()] if head else command
    output, errors = StringIO(), StringIO()
    with redirect_stdout(output), redirect_stderr(errors):
        status = run(shlex.split(bare.replace("\\\n", " "))[1:])
    if status not in {0, WORK_LEFT}:
        em = f"{command} ended with status {status}: {errors.getvalue()}"
        raise RuntimeError(em)
    lines = _trimmed(output.getvalue()).splitlines()
    return "\n".join(lines[: int(head[1])] if head else lines)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


if __name__ == "__main__":
    for name in sys.argv[1:] or PAGES:
        path = FOLDER / f"{name}.md"
        text = path.read_text(encoding="utf-8")
        with TemporaryDirectory() as folder, chdir(folder):
            text = refreshed(text)
        path.write_text(text, encoding="utf-8", newline="")
