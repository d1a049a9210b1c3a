"""Writes docs/several_views.md: findings over three views, as the commands print them.

Run it from the root of the repository: python -m docs.make_several_views
"""

from __future__ import annotations

import csv
import shlex
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from redescribe.cli.main import run
from redescribe.datasets.wdbc import wdbc_views

PAGE = Path(__file__).with_name("several_views.md")
MINE = (
    "mine --table tumours.csv --id id --view mean='mean_*' --view worst='worst_*' "
    "--view labels=diagnosis --target labels --required-view mean --required-view worst "
    "-o run"
)
EXPLAIN = "explain run R1"
INTRODUCTION = """# Several views

Written by `python -m docs.make_several_views`.

With three or more views, a finding may relate all of them: the best pairs are given rules
over further views, up to `--max-views` (4). `--required-view NAME` keeps only findings that
cover a view; `--max-views 2` keeps to pairs.

J of several rules is the share of the entities of at least one rule that have **all** of
them, so it falls with every rule that disagrees. The p-value compares with rules that are
all unrelated: a small one does not say that each rule is needed. `redescribe explain`
therefore also shows how well every two of the rules agree, and which of them hold together.

Example: 569 tumours, the mean and the worst of ten measurements on the nuclei of each, and
its diagnosis (the breast-cancer data that come with scikit-learn).
"""


def write_tumours(path: Path) -> None:
    """Write the attributes and the diagnosis of all tumours as one table."""
    attributes, labels = wdbc_views()
    diagnosis = ["malignant" if code else "benign" for code in labels.values[0]]
    columns = (attributes.entities.ids, *attributes.values.tolist(), diagnosis)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *attributes.names, "diagnosis"])
        writer.writerows(zip(*columns, strict=True))


def printed(command: str) -> str:
    """Run a command here and return what it prints."""
    text = StringIO()
    with redirect_stdout(text):
        status = run(shlex.split(command))
    if status:
        em = f"redescribe {command} ended with status {status}."
        raise RuntimeError(em)
    return "\n".join(line.rstrip() for line in text.getvalue().rstrip().splitlines())


def page() -> str:
    """Return the page; the commands run in a folder of their own."""
    with TemporaryDirectory() as folder, chdir(folder):
        write_tumours(Path("tumours.csv"))
        printed(f"{MINE} --quiet")
        explained = printed(EXPLAIN)
    mine = MINE.replace(" --view labels", " \\\n    --view labels")
    blocks = (f"$ redescribe {mine}", f"$ redescribe {EXPLAIN}\n{explained}")
    return "\n".join([INTRODUCTION, *(f"```console\n{text}\n```\n" for text in blocks)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="")
