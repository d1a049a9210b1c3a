"""All settings of a study, built from the parameter classes of its stages."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - resolved for its entries
from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import doc

from redescribe._validation import Count, check_bounds
from redescribe.core.entities import SplitParams
from redescribe.errors import ConfigError
from redescribe.mining.params import MineParams
from redescribe.selection.params import SelectParams
from redescribe.significance.params import AssessParams
from redescribe.significance.resample_params import ResampleParams

IS_PATH = "path"
"""Marks texts as paths of input: one in a file is relative to its folder."""
FilePath = Annotated[str, IS_PATH]
Alignment = Literal["", "inner"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySettings:
    """What the study is called, and what its stages share.

    >>> StudySettings(entity_noun="patient").seed
    0
    """

    name: Annotated[str, doc("title of the study")] = ""
    seed: Annotated[
        Count, doc("root seed of all stages; a section may have its own seed")
    ] = 0
    entity_noun: Annotated[str, doc("what an entity is, in the singular")] = "entity"
    output: Annotated[str, doc("run folder, seen from where the command runs")] = "run"

    def __post_init__(self) -> None:
        check_bounds(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSource:
    """Where a view comes from: a table of one entity per row, or stored activations.

    >>> ViewSource(table="patients.csv", columns=("age", "lab_*")).id
    ''
    """

    table: Annotated[
        FilePath, doc("file .csv, .tsv, .parquet, .npy, .npz or .arff, an entity per row")
    ] = ""
    activations: Annotated[FilePath, doc("folder of stored activations instead")] = ""
    id: Annotated[str, doc("column that names the entities; none = a column 'id'")] = ""
    columns: Annotated[
        tuple[str, ...], doc("columns (names or globs) or layers; none = all")
    ] = ()
    align: Annotated[
        Alignment, doc("inner: of all views keep only the entities that every view has")
    ] = ""
    untrained: Annotated[
        tuple[str, ...],
        IS_PATH,
        doc("the same of untrained networks, each a null network; none = no such null"),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyConfig:
    """The settings of a study: what it is about, its views, and a section per stage.

    Raises
    ------
    ConfigError
        If a view has no source, or two, or an id column beside stored activations.

    Examples
    --------
    >>> StudyConfig(split=SplitParams(hold_out=0)).mine == MineParams()
    True
    """

    study: StudySettings = field(default_factory=StudySettings)
    views: Mapping[str, ViewSource] = field(default_factory=dict)
    split: SplitParams = field(default_factory=SplitParams)
    mine: MineParams = field(default_factory=MineParams)
    select: SelectParams = field(default_factory=SelectParams)
    assess: AssessParams = field(default_factory=AssessParams)
    resample: ResampleParams = field(default_factory=ResampleParams)

    def __post_init__(self) -> None:
        for name, source in self.views.items():
            if bool(source.table) == bool(source.activations):
                got = "both" if source.table else "neither"
                em = f"[views.{name}] needs 'table' or 'activations'. Got {got}."
                raise ConfigError(em)
            if source.activations and source.id:
                em = f"[views.{name}] has an 'id', which is for tables. Leave it out."
                raise ConfigError(em)
