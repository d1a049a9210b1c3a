"""The published `.rr` files, re-evaluated on the published activations."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from redescribe.readers.exitnerdom import read_rr
from redescribe.readers.tables import read

ENVIRONMENT = "REDESCRIBE_REFERENCE_DATA"


def reference_folder() -> Path:
    folder = os.environ.get(ENVIRONMENT, "")
    if not folder:
        pytest.skip(f"{ENVIRONMENT} names no folder with the published results")
    return Path(folder)


@pytest.mark.reference
def test_every_published_redescription_is_confirmed() -> None:
    folder = reference_folder()
    views = [read(folder / "mlp-s-111S.arff"), read(folder / "mlp-s-112S.arff")]
    files = [read_rr(path, views) for path in sorted((folder / "rr").glob("*.rr"))]
    found = [stated for file in files for stated in file]
    differences = [text for stated in found for text in stated.differences(views)]
    assert differences == []
    assert len(found) == 142
    negated = [s for s in found if any(t.negated for q in s.queries for t in q.terms)]
    assert len(negated) == 99
    assert all(
        (stated.stated_p_value is None) == file.individual
        for file in files
        for stated in file
    )
