"""Writes docs/cohorts.md: cohorts of findings, and findings on new data, as printed.

Run it from the root of the repository: python -m docs.make_cohorts
"""

from __future__ import annotations

import csv
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from docs.make_several_views import printed
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from redescribe.datasets.wdbc import DIAGNOSES, wdbc_views

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = Path(__file__).with_name("cohorts.md")
N_KNOWN = 400
MINE = (
    "mine --table tumours.csv --id id --view mean='mean_*' --view worst='worst_*' "
    "--view labels=diagnosis,predicted --target mean --partner worst -o run"
)
COHORTS = "cohorts run R4 --errors labels:predicted=labels:diagnosis --limit 3"
BEST = "cohorts run --limit 2 --column labels:diagnosis"
APPLY = (
    "apply run --table new.csv --id id --view mean='mean_*' --view worst='worst_*' "
    "--limit 4"
)
API = """\
import redescribe as rd

worst = rd.read("tumours.csv", name="worst", id_column="id", columns=["worst_*"])
labels = rd.read("tumours.csv", name="labels", id_column="id", columns=["diagnosis"])

large = rd.Cohort.of_query("worst_area > 880", worst)
smooth = rd.Cohort.of_query("worst_smoothness <= 0.13", worst)
doubtful = (large & smooth).named("large but smooth")
print(len(large), len(doubtful), len(large - smooth))

profiles = rd.profile_cohorts([doubtful], [labels])
for share in profiles.profiles[0].comparisons[0].classes:
    print(share.category, share.n_cohort, share.n_rest, share.test.method)

doubtful.save("doubtful.json")
print(rd.Cohort.load("doubtful.json", worst.entities) == doubtful)
"""
INTRODUCTION = f"""# Cohorts, and findings on new data

Written by `python -m docs.make_cohorts`.

Example: {N_KNOWN} tumours with the mean and the worst of ten measurements on the nuclei
of each, the diagnosis, and what a classifier of five neighbours says of it; the other
tumours are new data (the breast-cancer data that come with scikit-learn).
"""
COHORTS_TEXT = """## The entities of a finding against the rest

`redescribe cohorts RUN ID` divides the entities by the rules of a finding (**both**,
**left only**, **right only**, **neither**; with three rules and more **all**, **some**,
**none** and each combination) and compares each part with the rest in every column of
the run. `--view` and `--column VIEW:COLUMN` take some columns only, `--errors
PREDICTED=TRUE` adds a flag that is true where two columns differ. The numbers are of
the hold-out, where there is one; `--part mined` looks at the mining part, which is
in-sample.
"""
NUMBERS = (
    (
        "column",
        "numbers",
    ),
    (
        "classes (nominal, Boolean)",
        (
            "entities and shares of each class; entropy in bits and purity (share of "
            "the largest class); weighted relative accuracy, (size of the cohort / all)"
            " × (share in the cohort - share in all); `g`, the statistic of the G-test "
            "of the cohort against the rest; `reference_score`, the part of it that the"
            " cohort adds"
        ),
    ),
    (
        "numbers",
        (
            "means, their difference, also in pooled standard deviations "
            "(`standardized_difference`); `auc`, P(cohort > rest) + P(equal) / 2; "
            "`rank_biserial`, 2 `auc` - 1"
        ),
    ),
)
METHODS = (
    (
        "`method`",
        "of which test",
        "when",
    ),
    (
        "`chi_square`",
        "G-test",
        (
            "all expected counts are 5 or more; degrees of freedom: classes that occur,"
            " less one"
        ),
    ),
    (
        "`exact`",
        "G-test",
        "two classes occur and an expected count is below 5: all tables are enumerated",
    ),
    (
        "`exact`",
        "each class",
        "always: Fisher's test, twice the smaller tail; of two classes one test",
    ),
    (
        "`exact`",
        "numbers",
        "Mann-Whitney's test where counting all divisions is cheap; ties count as ties",
    ),
    (
        "`normal`",
        "numbers",
        (
            "8 or more entities on the smaller side, and 5 or more expected there that "
            "do not have the most frequent value; with corrections for ties and "
            "continuity"
        ),
    ),
    (
        "`permutation`",
        "G-test, numbers",
        (
            "else: `--permutations` random divisions (9,999), seeded; the smallest p is"
            " 1 in 10,000"
        ),
    ),
)
COLUMNS = (
    (
        "column",
        "meaning",
    ),
    (
        "`n_entities`, `size_<view>`, `support`, `union`",
        "new entities; those of each rule, of all rules, of at least one",
    ),
    (
        "`jaccard`, `jaccard_low`, `jaccard_high`, `adjusted_jaccard`",
        (
            "on the new entities, with its exact 95 % interval, and less chance; null "
            "where no rule holds for anybody"
        ),
    ),
    (
        "`p_value`, `q_value`, `log10_p_value`, `log10_q_value`",
        "chance of so large an overlap; corrected over the findings applied",
    ),
    (
        "`replicated`",
        "q at most alpha of the run and Jaccard at least its `min_jaccard`",
    ),
    (
        "`jaccard_mined`, `difference_mined`",
        (
            "on the mining part, and new less mined: this includes what the search "
            "gained by choosing"
        ),
    ),
    (
        "`jaccard_hold_out`, `difference_hold_out`",
        "the same for the hold-out; absent without one",
    ),
    (
        (
            "`p_drift_<part>`, `q_drift_<part>`, `log10_p_drift_<part>`, "
            "`log10_q_drift_<part>`"
        ),
        (
            "`mined` and `hold_out`: Fisher's exact test of two Jaccards (given the "
            "union, each of its entities is in all rules with the chance that is the "
            "Jaccard), two-sided; corrected over the findings, each part by itself"
        ),
    ),
    (
        "`n_unknown`",
        "entities for which some rule is unknown, because a value is missing",
    ),
    (
        "`n_unseen`",
        (
            "entities with a category, in a column of the rules, that no mined entity "
            "has: it is known to be none of those asked for, so `x = c` is false. "
            "`--json` lists the categories (`unseen`)"
        ),
    ),
)
STATISTICS = """\
* q-values are Benjamini-Hochberg's over **all tests of the call**, whose number is
  stated: name fewer columns for fewer tests. The tests are exploratory, and take
  entities as independent.
* A column that is in the rules of the finding differs **by construction**: it is
  described, marked with `*` (`by_construction`) and not tested. So is an error flag
  made of it. A column that goes with one in the rules (an area with a radius) is not
  marked.
* A test that can have one outcome only (an empty part, a constant column) has no p.
* Where a value is missing, a rule may be unknown. An entity for which one rule fails is
  outside of *both*, whatever the other; one that may be inside is left out, and
  counted.

`--json` has everything; without it, columns with a smaller q come first. `redescribe
explain` shows, for each column of classes, what the entities of all rules are, and
P(right | left): the share of the entities of one rule that have the other.
"""
BEST_TEXT = """## Cohorts × classes

Without the id of a finding, the entities of all rules of the best findings (`--limit`,
`--all`) are compared in all columns of classes, or in those that are named; the
q-values are over all of them together. From Python:
`redescribe.profile_findings(findings, dataset)`, and `.to_frame()` of what it returns.
"""
API_TEXT = """## Cohorts of your own

`redescribe.Cohort` is a named set of entities, from a rule, from ids, or from a finding
(`redescribe.finding_cohorts`). `&`, `|`, `-` and `~` join cohorts; where a rule is
unknown, so is the membership. The columns of the rules are kept, and marked in every
comparison.
"""
APPLY_TEXT = """## Findings on new data

`redescribe apply RUN --view NAME=FILE …` evaluates the rules of a run, unchanged, on
new entities; `AssessedSet.on(dataset)` does so from Python. `-o FILE` writes the table
(.csv, .json, .jsonl or .parquet). It is a **replication**: p is exact on the new
entities and q is Benjamini-Hochberg's over the findings applied. It is no new test of
the family they were chosen from.
"""
APPLY_NOTES = """\
`id`, `key`, `target` and `query_<view>` are those of the run. A column that the new
data lack is an error that names finding and column; `--skip-absent` leaves such
findings out and counts them. A column of another kind (numbers where there were
classes) is an error, unless it is empty. Entities that have the id of a mined or
held-out one are counted, unless entities are only numbered.
"""


