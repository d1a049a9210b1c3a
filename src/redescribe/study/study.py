"""`Study`: views, a run folder, and everything that can be asked of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redescribe.causal.ablation import intervene
from redescribe.causal.effects import joined
from redescribe.core.dataset import Dataset, align
from redescribe.core.entities import SplitParams
from redescribe.core.sizes import parse_size
from redescribe.errors import StoreError, UnknownNameError
from redescribe.executors.joblib import JoblibExecutor
from redescribe.mining.params import MineParams
from redescribe.relations.related import relate
from redescribe.relations.roles import roles_of
from redescribe.report.learned import keep_trained
from redescribe.report.media import Media
from redescribe.report.write import report_of_run
from redescribe.rules.on_dataset import confirmed_queries, imitate_on
from redescribe.rules.params import RuleParams
from redescribe.rules.run_rules import RunRules, write_run_rules
from redescribe.significance.resample_params import ResampleParams
from redescribe.store.effects import has_effects, read_effects
from redescribe.store.run import RunFolder
from redescribe.study.given_views import given_views
from redescribe.study.stages import run_stages
from redescribe.study.target_card import TargetCard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from os import PathLike

    from redescribe._typing import AnyArray
    from redescribe.causal.params import CausalParams
    from redescribe.core.assessed import AssessedSet, Finding
    from redescribe.core.effect import Effects
    from redescribe.core.protocols import Progress
    from redescribe.core.view import View
    from redescribe.relations.related import Related
    from redescribe.rules.ruleset import RuleSet
    from redescribe.rules.sample import Network
    from redescribe.selection.params import SelectParams
    from redescribe.significance.params import AssessParams


class Study:
    """Views of the same entities and what is mined between them, kept in a run folder.

    Parameters
    ----------
    views
        Name -> view, path, data frame, or array of shape (n_entities, n_attributes); a
        list, Series or array of one dimension is one nominal column of labels (numeric
        where its values are not whole numbers). Views are joined by id. What has no ids of
        its own is taken row by row in the order of the first view that has them.
    folder
        Where the run is kept; without it, a folder of the study's name.
    name
        Title of the report.
    seed
        Of the split and of the search.
    hold_out
        Share of the entities that test the findings; 0 for in-sample results only.
    stratify
        VIEW:ATTRIBUTE that the split is stratified by.
    inner
        Keep the entities that all views have; otherwise an unmatched one is an error.
    networks
        Views whose numeric attributes are neurons, though they were not captured here.

    Raises
    ------
    RedescribeError
        If a table cannot be read, or the views do not describe the same entities.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> values = np.random.default_rng(0).normal(size=(200, 2))
    >>> views = {
    ...     "neurons": values,
    ...     "labels": ["high" if v > 0 else "low" for v, _ in values],
    ... }
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     study = Study(views, folder=folder)
    ...     found = study.mine(target="neurons", partners=["labels"])
    >>> found.findings[0].redescription.target, study["neurons:x0"].role.classes
    ('neurons:x0', ('labels:labels',))
    """

    def __init__(
        self,
        views: Mapping[str, Any],
        *,
        folder: str | PathLike[str] | None = None,
        name: str = "study",
        seed: int = 0,
        hold_out: float = 0.3,
        stratify: str = "",
        inner: bool = False,
        networks: Sequence[str] = (),
    ) -> None:
        aligned, _ = align(given_views(views), inner=inner)
        params = SplitParams(hold_out=hold_out, stratify=stratify, seed=seed)
        self.dataset = Dataset.of(aligned, params)
        self.folder = Path(folder if folder is not None else name)
        self.name = name
        self.seed = seed
        self.networks = tuple(networks)
        self._found: AssessedSet | None = None

    @classmethod
    def open(cls, folder: str | PathLike[str], *, networks: Sequence[str] = ()) -> Study:
        """Return the study of a finished run; `networks` as in a new one.

        Raises
        ------
        StoreError
            If there is no finished run.
        """
        run = RunFolder.open(folder)
        study = cls.__new__(cls)
        study.dataset = run.dataset()
        study.folder = Path(folder)
        study.name = Path(folder).resolve().name
        study._found = run.read_assessed()
        study.seed = study._found.evidence.seed
        study.networks = tuple(networks)
        return study

    @property
    def found(self) -> AssessedSet:
        """The findings.

        Raises
        ------
        StoreError
            If nothing was mined yet.
        """
        if self._found is None:
            em = f"Nothing was mined in study {self.name!r} yet. Call mine() first."
            raise StoreError(em)
        return self._found

    def mine(  # noqa: PLR0913 - the public door: every choice has a name and a default
        self,
        *,
        target: str | Sequence[str] = (),
        partners: Sequence[str] = (),
        search: str = "",
        permutations: int = 0,
        params: MineParams | None = None,
        select_params: SelectParams | None = None,
        assess_params: AssessParams | None = None,
        resample_params: ResampleParams | None = None,
        null_views: Mapping[str, Sequence[View]] | None = None,
        n_jobs: int | None = -1,
        progress: Progress | None = None,
        memory: str = "",
        force: bool = False,
    ) -> AssessedSet:
        """Search, choose the family and test it on the hold-out, into the folder.

        The same call on the same views only reads what is finished.

        Parameters
        ----------
        target
            Views, `VIEW:ATTRIBUTE` or neuron ids to explain, or globs; none: everything.
        partners
            Views that may explain them; none: every other one.
        search
            Name of the strategy; the one of `params` without.
        permutations
            Searches of permuted entities, for `p_search`.
        params, select_params, assess_params, resample_params
            All further settings; `target`, `partners`, `search` and `permutations` go
            before them, and the seed is the study's.
        null_views
            Untrained networks, by the name of the view that they replace.
        n_jobs
            Threads, as joblib counts them.
        progress
            Hears how far it is.
        memory
            What the search may take, such as "8GB"; otherwise what the machine has.
        force
            Replace another run in the folder.

        Raises
        ------
        RedescribeError
            If it cannot be mined, or the folder holds another run.
        """
        given: dict[str, Any] = {"seed": self.seed}
        if target:
            given["targets"] = (target,) if isinstance(target, str) else tuple(target)
        if partners:
            given["partners"] = tuple(partners)
        chosen = replace(params or MineParams(), **given)
        if search:
            chosen = replace(chosen, search=replace(chosen.search, search=search))
        resampled = resample_params or ResampleParams()
        if permutations:
            resampled = replace(resampled, permutations=permutations)
        if resampled.rotations or null_views:
            networks = dict.fromkeys((*self.networks, *resampled.networks))
            resampled = replace(resampled, networks=tuple(networks))
        self._found = run_stages(
            self.dataset,
            self.folder,
            chosen,
            assess_params,
            select_params=select_params,
            resample_params=resampled,
            null_views=null_views,
            executor=JoblibExecutor(n_jobs=n_jobs),
            progress=progress,
            memory=parse_size(memory) if memory else None,
            force=force,
        )
        return self._found

    def imitate(  # noqa: PLR0913 - the public door: every choice has a name and a default
        self,
        outputs: object,
        *,
        kind: str = "",
        method: str = "",
        max_literals: int = 0,
        inputs: str = "",
        layers: Sequence[str] = (),
        labels: str = "",
        task: str = "auto",
        classes: Sequence[str] = (),
        network: Network | None = None,
        params: RuleParams | None = None,
        keep_as: str = "",
    ) -> RuleSet | dict[str, RuleSet]:
        """Return rules over the inputs that answer as the network does.

        They are made on the mining part and measured on the hold-out. The confirmed
        findings, if something was mined, are candidates too.

        Parameters
        ----------
        outputs
            What the network answers for all entities: classes, probabilities, logits,
            numbers, or one column or name per label.
        kind, method, max_literals
            As in `RuleParams`; they go before `params`, and the seed is the study's.
        inputs, layers, labels, task, classes, network
            As for `redescribe.rules.on_dataset.imitate_on`.
        params
            All further settings.
        keep_as
            A name: the run keeps the rules, and `report` shows them. Empty: it does not.

        Returns
        -------
        RuleSet or dict
            Of several labels, a rule set for each by name.

        Raises
        ------
        RedescribeError
            If a view is missing, or the outputs do not fit; if rules are to be kept before
            anything was mined.
        """
        run = RunFolder.open(self.folder) if keep_as else None
        given: dict[str, Any] = {"seed": self.seed}
        given |= {"kind": kind} if kind else {}
        given |= {"method": method} if method else {}
        given |= {"max_literals": max_literals} if max_literals else {}
        made = imitate_on(
            self.dataset,
            outputs,
            replace(params or RuleParams(), **given),
            inputs=inputs,
            layers=layers,
            labels=labels,
            task=task,
            classes=classes,
            queries=confirmed_queries(self._found) if self._found is not None else (),
            network=network,
        )
        for label, one in made.items():
            if run is not None:
                name = f"{keep_as}, {label}" if label else keep_as
                write_run_rules(run.path, RunRules(name, label, labels, one))
        found = {label: one.rules for label, one in made.items()}
        return found[""] if list(found) == [""] else found

    def relate(self) -> Related:
        """Return roles of neurons, layers against layers, and matched neurons."""
        return relate(self.found, self.dataset, networks=self.networks)

    def __getitem__(self, target: str) -> TargetCard:
        """Return what is known of one target, by its neuron id or `VIEW:ATTRIBUTE`.

        Raises
        ------
        UnknownNameError
            If the run has no such target.
        """
        found = self.found
        reports = {report.target: report for report in found.targets}
        if target not in reports:
            what = "The study has no target"
            raise UnknownNameError.among(what, target, reports)
        findings = tuple(f for f in found if f.redescription.target == target)
        one = replace(found, findings=findings, targets=(reports[target],))
        role = roles_of(one, self.dataset, networks=self.networks).roles[0]
        return TargetCard(reports[target], findings, role)

    def intervene(
        self,
        model: Any,  # noqa: ANN401 - a torch.nn.Module
        inputs: Any,  # noqa: ANN401 - array-like, by name, or batches
        findings: Iterable[Finding] | None = None,
        *,
        view: str = "",
        side: str = "output",
        params: CausalParams | None = None,
    ) -> Effects:
        """Silence described units of a network; keep the effects in the folder.

        Parameters
        ----------
        model, inputs, view, side, params
            As in `redescribe.causal.ablation.intervene`.
        findings
            Those to check, such as `found.top(20)`; none: all.

        Raises
        ------
        RedescribeError
            If nothing was mined, no finding is about the network, or it is another one.
        """
        chosen = self.found.findings if findings is None else tuple(findings)
        effects = intervene(
            model, inputs, chosen, self.dataset, view=view, side=side, params=params
        )
        if has_effects(self.folder):
            keys = {finding.redescription.key for finding in self.found}
            effects = joined(effects, read_effects(self.folder), keys)
        effects.save(self.folder)
        return effects

    def report(
        self,
        path: str | PathLike[str] | None = None,
        *,
        entity_noun: str = "sample",
        budget: str = "15MB",
        images: str | PathLike[str] | AnyArray | None = None,
        texts: str | Sequence[str | None] | None = None,
        missing_media: bool = False,
        flint: str | PathLike[str] | Mapping[str, str | PathLike[str]] | None = None,
        compare: str | PathLike[str] | None = None,
    ) -> Path:
        """Write the report, into the folder where no path is given; return its path.

        Parameters
        ----------
        path
            Of the file.
        entity_noun
            What one entity is called: "patient", "image".
        budget
            Size of the file at most; what does not fit is left out, and the report says so.
        images, texts, missing_media
            Of the entities, as in `redescribe.report.media.Media.of`.
        flint
            Folder of `redescribe flint interpret`, or one per view: kept in the run.
        compare
            Folder of another finished run, whose findings stand beside these.

        Raises
        ------
        RedescribeError
            If nothing was mined yet, the other folder holds no finished run, images or
            texts cannot be read or do not fit, or the file cannot be written.
        """
        if flint is not None:
            keep_trained(self.folder, self.dataset, flint)
        return report_of_run(
            RunFolder.open(self.folder),
            self.folder / "report.html" if path is None else path,
            title=self.name,
            entity_noun=entity_noun,
            networks=self.networks,
            budget=parse_size(budget),
            media=Media.of(self.dataset, images=images, texts=texts, missing=missing_media),
            other=None if compare is None else RunFolder.open(compare),
        ).path
