"""Rule sets kept in a run folder: the rules, and the answers that they imitate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from redescribe.errors import ParameterError, StoreError
from redescribe.rules.on_dataset import Imitation
from redescribe.rules.rule_file import load_rules, record_of
from redescribe.store.atomic import storing
from redescribe.store.files import read_array, read_json, reading, write_array, write_json
from redescribe.store.names import folder_name

if TYPE_CHECKING:
    from os import PathLike

FOLDER = "rules"
"""In the run folder."""


@dataclass(frozen=True, slots=True, eq=False)
class RunRules:
    """A rule set of a run.

    Attributes
    ----------
    name
        What it is called, among those of the run.
    outputs
        What it imitates, in words: `net:answer`.
    labels
        VIEW:ATTRIBUTE of the true classes; empty where these are not known.
    imitation
        The rules, and what the network answers for the entities of the run.
    """

    name: str
    outputs: str
    labels: str
    imitation: Imitation


def write_run_rules(run: str | PathLike[str], kept: RunRules) -> Path:
    """Keep a rule set in a run folder, in the place of one of the same name.

    Parameters
    ----------
    run
        The folder.
    kept
        The rules of entities of this run.

    Returns
    -------
    Path
        The JSON file; `redescribe.load_rules` reads it as any other.

    Raises
    ------
    ParameterError
        If it has no name.
    StoreError
        If the file system refuses.

    Examples
    --------
    >>> import tempfile
    >>> from redescribe.core.dataset import Dataset
    >>> from redescribe.core.view import View
    >>> from redescribe.rules.on_dataset import imitate_on
    >>> values = np.random.default_rng(0).normal(size=(90, 2))
    >>> data = Dataset.of([View.of("x", values), View.of("h", values)])
    >>> made = imitate_on(data, values[:, 0] > 0, inputs="x")[""]
    >>> with tempfile.TemporaryDirectory() as run:
    ...     path = write_run_rules(run, RunRules("first", "x0 > 0", "", made))
    ...     (found,) = read_run_rules(run)
    >>> path.name, found.name, found.imitation.rules.classes
    ('first.json', 'first', ('false', 'true'))
    """
    if not kept.name:
        em = "Rules that a run keeps need a name."
        raise ParameterError(em)
    folder = Path(run) / FOLDER
    with storing(folder):
        folder.mkdir(exist_ok=True)
    path = folder / f"{folder_name(kept.name)}.json"
    found = kept.imitation
    rows = [found.answers] if found.true is None else [found.answers, found.true]
    path.unlink(missing_ok=True)  # a rule set is there if and only if its JSON file is
    write_array(path.with_suffix(".npy"), np.array(rows, np.int32))
    about = {"name": kept.name, "outputs": kept.outputs, "labels": kept.labels}
    write_json(path, record_of(found.rules) | about)
    return path


def read_run_rules(run: str | PathLike[str]) -> list[RunRules]:
    """Return the rule sets of a run folder, by name; none where it keeps none.

    Raises
    ------
    StoreError
        If a file is broken.
    """
    return [_read(path) for path in sorted((Path(run) / FOLDER).glob("*.json"))]


def _read(path: Path) -> RunRules:
    rules = load_rules(path)
    rows = read_array(path.with_suffix(".npy")).astype(np.int64)
    with reading(path):
        record = cast("dict[str, Any]", read_json(path))
        name, outputs, labels = (record[key] for key in ("name", "outputs", "labels"))
        known = len(rules.classes)
        if rows.ndim != 2 or len(rows) != 1 + bool(labels) or (rows >= known).any():
            em = f"{path.with_suffix('.npy')} does not hold the answers for {path.name}."
            raise StoreError(em)
        true = rows[1] if labels else None
        return RunRules(name, outputs, labels, Imitation(rules, rows[0], true))
