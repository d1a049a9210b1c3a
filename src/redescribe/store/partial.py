"""A folder that grows over several runs of a program before it takes its name."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from redescribe.store.atomic import (
    check_free,
    claim,
    partial_name,
    publish,
    replacing,
    storing,
)

if TYPE_CHECKING:
    from pathlib import Path

State = dict[str, str | int]


class PartialFolder:
    """A folder that grows over several runs of a program before it takes its name.

    Parameters
    ----------
    path
        Its name in the end.
    key
        What the content depends on: a folder that was begun under another key is removed.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path, self._key = path, key
        self.folder = partial_name(path)
        self._state = self.folder / "progress.json"

    def open(self) -> State | None:
        """Return the state that an interrupted run saved, or make an empty folder.

        Raises
        ------
        StoreError
            If the path is taken, or the file system refuses.
        """
        with storing(self.path):
            check_free(self.path)
            kept = self._kept()
            if kept is None:
                claim(self.path)
                self.folder.mkdir()
            return kept

    def save(self, state: State) -> None:
        """Keep how far the content of the folder is, for the next run."""
        with replacing(self._state) as temporary:
            temporary.write_text(json.dumps({"key": self._key, "state": state}), "utf-8")

    def publish(self) -> None:
        """Give the folder its name; what `save` kept is removed."""
        with storing(self.path):
            self._state.unlink(missing_ok=True)
        publish(self.folder, self.path)

    def drop(self) -> None:
        """Remove the folder and what was saved."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kept(self) -> State | None:
        try:
            saved = json.loads(self._state.read_text(encoding="utf-8"))
            state: State = saved["state"]
            return state if saved["key"] == self._key else None
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
