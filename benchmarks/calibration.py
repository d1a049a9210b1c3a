"""Are the tests as good as they say? `python -m benchmarks.calibration` asks by simulation.

It writes docs/data/calibration.json, of which docs/make_evidence.py makes tables. Data sets
that were simulated before are read from `.benchmarks/calibration`, as long as neither the
studies nor the library below them have changed; so a run that is stopped goes on later.
"""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks import calibration_studies as studies
from benchmarks.calibration_cache import ROOT, simulated_rows
from benchmarks.calibration_in_sample import in_sample_summary
from benchmarks.calibration_summary import summary
from benchmarks.calibration_tables import tables
from benchmarks.measure import print_table

RESULT = ROOT / "docs" / "data" / "calibration.json"


def report(n_of: dict[str, int] | None = None) -> None:
    """Simulate what is not cached, write the result and print it.

    `n_of` takes fewer data sets of a study than its number.
    """
    rows = {
        study.name: simulated_rows(study, (n_of or {}).get(study.name, study.n_data_sets))
        for study in studies.STUDIES
    }
    result = summary(rows)
    result["in_sample"] = in_sample_summary(len(rows["permutations"]))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for table in tables(result).values():
        print_table(f"Calibration: {table.title}", table.header, table.rows)


def main(arguments: list[str]) -> int:
    """Run with the numbers of data sets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    for study in studies.STUDIES:
        option = f"--{study.name.replace('_', '-')}"
        text = f"data sets of this study (default {study.n_data_sets})"
        parser.add_argument(option, type=int, default=study.n_data_sets, help=text)
    report(vars(parser.parse_args(arguments)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
