"""Writes the tables of docs/tutorials/cluster.md: one study and one capture in every way.

Run it from the root of the repository: python -m docs.make_distributed
"""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks import distributed, distributed_capture

PAGE = Path(__file__).with_name("tutorials") / "cluster.md"
BEGIN, END = "<!-- python -m docs.make_distributed -->\n", "<!-- end -->\n"
MEASURED = re.compile(f"{re.escape(BEGIN)}(.*?){re.escape(END)}", re.DOTALL)


def main() -> None:
    """Measure and write."""
    tables = [*distributed.tables(), *distributed_capture.tables()]
    measured = "\n".join(f"{table.title}:\n\n{table.markdown()}" for table in tables)
    text = PAGE.read_text(encoding="utf-8")
    text = MEASURED.sub(lambda _: f"{BEGIN}{measured}{END}", text)
    PAGE.write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
