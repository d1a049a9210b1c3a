"""Ships the built front end in wheels and source distributions; users never need Node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = Path("src", "redescribe", "report", "assets")
BUILT = ("report.js", "report.css")


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]  # as hatchling loads it
    """Refuses to build a distribution that would lack the front end."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Check that the front end is there; editable installs go without."""
        if version == "editable":
            return
        missing = [name for name in BUILT if not Path(self.root, ASSETS, name).is_file()]
        if missing:
            em = (
                f"The front end of the report is not built: {' and '.join(missing)} are "
                f"missing in {ASSETS}. Run make web (Node 20.19 or newer), or install this "
                "checkout in editable mode, which goes without it."
            )
            raise RuntimeError(em)
