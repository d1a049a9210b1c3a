"""The parameters of all stages of a run, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from redescribe.errors import StoreError
from redescribe.mining.params import MineParams
from redescribe.selection.params import SelectParams
from redescribe.significance.params import AssessParams
from redescribe.significance.resample_params import ResampleParams
from redescribe.store.fingerprint import (
    parameters_of,
    params_fingerprint,
    plain,
    split_fingerprint,
    stage_key,
    view_fingerprint,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe.core.entities import Split, SplitParams
    from redescribe.core.view import View
    from redescribe.store.run import RunFolder
    from redescribe.store.schema import JSON

SEARCH_VERSION = "2"
"""Changes when the same inputs and parameters give other results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageParams:
    """What a run is mined, selected, assessed and resampled with.

    `null_views` has fingerprints of untrained networks, by the view that they replace.

    >>> from redescribe.core.entities import SplitParams
    >>> params = StageParams(mine=MineParams(seed=7))
    >>> StageParams.of_record(params.record(SplitParams())) == params
    True
    """

    mine: MineParams = field(default_factory=MineParams)
    select: SelectParams = field(default_factory=SelectParams)
    assess: AssessParams = field(default_factory=AssessParams)
    resample: ResampleParams = field(default_factory=ResampleParams)
    null_views: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        mine: MineParams | None,
        select: SelectParams | None,
        assess: AssessParams | None,
        resample: ResampleParams | None,
    ) -> StageParams:
        """Return these parameters, with the defaults of those that are None."""
        return cls(
            mine=mine or MineParams(),
            select=select or SelectParams(),
            assess=assess or AssessParams(),
            resample=resample or ResampleParams(),
        )

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> StageParams:
        """Return the parameters of what `record` made, and `run.json` holds.

        Raises
        ------
        RedescribeError, TypeError, KeyError
            If it is no such record.
        """
        # Runs from before there was resampling have none.
        resample = record.get("resample", plain(ResampleParams()))
        return cls(
            mine=parameters_of(MineParams, record["mine"]),
            select=parameters_of(SelectParams, record["select"]),
            assess=parameters_of(AssessParams, record["assess"]),
            resample=parameters_of(ResampleParams, resample),
            null_views={k: tuple(v) for k, v in record.get("null_views", {}).items()},
        )

    @classmethod
    def of_run(cls, run: RunFolder, split: Split) -> StageParams:
        """Return the parameters that a run was started with.

        Raises
        ------
        StoreError
            If `run.json` does not hold them, or this version searches in another way.
        """
        document: Any = run.document
        try:
            params = cls.of_record(document["parameters"])
            views = [document["fingerprints"][name] for name in document["views"]]
            same = params.key(split_fingerprint(views, split)) == run.key
        except (TypeError, KeyError, ValueError) as error:
            em = f"{run.path} does not say how it was mined, so it cannot be merged."
            raise StoreError(em) from error
        if not same:
            em = (
                f"{run.path} was begun by another version of redescribe, which searches in "
                "another way, or its run.json was edited. Merge it with the version that "
                "began it."
            )
            raise StoreError(em)
        return params

    def with_null_views(self, views: Mapping[str, Sequence[View]]) -> StageParams:
        """Return the parameters of a run that has these untrained networks."""
        prints = {name: tuple(map(view_fingerprint, some)) for name, some in views.items()}
        return replace(self, null_views={k: v for k, v in prints.items() if v})

    def key(self, fingerprint: str) -> str:
        """Return the stage key of a run on the dataset with a fingerprint."""
        return stage_key(
            SEARCH_VERSION,
            fingerprint,
            params_fingerprint(self.mine),
            params_fingerprint(self.select),
            params_fingerprint(self.assess),
        )

    def record(self, split: SplitParams) -> dict[str, JSON]:
        """Return every parameter as `run.json` holds it."""
        return {
            "split": plain(split),
            "mine": plain(self.mine),
            "select": plain(self.select),
            "assess": plain(self.assess),
            "resample": plain(self.resample),
            "null_views": plain(dict(self.null_views)),
        }
