"""What is proven about the best description that a language has."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from redescribe.core.grammar import parse_query
from redescribe.core.printing import format_jaccard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redescribe.core.query import Query

_SIGNS = {"jaccard": "J", "adjusted-jaccard": "adjusted J", "log-p": "-log10 p mined"}


@dataclass(frozen=True, slots=True)
class LengthBound:
    """What is proven for queries of at most some length.

    Attributes
    ----------
    length
        Literals of the partner's query at most.
    best
        Value of the best admissible pair found; None where none was.
    bound
        No admissible pair of the language has a larger value; None if it is proven that
        none is admissible.
    """

    length: int
    best: float | None
    bound: float | None

    @property
    def complete(self) -> bool:
        """Whether nothing is better than `best`.

        >>> LengthBound(1, 0.5, 0.5).complete, LengthBound(2, 0.5, 0.75).complete
        (True, False)
        """
        return self.best == self.bound


@dataclass(frozen=True, slots=True)
class Certificate:
    """The best pair of a stated language for one target and partner view, and its proof.

    The language: one literal of the target, a conjunction of at most `max_length` literals
    over the partner view; literals are one-sided cuts and categories, or all but one. A
    pair is admissible if it passes the thresholds of the search. All numbers are of the
    mining part.

    Attributes
    ----------
    partner
        Name of the partner view.
    objective
        What is maximised: `jaccard`, `adjusted-jaccard`, or `log-p`, which is -log10 of the
        in-sample p-value.
    n_own, n_literals
        Literals of the target, and of the partner view.
    all_cuts
        Whether there is a cut at every distinct value on both sides.
    left, right
        The best admissible pair, the target's query first; None where none is admissible.
    jaccard, support, union
        Of this pair; None without one.
    by_length
        What is proven for each length, the longest last.
    n_nodes
        Pairs of a literal of the target and a query whose entities were counted.
    pool
        Hash of the literals of both sides, by the entities that satisfy them.
    """

    partner: str
    objective: str
    n_own: int
    n_literals: int
    all_cuts: bool
    left: Query | None
    right: Query | None
    jaccard: float | None
    support: int | None
    union: int | None
    by_length: tuple[LengthBound, ...]
    n_nodes: int
    pool: str

    @property
    def best(self) -> float | None:
        """Value of the best admissible pair; None where none was found."""
        return self.by_length[-1].best

    @property
    def bound(self) -> float | None:
        """No admissible pair of the language has a larger value; None: none passes."""
        return self.by_length[-1].bound

    @property
    def max_length(self) -> int:
        """Literals of the partner's query at most."""
        return self.by_length[-1].length

    @property
    def complete(self) -> bool:
        """Whether nothing in the language is better than the best pair."""
        return self.by_length[-1].complete

    @property
    def sign(self) -> str:
        """The short sign of what is maximised."""
        return _SIGNS.get(self.objective, self.objective)

    @property
    def summary(self) -> str:
        """The proof in a few characters: "0.93 optimal", or "0.91 to 0.95" with a gap."""
        if self.bound is None:
            return "none passes"
        best = "" if self.best is None else f"{self.best:.2f}"
        if self.best is not None and self.objective != "log-p":
            best = format_jaccard(self.best)
        if self.complete:
            return f"{best} optimal"
        return f"{best or 'none'} to {_rounded_up(self.bound, 2)}"

    @property
    def sentence(self) -> str:
        """What is proven, in one sentence.

        >>> lengths = (LengthBound(1, 0.8, 0.8), LengthBound(2, 0.875, 0.875))
        >>> certificate = Certificate(
        ...     "x", "jaccard", 9, 40, True, None, None, 0.875, 7, 8, lengths, 500, "0f"
        ... )
        >>> print(certificate.sentence)
        Proven: of one cut or category of the target and at most 2 of x joined by AND, none
        that passes the thresholds has a larger J on the mining part than the best one
        found, 0.875.
        """
        cuts = "" if self.all_cuts else " (cuts at the ends of bins)"
        language = (
            "Proven: of one cut or category of the target and at most "
            f"{self.max_length} of {self.partner} joined by AND{cuts}, none"
        )
        if self.bound is None:
            return f"{language} passes the thresholds."
        passing = f"{language} that passes the thresholds has"
        if self.complete:
            return (
                f"{passing} a larger {self.sign} on the mining part than the best one "
                f"found, {self.bound:.3f}."
            )
        best = (
            "none was found"
            if self.best is None
            else f"the best one found has {self.best:.3f}"
        )
        return (
            f"{passing} {self.sign} above {_rounded_up(self.bound, 3)} on the mining part; "
            f"{best} before --max-nodes stopped the search."
        )

    def record(self) -> dict[str, Any]:
        """Return the certificate as texts, numbers and lists: what JSON holds."""
        record = asdict(self)
        for side in ("left", "right"):
            query = getattr(self, side)
            record[side] = None if query is None else str(query)
        record["left_view"] = None if self.left is None else self.left.view
        record["by_length"] = [
            {**asdict(found), "complete": found.complete} for found in self.by_length
        ]
        summary = ("max_length", "best", "bound", "complete")
        return {**record, **{name: getattr(self, name) for name in summary}}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Certificate:
        """Return the certificate of a record."""
        fields = {name: record[name] for name in cls.__slots__}
        views = {"left": record["left_view"], "right": record["partner"]}
        for side, view in views.items():
            text = record[side]
            fields[side] = None if text is None else parse_query(text, view)
        fields["by_length"] = tuple(
            LengthBound(found["length"], found["best"], found["bound"])
            for found in record["by_length"]
        )
        return cls(**fields)


def proven(certificates: Sequence[Certificate]) -> str:
    """Return what is proven about a target, in a few characters for each partner view."""
    if len(certificates) == 1:
        return certificates[0].summary
    return "; ".join(f"{found.partner}: {found.summary}" for found in certificates)


def certificates_text(certificates: Sequence[Certificate]) -> str | None:
    """Return certificates as JSON, for one cell of a table; None without any."""
    records = [found.record() for found in certificates]
    return json.dumps(records, ensure_ascii=False) if records else None


def _rounded_up(value: float, n_digits: int) -> str:
    """A bound must not be printed smaller than it is."""
    scale = 10**n_digits
    # Decimals that a double cannot hold are rounded as they are written.
    return f"{math.ceil(round(value * scale, 6)) / scale:.{n_digits}f}"
