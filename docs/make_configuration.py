"""Writes docs/configuration.md from the parameter classes.

Run it from the root of the repository: python -m docs.make_configuration
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from redescribe.config.parameters import Parameter, parameters
from redescribe.config.template import legends, template
from redescribe.config.toml import place_text, value_text

PAGE = Path(__file__).with_name("configuration.md")

INTRODUCTION = """\
# Configuration

<!-- Written by docs/make_configuration.py; do not edit. -->

A study is described by a TOML file, `redescribe mine --config study.toml`. Each setting
comes from the first of these sources that has it:

1. the command line: `--max-depth 4`;
2. the environment: `REDESCRIBE_SECTION__KEY`, for example
   `REDESCRIBE_MINE__TREES__MAX_DEPTH=4`; lists are written as in TOML;
3. the file;
4. its default.

`redescribe config show study.toml --origin` prints every value and where it comes from, and
`run.json` records both under `origins`. `redescribe config check study.toml` checks a file,
`config template` writes the one below, `config schema` the JSON Schema for editors. Unknown
keys are errors.

- Paths of views are relative to the folder of the file; `output` is relative to where the
  command runs.
- A section without a `seed` of its own has the one of `[study]`; `--seed` sets all.
- `--view` on the command line replaces all views of the file, and `--null-view` all that is
  `untrained`.
- Bounds on supports: an integer counts mining entities, a number up to 1 is a share of
  them, and `"80%"` is a percentage.
- `targets` are views, `VIEW:ATTRIBUTE` or neuron ids. A text that is no such name is a
  glob of names: `net:fc2*`, `*:7`, `a:unit_1?`. `*` also stands for colons.
- `neurons` draws a sample of these targets; the same `seed` draws the same, whatever the
  order of columns and views. The report, `show` and `result.json` say how many targets were
  left out.
  - `random:N` draws N targets, each as likely as any other.
  - `layers:N` draws N targets, as many of each layer as of any other; where a layer has
    fewer, it gives all and the others give more.
  - `stratified:N` draws N targets, in proportion to the sizes of the layers and, within
    each layer, to its four quarters of activity. There units are ranked by where between
    their smallest and their largest value they are on average, over the mined entities.
  - `random:layer=N` and `stratified:layer=N` draw N targets of each layer, or all it has.

  The layer is the one that a neuron id names; attributes with other names have their view
  for a layer.
- Most studies need no more than the settings marked *core*.
"""


def page() -> str:
    """Return the page."""
    blocks = [INTRODUCTION]
    about = legends()
    for section, group in groupby(parameters(), key=lambda parameter: parameter.section):
        rows = "\n".join(map(_row, group))
        blocks.append(
            f"## `[{place_text(section)}]`\n\n{about[section]}\n\n"
            "| key | meaning | values | default | mark |\n|---|---|---|---|---|\n"
            f"{rows}\n"
        )
    blocks.append(f"## Template\n\n```toml\n{template()}```\n")
    return "\n".join(blocks)


def _row(parameter: Parameter) -> str:
    mark = "core" if parameter.is_core else "advanced"
    cells = (
        f"`{parameter.name}`",
        parameter.legend,
        parameter.values,
        f"`{value_text(parameter.default)}`",
        mark,
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="")
