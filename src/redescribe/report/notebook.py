"""The report inside a notebook: the same file in a frame, without any extension."""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from redescribe.errors import ParameterError, ReadError
from redescribe.report.write import report_of_run
from redescribe.store.run import RunFolder

if TYPE_CHECKING:
    from os import PathLike


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A report that a notebook shows where it is the value of a cell.

    Attributes
    ----------
    page
        The whole file as text.
    height
        Of the frame, in pixels.
    """

    page: str
    height: int

    def __repr__(self) -> str:
        size = len(self.page.encode()) / 1e6
        return f"A report of {size:.1f} MB: a notebook shows it where it is a cell's value."

    def _repr_html_(self) -> str:
        # The frame has an origin of its own: the report cannot reach the notebook. A page
        # in `srcdoc` would take the notebook's address as its own, and leave with the first
        # link to one of its places.
        page = base64.b64encode(self.page.encode()).decode()
        return (
            f'<iframe title="Report" width="100%" height="{self.height}" style="border:0" '
            'sandbox="allow-scripts allow-downloads allow-popups" '
            f'src="data:text/html;charset=utf-8;base64,{page}"></iframe>'
        )


def show(report: str | PathLike[str], *, height: int = 720) -> Shown:
    """Return a report as the value of a notebook's cell: it is shown in a frame there.

    Parameters
    ----------
    report
        A report file, as `Study.report` returns it, or a run folder, of which a report is
        made (and not kept).
    height
        Of the frame, in pixels.

    Raises
    ------
    ParameterError
        If the height is not positive.
    ReadError
        If there is no such file or folder, or the file cannot be read.
    StoreError
        If the run is not finished or a file of it is broken.

    Examples
    --------
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "report.html")
    ...     _ = path.write_text("<p>1 &lt; 2</p>", encoding="utf-8")
    ...     show(path, height=400)._repr_html_()[:50]
    '<iframe title="Report" width="100%" height="400" s'
    """
    if height < 1:
        em = f"height is in pixels and must be at least 1. Got {height} instead."
        raise ParameterError(em)
    path = Path(report)
    if path.is_dir():
        run = RunFolder.open(path)
        with tempfile.TemporaryDirectory() as folder:
            written = report_of_run(run, Path(folder, "report.html")).path
            return Shown(written.read_text("utf-8"), height)
    try:
        return Shown(path.read_text("utf-8"), height)
    except (OSError, UnicodeDecodeError) as error:
        em = f"There is no report at '{path}': {error}. Give a report or a run folder."
        raise ReadError(em) from error
