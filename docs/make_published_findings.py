"""Writes docs/published_findings.md: published redescriptions, evaluated again.

Run it from the root of the repository: python -m docs.make_published_findings

It reads the activations and the `.rr` files in the folder that REDESCRIBE_REFERENCE_DATA
names.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binom

from redescribe.core.redescription import Kind
from redescribe.readers.tables import read
from redescribe.significance.correction import correct
from redescribe.significance.params import Correction, TailTest
from redescribe.significance.tails import log10_p
from redescribe.study.exitnerdom import read_rr_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redescribe.core.redescription import Agreement
    from redescribe.core.view import View
    from redescribe.readers.stated import StatedRedescription

PAGE = Path(__file__).with_name("published_findings.md")
ENVIRONMENT = "REDESCRIBE_REFERENCE_DATA"
NETWORKS = {"111": "mlp-s-111S.arff", "112": "mlp-s-112S.arff"}
ALPHA = 0.01
SAME_P = 0.005
"""Relative difference up to which two p-values count as the same."""
TESTS = {TailTest.FIXED_MARGIN: "fixed margins", TailTest.BINOMIAL: "binomial"}
UNKNOWN = "–"

INTRODUCTION = """\
# The published redescriptions, evaluated again

<!-- Written by docs/make_published_findings.py; do not edit. -->

The reference implementation of the method (ExItNeRdoM) comes with redescriptions between
the last hidden layers of two small networks, trained with different seeds on the
breast-cancer data (WDBC). The `.rr` files at hand are read with `redescribe.read_rr` and
evaluated on the published activations: queries, entities and thresholds are theirs, all
numbers beside the stated ones are recomputed. `python -m docs.make_published_findings`
writes this page; it needs the files (`REDESCRIBE_REFERENCE_DATA`).
"""


@dataclass(frozen=True)
class Published:
    """A published redescription and what the activations give."""

    network: str
    neuron: str
    kind: Kind
    stated: StatedRedescription
    agreement: Agreement

    def log10_p(self, test: TailTest) -> float:
        """In-sample, blind for the search: as if the two queries had been given."""
        found = self.agreement
        return log10_p(found.sizes, found.support, found.n_entities, test)

    @property
    def p_beyond(self) -> float:
        """P(X > support) of the binomial law: the support itself is not counted."""
        found = self.agreement
        share = float(np.prod(np.divide(found.sizes, found.n_entities)))
        return float(binom.sf(found.support, found.n_entities, share))


def reference_folder() -> Path | None:
    """The folder with the published results; None where none is named."""
    folder = os.environ.get(ENVIRONMENT, "")
    return Path(folder) if folder else None


def published(folder: Path) -> list[Published]:
    """All redescriptions of the `.rr` files, with what the activations give."""
    views: list[View] = [read(folder / file, name=name) for name, file in NETWORKS.items()]
    found = []
    for file in read_rr_folder(folder / "rr", views):
        if not file.target:
            continue
        network, attribute = file.target
        neuron = attribute.rpartition("neuron")[2]
        found += [
            Published(network, neuron, file.kind, one, one.recomputed(views))
            for one in file.redescriptions
        ]
    return sorted(found, key=lambda one: (one.kind, one.network, int(one.neuron)))


def page(folder: Path) -> str:
    """Return the page."""
    findings = published(folder)
    return "\n".join(
        [INTRODUCTION, _stated(findings), _corrected(findings), _all(findings)]
    )


def kept(findings: Sequence[Published], test: TailTest) -> dict[str, int]:
    """How many findings keep p <= ALPHA: uncorrected, and by each correction."""
    log10_ps = np.array([finding.log10_p(test) for finding in findings])
    limit = np.log10(ALPHA)
    return {
        "uncorrected": int((log10_ps <= limit).sum()),
        "BH": int((correct(log10_ps, Correction.BH) <= limit).sum()),
        "BY": int((correct(log10_ps, Correction.BY) <= limit).sum()),
        "Holm": int((correct(log10_ps, Correction.HOLM) <= limit).sum()),
        "Bonferroni": int((log10_ps + np.log10(log10_ps.size) <= limit).sum()),
    }


def _stated(findings: Sequence[Published]) -> str:
    n = len(findings)
    with_p = [finding for finding in findings if finding.stated.stated_p_value is not None]
    jaccards = sum(
        abs(f.stated.stated_jaccard - f.agreement.jaccard) <= 1e-9 for f in findings
    )
    supports = sum(f.stated.stated_support == f.agreement.support for f in findings)
    n_beyond = sum(_is_same(f.stated.stated_p_value, f.p_beyond) for f in with_p)
    n_same = sum(
        _is_same(f.stated.stated_p_value, 10 ** f.log10_p(TailTest.BINOMIAL))
        for f in with_p
    )
    high = sum(f.agreement.expected_jaccard >= 0.5 for f in findings)
    mean, adjusted = (
        float(np.mean([getattr(f.agreement, name) for f in findings]))
        for name in ("jaccard", "adjusted_jaccard")
    )
    return f"""\
