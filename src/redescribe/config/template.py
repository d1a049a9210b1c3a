"""The commented TOML template of a configuration."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from redescribe.config.model import StudyConfig
from redescribe.config.parameters import Parameter, Table, entries, parameters
from redescribe.config.toml import place_text, value_text

if TYPE_CHECKING:
    from redescribe.store.schema import JSON

_INTRODUCTION = """\
# Settings of a redescribe study.
#
# Every setting stands here at its default, as a comment: remove the # before it to set it.
# Above it: its meaning · its values · core or advanced.
# Command line and environment (REDESCRIBE_SECTION__KEY) come before this file.
# Paths of views are relative to the folder of this file."""

# A view has no default, so the template shows two that use most keys.
_EXAMPLES: dict[str, dict[str, str]] = {
    "attributes": {"table": "attributes.csv", "id": "id"},
    "neurons": {"activations": "activations"},
}


def template() -> str:
    """Return the template: every parameter with legend, values, mark and default.

    >>> print(template()[:33])
    # Settings of a redescribe study.
    """
    about = legends()
    blocks = [_INTRODUCTION]
    for section, group in groupby(parameters(), key=lambda parameter: parameter.section):
        keys = tuple(group)
        if section[0] == "views":
            blocks += _view_blocks(keys, about[section])
        else:
            blocks += [f"[{place_text(section)}]\n# {about[section]}", *map(_block, keys)]
    return "\n\n".join(blocks) + "\n"


def uncommented(text: str) -> str:
    r"""Return a template with every setting set.

    >>> uncommented("# seed of the search\n#seed = 0")
    '# seed of the search\nseed = 0'
    """
    return re.sub(r"^#(?=[^\s#])", "", text, flags=re.MULTILINE)


def legends(
    owner: type = StudyConfig, section: tuple[str, ...] = ()
) -> dict[tuple[str, ...], str]:
    """Return the first line about each table of a parameter class, by its place.

    >>> legends()["mine", "trees"]
    'How trees are grown.'
    """
    tables = [entry for entry in entries(owner, section) if isinstance(entry, Table)]
    found = {table.place: table.legend for table in tables}
    for table in tables:
        found |= legends(table.owner, table.place)
    return found


def explanation(parameter: Parameter) -> str:
    """Return legend, values and mark of a parameter.

    >>> explanation(parameters()[1]).split(" · ")[1:]
    ['integer in the range [0, inf)', 'core']
    """
    mark = "core" if parameter.is_core else "advanced"
    return f"{parameter.legend} · {parameter.values} · {mark}"


def _block(parameter: Parameter, value: JSON = None) -> str:
    shown = parameter.default if value is None else value
    return f"# {explanation(parameter)}\n#{parameter.name} = {value_text(shown)}"


def _view_blocks(keys: tuple[Parameter, ...], legend: str) -> list[str]:
    """Two views: one with every key, one with the other source."""
    first, second = _EXAMPLES.items()
    blocks = [f"# {legend}\n#[views.{first[0]}]"]
    blocks += [_block(key, first[1].get(key.name)) for key in keys]
    settings = [f"#{key} = {value_text(value)}" for key, value in second[1].items()]
    return [*blocks, "\n".join([f"#[views.{second[0]}]", *settings])]
