"""Queries in words, and numbers as people read them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from redescribe.core.neuron import LEARNED_LAYER, NeuronId
from redescribe.core.notation import format_number, format_text
from redescribe.core.query import Interval, Literal
from redescribe.core.view import AttributeKind
from redescribe.errors import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from redescribe.core.query import Conjunction, Query
    from redescribe.core.view import Attribute, View


def in_words(
    query: Query,
    view: View | None = None,
    *,
    neurons: Collection[str] = (),
    shares: bool = False,
) -> str:
    """Return a query in words; names and categories are untrusted text.

    Parameters
    ----------
    query
        Any query of the grammar.
    view
        The view it speaks about: it knows which attributes are neurons or Boolean.
    neurons
        Names of further attributes that are neurons, where there is no view to ask.
    shares
        Add to each one-sided literal of a neuron how many entities of `view` it holds for,
        because activations have no unit: "(top 6 %)".

    Raises
    ------
    UnknownNameError
        If the view lacks an attribute of the query.

    Notes
    -----
    Underscores of plain names become blanks. The ends of an interval read the same whether
    open or closed ("between"): `str(query)` is exact, and thresholds lie between observed
    values. A negated literal is said directly, several in brackets: "not (… and …)".

    Examples
    --------
    >>> from redescribe.core.grammar import parse_query
    >>> in_words(parse_query("a@hidden2:7 > 1.79", "a"), neurons=["a@hidden2:7"])
    'unit 7 of layer hidden2 of network a is above 1.79'
    >>> in_words(parse_query('3 < worst_radius <= 5 AND stage in {"II", "III"}', "x"))
    'worst radius is between 3 and 5 and stage is "II" or "III"'
    >>> in_words(parse_query('(NOT (a > 1 AND smoker)) OR (NOT (stage = "I"))', "x"))
    'not (a is above 1 and smoker), or stage is not "I"'
    """
    words = _Words(view, frozenset(neurons), shares)
    return ", or ".join(map(words.term, query.terms))


def name_in_words(attribute: str, *, neuron: bool = False) -> str:
    """Return the name of an attribute in words.

    Examples
    --------
    >>> name_in_words("worst_radius")
    'worst radius'
    >>> name_in_words("resnet50@layer4.2.conv3:417|max", neuron=True)
    'unit 417 (max) of layer layer4.2.conv3 of network resnet50'
    >>> name_in_words("flint@attributes:7", neuron=True)
    'learned attribute 7 of flint'
    """
    if neuron:
        try:
            return _neuron_in_words(NeuronId.parse(attribute))
        except QuerySyntaxError:  # a captured column that somebody renamed
            return attribute
    words = " ".join(attribute.replace("_", " ").split())
    return words or format_text(attribute)


def format_p(log10_p: float | None) -> str:
    """Return a p- or q-value from its log10: never "0", blank where there is none.

    Examples
    --------
    >>> format_p(-33.2), format_p(-2.4), format_p(-5000.3), format_p(0.0), format_p(None)
    ('6e-34', '0.004', '5e-5001', '1', '')
    """
    if log10_p is None or not math.isfinite(log10_p):
        return ""
    if log10_p >= -3:
        return f"{min(1.0, 10.0**log10_p):.2g}"
    exponent = math.floor(log10_p)
    digit = round(10 ** (log10_p - exponent))
    return f"{digit}e{exponent}" if digit < 10 else f"1e{exponent + 1}"


def format_share(share: float | None) -> str:
    """Return a share of entities in per cent; "0 %" and "100 %" are exact.

    Examples
    --------
    >>> format_share(0.0603), format_share(0.004), format_share(1), format_share(None)
    ('6 %', '0.4 %', '100 %', '')
    >>> format_share(0.0001), format_share(0.9998)
    ('<0.1 %', '>99.9 %')
    """
    if share is None or not math.isfinite(share):
        return ""
    if share in {0, 1}:
        return f"{share:.0%}".replace("%", " %")
    if share < 0.001:
        return "<0.1 %"
    if share > 0.999:
        return ">99.9 %"
    digits = 0 if 0.0095 <= share < 0.995 else 1
    return f"{100 * share:.{digits}f} %"


def format_jaccard(jaccard: float | None) -> str:
    """Return a Jaccard with 2 decimals; "1.00" is perfect agreement only.

    Examples
    --------
    >>> format_jaccard(0.894), format_jaccard(0.9985), format_jaccard(1.0)
    ('0.89', '0.99', '1.00')
    >>> format_jaccard(None), format_jaccard(float("nan"))
    ('', '')
    """
    if jaccard is None or not math.isfinite(jaccard):
        return ""
    return f"{jaccard if jaccard == 1 else min(jaccard, 0.99):.2f}"


def format_interval(low: float | None, high: float | None) -> str:
    """Return an interval of Jaccards; blank where there is none.

    >>> format_interval(0.8023, 0.9974), format_interval(None, None)
    ('0.80–0.99', '')
    """
    ends = (format_jaccard(low), format_jaccard(high))
    return "–".join(ends) if all(ends) else ""


def format_count(count: int | None) -> str:
    """Return a count with its thousands apart.

    >>> format_count(18412), format_count(None)
    ('18,412', '')
    """
    return "" if count is None else f"{count:,}"


def one_line(text: str, width: int) -> str:
    r"""Return a text as one line of printable characters, cut where it is too wide.

    >>> one_line("a\tb", 9) == "a\N{REPLACEMENT CHARACTER}b", one_line("worst_radius", 6)
    (True, 'worst…')
    """
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return line if len(line) <= width else f"{line[: width - 1]}…"


@dataclass(frozen=True, slots=True)
class _Words:
    """Says literals and terms of one query."""

    view: View | None
    neurons: frozenset[str]
    shares: bool

    def term(self, term: Conjunction) -> str:
        if term.negated and len(term) == 1:
            return self._not(term.literals[0])
        text = " and ".join(map(self._literal, term.literals))
        return f"not ({text})" if term.negated else text

    def _literal(self, literal: Literal) -> str:
        name = self._name(literal.attribute)
        if isinstance(literal, Interval):
            return f"{name} is {_range(literal)}{self._share(literal)}"
        if literal.values == ("true",):
            return name
        if literal.values == ("false",) and self._is_boolean(literal.attribute):
            return f"not {name}"
        return f"{name} is {_alternatives(literal.values, 'or')}"

    def _not(self, literal: Literal) -> str:
        name = self._name(literal.attribute)
        if isinstance(literal, Interval):
            opposite = _opposite(literal)
            if opposite is not None:
                return self._literal(opposite)
            return f"{name} is not {_range(literal)}"
        if literal.values == ("true",):
            return f"not {name}"
        if len(literal.values) == 1:
            return f"{name} is not {format_text(literal.values[0])}"
        return f"{name} is neither {_alternatives(literal.values, 'nor')}"

    def _name(self, attribute: str) -> str:
        return name_in_words(attribute, neuron=self._is_neuron(attribute))

    def _attribute(self, name: str) -> Attribute | None:
        if self.view is None:
            return None
        return self.view.attributes[self.view.position(name)]

    def _is_neuron(self, name: str) -> bool:
        attribute = self._attribute(name)
        return name in self.neurons or (attribute is not None and attribute.neuron)

    def _is_boolean(self, name: str) -> bool:
        attribute = self._attribute(name)
        return attribute is not None and attribute.kind is AttributeKind.BOOLEAN

    def _share(self, literal: Interval) -> str:
        """How extreme a threshold is among the entities whose value is known."""
        one_sided = math.isinf(literal.low) or math.isinf(literal.high)
        if self.view is None or not (self.shares and one_sided):
            return ""
        if not self._is_neuron(literal.attribute):
            return ""
        values = self.view.column(literal.attribute)
        n_known = int(np.count_nonzero(~np.isnan(values)))
        if not n_known:
            return ""
        end = "top" if math.isinf(literal.high) else "lowest"
        return f" ({end} {format_share(len(literal.on(self.view)) / n_known)})"


def _neuron_in_words(neuron: NeuronId) -> str:
    reducer = f" ({neuron.reducer})" if neuron.reducer else ""
    if neuron.layer == LEARNED_LAYER:
        dictionary = f" of {neuron.model}" if neuron.model else ""
        return f"learned attribute {neuron.unit}{dictionary}{reducer}"
    network = f" of network {neuron.model}" if neuron.model else ""
    return f"unit {neuron.unit}{reducer} of layer {neuron.layer}{network}"


def _range(literal: Interval) -> str:
    low, high = format_number(literal.low), format_number(literal.high)
    if math.isinf(literal.high):
        return f"{'at least' if literal.low_closed else 'above'} {low}"
    if math.isinf(literal.low):
        return f"{'at most' if literal.high_closed else 'below'} {high}"
    return low if low == high else f"between {low} and {high}"


def _opposite(literal: Interval) -> Interval | None:
    """The interval on the other side of a single end; None where there are two ends."""
    name, low, high = literal.attribute, literal.low, literal.high
    if math.isinf(high):
        return Interval(name, high=low, high_closed=not literal.low_closed)
    if math.isinf(low):
        return Interval(name, low=high, low_closed=not literal.high_closed)
    return None


def _alternatives(values: Sequence[str], conjunction: str) -> str:
    *first, last = map(format_text, values)
    return f"{', '.join(first)} {conjunction} {last}" if first else last
