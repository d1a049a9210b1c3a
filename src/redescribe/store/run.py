"""The folder of a run: inputs, parts, results and how they came about."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from redescribe.errors import StoreError
from redescribe.store import parts, resamples, results, schema, views
from redescribe.store.atomic import is_free, offering_folder, remove_leftovers, storing
from redescribe.store.effects import EFFECTS
from redescribe.store.files import RUN_AGAIN, read_json, reading, write_record, write_text
from redescribe.store.fingerprint import plain, view_fingerprint
from redescribe.store.locking import check_unlocked, lock
from redescribe.store.mending import is_lost, mend_inputs
from redescribe.store.readme import README
from redescribe.store.shards import SHARDS
from redescribe.store.versions import versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset
    from redescribe.core.network_null import NullSeries
    from redescribe.core.null_table import NullTable
    from redescribe.store.locking import FolderLock
    from redescribe.store.parts import TargetResult
    from redescribe.store.schema import JSON

_RUN, REPORT = "run.json", "report.html"
_FILES = (
    *(results.RESULT, "assessed.parquet", "targets.parquet", results.NEAR_DUPLICATES),
    *("entities.parquet", "README.txt", resamples.NULLS, resamples.RECOVERY),
    *(resamples.NULL_NETWORKS, EFFECTS),
)
_FOLDERS = (
    *("views", "redescriptions", "supports", "nulls", "recovery"),
    *("null_networks", SHARDS, "rules"),
)


def check_is_run_or_free(path: str | PathLike[str]) -> None:
    """Check that a run may live at a path, before work is done for it.

    Raises
    ------
    StoreError
        If there is a file, or a folder that is neither empty nor a run folder.
    """
    folder = Path(path).resolve()
    if folder.is_file():
        em = f"{folder} cannot be written: it is a file. Choose the name of a folder."
        raise StoreError(em)
    if not folder.exists():
        return
    with storing(folder):
        is_new = is_free(folder)
    if not is_new and folder.exists() and not (folder / _RUN).exists():
        em = f"{folder} is not empty and is not a run folder. Choose another folder."
        raise StoreError(em)


def is_run(path: Path) -> bool:
    """Return whether a run lies at a path, finished or not."""
    return (path / _RUN).exists()


class RunFolder:
    """A run on the disk; made by `create`, found again by `open`. One process writes.

    Shards of a search, which `join`, may write parts of one run at the same time.

    Attributes
    ----------
    path
        The folder.
    key
        Hash of the inputs and parameters: what is stored belongs to this key.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        self.key = key
        self._lock: FolderLock | None = None

    @classmethod
    def create(
        cls,
        path: str | PathLike[str],
        dataset: Dataset,
        parameters: Mapping[str, JSON],
        key: str,
        *,
        force: bool = False,
        **entries: JSON,
    ) -> RunFolder:
        """Make a run folder, or take up the one with the same key again.

        A run on the same split that is replaced leaves its openings of the hold-out behind.
        Broken files of a run that is taken up are made again, with a logged warning.

        Parameters
        ----------
        path
            A folder that does not exist, is empty, or is a run folder.
        dataset
            All views with their split; stored, so that the run can be evaluated by itself.
        parameters
            What `run.json` says the run was made with.
        key
            Hash of the dataset and of the parameters (`fingerprint.stage_key`).
        force
            Remove the run that is there, whatever its key; other files in the folder stay.
        entries
            What else `run.json` says.

        Raises
        ------
        StoreError
            If the folder holds a run with another key (and not `force`) or no run, another
            process writes it, or the file system refuses.
        """
        folder = Path(path).resolve()
        run = cls(folder, key)
        check_is_run_or_free(folder)
        with storing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            run._lock = lock(folder)
            is_new = is_free(folder)
        remove_leftovers(folder)
        lost = not is_new and is_lost(run, folder / _RUN, force=force)
        openings = [] if is_new or lost else run._openings_on(dataset)
        if lost:
            run._remove(_FILES, _FOLDERS if force else ())
        elif not is_new and run._is_resumed(force=force):
            mend_inputs(run, dataset)
            return run
        run._write_inputs(dataset, parameters, {"openings": openings, **entries})
        return run

    @classmethod
    def join(
        cls,
        path: str | PathLike[str],
        dataset: Dataset,
        parameters: Mapping[str, JSON],
        key: str,
        **entries: JSON,
    ) -> RunFolder:
        """Make a run folder, or find the one with the same key, where others do so too.

        The folder appears as a whole; whoever comes second finds it. Nothing that is there
        is changed, so any number of processes may join and write parts.

        Parameters
        ----------
        path, dataset, parameters, key, entries
            As for `create`.

        Raises
        ------
        StoreError
            If the folder holds another run, one whose inputs are not complete, or no run,
            a process that is no shard writes it, or the file system refuses.
        """
        run = cls(Path(path).resolve(), key)
        check_is_run_or_free(run.path)
        if not (run.path / _RUN).exists():
            check_unlocked(run.path)
            with offering_folder(run.path) as temporary:
                cls(temporary, key)._write_inputs(dataset, parameters, entries)
        run._lock = lock(run.path, shared=True)
        document = run.document
        if document.get("key") != key:
            em = (
                f"{run.path} holds a run with other inputs or parameters. Choose another "
                "folder, or remove that one."
            )
            raise StoreError(em)
        if not document.get("inputs_complete"):
            em = (
                f"{run.path} holds a run whose inputs are not complete: it was stopped "
                "while it was made, or is being made. Wait, or remove it."
            )
            raise StoreError(em)
        return run

    @classmethod
    def open(cls, path: str | PathLike[str]) -> RunFolder:
        """Return the run folder at a path.

        Raises
        ------
        StoreError
            If there is none.
        """
        folder = Path(path).resolve()
        if not (folder / _RUN).exists():
            what = "is not a run folder: it has no run.json"
            em = (
                f"{folder} {what if folder.exists() else 'does not exist'}. Give the "
                "folder of a run."
            )
            raise StoreError(em)
        run = cls(folder, "")
        run.key = str(run.document.get("key", ""))
        return run

    @property
    def document(self) -> dict[str, JSON]:
        """What `run.json` holds now.

        Raises
        ------
        StoreError
            If it is missing, broken or of another encoding.
        """
        document = read_json(self.path / _RUN, RUN_AGAIN)
        schema.check_encoding(document, schema.RUN, self.path / _RUN)
        return document

    def claim(self) -> None:
        """Keep others from writing the folder; a `StoreError` if another process does."""
        self._lock = lock(self.path)

    def update(self, **entries: JSON) -> None:
        """Replace top-level entries of `run.json`, such as `stages`, `counts`, `seconds`.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        write_record(self.path / _RUN, self.document | entries)

    def dataset(self) -> Dataset:
        """Return the dataset as it was given: views, kinds, groups, split, NaN.

        Values are memory-mapped, read-only. They are compared with their fingerprints,
        unless a view is so large that it should not be read as a whole.

        Raises
        ------
        StoreError
            If a file is missing or broken.
        """
        with reading(self.path / _RUN):
            document = cast("dict[str, Any]", self.document)
            stored = document["views"], document["split"]
            return views.read_dataset(self.path, *stored, document.get("fingerprints", {}))

    def has_part(self, chunk: int, key: str | None = None, *, remove: bool = True) -> bool:
        """Return whether a chunk is done: its part is whole and has this stage key.

        A broken part is removed, with a warning on the logger `redescribe.store`.

        Parameters
        ----------
        chunk
            Number of the chunk, from 0.
        key
            The stage key; without it, the key of the run.
        remove
            False leaves a broken part as it is.
        """
        key = self.key if key is None else key
        return parts.has_part(self.path, chunk, key, remove=remove)

    def write_part(
        self, chunk: int, part: Sequence[TargetResult], key: str | None = None
    ) -> None:
        """Write the results of a chunk, one per target, under a stage key.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        parts.write_part(self.path, chunk, part, self.key if key is None else key)

    def read_part(self, chunk: int) -> list[TargetResult]:
        """Return the results of a chunk as they were written.

        Raises
        ------
        StoreError
            If the part is missing or broken.
        """
        return parts.read_part(self.path, chunk)

    def write_assessed(self, assessed: AssessedSet) -> None:
        """Write the findings, as tables and exactly; a report of earlier ones goes.

        Raises
        ------
        StoreError
            If the file system refuses.
        """
        self._remove([REPORT], [])
        results.write_assessed(self.path, assessed)

    def read_assessed(self) -> AssessedSet:
        """Return the findings.

        Raises
        ------
        StoreError
            If the run is not finished or a file is broken.
        """
        return results.load(self.path)

    def read_nulls(self) -> NullTable:
        """Return what searches of permuted entities found at best.

        Raises
        ------
        StoreError
            If none were made or the file is broken.
        """
        return resamples.read_nulls(self.path)

    def read_null_networks(self) -> tuple[NullSeries, ...]:
        """Return what searches of null networks found at best.

        Raises
        ------
        StoreError
            If none were made or the file is broken.
        """
        return resamples.read_null_networks(self.path)

    def _openings_on(self, dataset: Dataset) -> list[JSON]:
        """The openings of the run that is there, if this dataset has the same split."""
        document = self.document
        try:
            same = views.has_split(self.path, dataset)
        except StoreError:  # a folder that was not finished knows of no hold-out
            return []
        openings = cast("list[dict[str, JSON]]", document.get("openings", []))
        return [one for one in openings if same and one["key"] != self.key]

    def _is_resumed(self, *, force: bool) -> bool:
        """Whether a run of this key is there; otherwise the folder is free afterwards."""
        document = self.document
        same = document.get("key") == self.key
        if same and document.get("inputs_complete") and not force:
            return True
        if document.get("inputs_complete") and not force:
            em = (
                f"{self.path} holds a run with other inputs or parameters. Choose another "
                "folder, or replace that run with force=True (--force)."
            )
            raise StoreError(em)
        self.update(inputs_complete=False)
        self._remove(_FILES, _FOLDERS)
        return False

    def _remove(self, files: Sequence[str], folders: Sequence[str]) -> None:
        with storing(self.path):
            for name in files:
                (self.path / name).unlink(missing_ok=True)
            for name in folders:
                if (self.path / name).is_dir():
                    shutil.rmtree(self.path / name)

    def _write_inputs(
        self,
        dataset: Dataset,
        parameters: Mapping[str, JSON],
        entries: Mapping[str, JSON],
    ) -> None:
        """Write run.json first and last: a run that was killed in between is made again."""
        document: dict[str, JSON] = {
            **schema.header(schema.RUN),
            "key": self.key,
            "inputs_complete": False,
            "versions": versions(),
            "parameters": parameters,
            "seed": dataset.split.params.seed,
            "split": plain(dataset.split.params),
            "n_entities": dataset.n_entities,
            "views": list(dataset.names),
            "fingerprints": {view.name: view_fingerprint(view) for view in dataset.views},
            "stages": {},
            "counts": {},
            "seconds": {},
            "openings": [],
            **entries,
        }
        write_record(self.path / _RUN, document)
        write_text(self.path / "README.txt", README)
        views.write_dataset(self.path, dataset)
        self.update(inputs_complete=True)
