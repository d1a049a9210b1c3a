"""A training on the disk, so that it can be taken up where it was interrupted."""

from __future__ import annotations

import json
import time
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redescribe.errors import StoreError
from redescribe.flint._torch import torch
from redescribe.flint.history import History
from redescribe.store.atomic import replacing
from redescribe.store.schema import FLINT_CHECKPOINT, check_encoding, header

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from redescribe.flint.model import FLINT
    from redescribe.flint.training import Training


PATIENCE = 10.0
"""Seconds between two files: of small networks, a file takes longer than an epoch."""


class Checkpoint:
    """Where a training is kept at the end of epochs; nowhere without a path.

    Attributes
    ----------
    best
        State of the best epoch so far; None where none was chosen.
    """

    def __init__(self, path: Path | None, settings: str) -> None:
        self._path = path
        self._settings = settings
        self._best_value = float("-inf")
        self._written = time.monotonic()
        self.best: dict[str, Any] | None = None

    @classmethod
    def of(
        cls,
        path: str | PathLike[str] | None,
        flint: FLINT,
        settings: Mapping[str, Any],
    ) -> Checkpoint:
        """Return the checkpoint of a training with these settings."""
        whole = {**settings, "flint": repr(flint.params)}
        text = json.dumps(whole, sort_keys=True)
        return cls(None if path is None else Path(path), text)

    def resume(self, training: Training) -> History:
        """Bring a training to where the file left it; return what it had measured.

        Raises
        ------
        StoreError
            If the file is of another training, or none.
        """
        if self._path is None or not self._path.exists():
            return History()
        found = self._read(self._path)
        training.flint.load_state_dict(found["state"])
        training.take_up(found["step"], found["n_epochs"], found["optimiser"])
        torch.set_rng_state(found["rng"])
        device = next(training.flint.parameters()).device
        if found["rng_device"] is not None and device.type == "cuda":
            torch.cuda.set_rng_state(found["rng_device"], device)
        self.best, self._best_value = found["best"], found["best_value"]
        records = json.loads(found["history"])
        history = History.from_records(records["epochs"])
        return replace(history, best_epoch=records["best_epoch"], n_dead=records["n_dead"])

    def keep_if_best(self, training: Training, history: History) -> History:
        """Keep the state if the last epoch has the best fidelity so far."""
        value = history.epochs[-1].validation["fidelity"]
        if value <= self._best_value:
            return history
        self._best_value = value
        self.best = deepcopy(training.flint.state_dict())
        return replace(history, best_epoch=history.epochs[-1].epoch)

    def write(self, training: Training, history: History) -> None:
        """Write the file, whole or not at all, unless it is too young.

        At the end of a training it is always written.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        done = training.step == training.limits.n_steps
        young = time.monotonic() - self._written < PATIENCE
        if self._path is None or (young and not done):
            return
        device = next(training.flint.parameters()).device
        cuda = device.type == "cuda"
        told = {
            "epochs": history.to_records(),
            "best_epoch": history.best_epoch,
            "n_dead": history.n_dead,
        }
        whole = {
            **header(FLINT_CHECKPOINT),
            "settings": self._settings,
            "state": training.flint.state_dict(),
            "optimiser": training.optimiser.state_dict(),
            "step": training.step,
            "n_epochs": training.n_epochs,
            "rng": torch.get_rng_state(),
            "rng_device": torch.cuda.get_rng_state(device) if cuda else None,
            "best": self.best,
            "best_value": self._best_value,
            "history": json.dumps(told),
        }
        with replacing(self._path) as temporary:
            torch.save(whole, temporary)
        self._written = time.monotonic()

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            found: dict[str, Any] = torch.load(path, weights_only=True)
        except Exception as error:
            em = f"{path} is no checkpoint of a FLINT: {' '.join(str(error).split())[:200]}"
            raise StoreError(em) from error
        check_encoding(found, FLINT_CHECKPOINT, path)
        if found["settings"] != self._settings:
            now, then = json.loads(self._settings), json.loads(found["settings"])
            other = [key for key in now if now[key] != then.get(key)]
            em = (
                f"{path} is of a training with other settings ({', '.join(other)}). Give "
                "the same ones, or another checkpoint file."
            )
            raise StoreError(em)
        return found