## Stated against recomputed

- **Jaccard and support**: {jaccards} and {supports} of {n} are as stated.
- **p-values**: {len(with_p)} of {n} are stated; the files of individual descriptions have
  0.0 for each, which was never computed. {n_beyond} of the {len(with_p)} equal the
  binomial P(X > support), {n_same} equal P(X >= support). A p-value has to count the
  support itself: the former is too small.
- **Chance**: mean Jaccard {mean:.3f}; {adjusted:.3f} less what chance gives to sets of
  these sizes. For {high} of {n}, chance alone gives 0.5 or more.
"""


def _corrected(findings: Sequence[Published]) -> str:
    rows = []
    for kind in Kind:
        some = [finding for finding in findings if finding.kind is kind]
        for test, name in TESTS.items():
            cells = map(str, kept(some, test).values())
            rows.append([kind.value, str(len(some)), name, *cells])
    for test, name in TESTS.items():
        cells = map(str, kept(findings, test).values())
        rows.append(["both together", str(len(findings)), name, *cells])
    header = ["kind", "findings", "test", *kept(findings, TailTest.BINOMIAL)]
    return f"""\
## What corrections leave

Findings with p <= {ALPHA}, uncorrected and corrected for the number of findings of the row.
*Fixed margins* compares with random sets of exactly these sizes (our default), *binomial*
with entities that are in both sets by chance, one by one (that of the publication); the
binomial test asks for more where the sets are large.

{_table(header, rows)}
**All these p-values are blind for the search.** The queries were chosen among many, on the
same entities, because they agree; no correction for the number of findings makes up for
that ([evidence](explanation/evidence.md)). The files hold no entities that were kept back,
so what these findings are worth on others cannot be said from them.
"""


def _all(findings: Sequence[Published]) -> str:
    header = [
        *("kind", "network", "neuron", "support, stated", "recomputed"),
        *("J, stated", "recomputed", "adjusted", "p, stated"),
        *("binomial >", "binomial >=", "fixed margins"),
    ]
    return f"""\
## All findings

{_table(header, map(_cells, findings))}"""


def _cells(finding: Published) -> list[str]:
    stated, found = finding.stated, finding.agreement
    p = stated.stated_p_value
    return [
        finding.kind.value,
        finding.network,
        finding.neuron,
        str(stated.stated_support),
        str(found.support),
        f"{stated.stated_jaccard:.3f}",
        f"{found.jaccard:.3f}",
        f"{found.adjusted_jaccard:.3f}",
        UNKNOWN if p is None else f"{p:.1e}",
        f"{finding.p_beyond:.1e}",
        *(f"{10 ** finding.log10_p(test):.1e}" for test in reversed(TESTS)),
    ]


def _is_same(stated: float | None, found: float) -> bool:
    return stated is not None and abs(stated - found) <= SAME_P * found


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main() -> None:
    """Write the page, or say what is missing."""
    folder = reference_folder()
    if folder is None:
        em = (
            f"{ENVIRONMENT} is not set: it names the folder with the published "
            f"activations ({', '.join(NETWORKS.values())}) and the folder rr. "
            f"{PAGE.name} is left as it is."
        )
        raise SystemExit(em)
    PAGE.write_text(page(folder), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