def write_tables(known: Path, new: Path) -> None:
    """Write all tumours with their diagnosis and a prediction of it, as two tables."""
    attributes, labels = wdbc_views()
    diagnosis = np.array(DIAGNOSES)[labels.values[0].astype(int)]
    classifier = KNeighborsClassifier(5)
    predicted = cross_val_predict(classifier, attributes.values.T, diagnosis, cv=5)
    columns = (attributes.entities.ids, *attributes.values.tolist(), diagnosis, predicted)
    rows = list(zip(*columns, strict=True))
    for path, part in ((known, rows[:N_KNOWN]), (new, rows[N_KNOWN:])):
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["id", *attributes.names, "diagnosis", "predicted"])
            writer.writerows(part)


def printed_by(lines: str) -> str:
    """Run Python lines here and return what they print."""
    text = StringIO()
    with redirect_stdout(text):
        exec(lines, {})  # noqa: S102 - our own text
    return text.getvalue().rstrip()


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a table; the first one names the columns."""
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, f"|{'---|' * len(rows[0])}", *others, ""])


def console(command: str) -> str:
    """Return a block with a command and what it prints."""
    shown = command.replace(" --view labels", " \\\n    --view labels")
    return f"```console\n$ redescribe {shown}\n{printed(command)}\n```\n"


def page() -> str:
    """Return the page; the commands run in a folder of their own."""
    with TemporaryDirectory() as folder, chdir(folder):
        write_tables(Path("tumours.csv"), Path("new.csv"))
        printed(f"{MINE} --quiet")
        mine = MINE.replace(" --view labels", " \\\n    --view labels")
        parts = (
            *(INTRODUCTION, f"```console\n$ redescribe {mine}\n```\n"),
            *(COHORTS_TEXT, console(COHORTS)),
            *(table(NUMBERS), table(METHODS), STATISTICS),
            *(BEST_TEXT, console(BEST)),
            *(API_TEXT, f"```python\n{API}```\n", f"```text\n{printed_by(API)}\n```\n"),
            *(APPLY_TEXT, console(APPLY), table(COLUMNS), APPLY_NOTES),
        )
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="")
