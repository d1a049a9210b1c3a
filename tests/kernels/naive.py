"""Slow obvious twins of the kernels: Python sets, lists and recursion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Entities = set[int]
Truth = bool | None
"""True, False, or None for unknown."""
Literal = tuple[int, int, int, int]
"""Attribute, first code, last code, inside."""
Term = tuple[list[Literal], bool]
"""Literals that all hold, and whether the term is negated."""
Test = tuple[int, int]
"""Attribute and tested code."""

ROUNDING = 1e-12


# Sets


def set_size(a: Entities) -> int:
    return len(a)


def intersection_size(a: Entities, b: Entities) -> int:
    return len(a & b)


def union_size(a: Entities, b: Entities) -> int:
    return len(a | b)


def is_subset(a: Entities, b: Entities) -> bool:
    return a <= b


def jaccard(a: Entities, b: Entities) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


# Kleene's logic, one entity at a time


def all_true(values: Iterable[Truth]) -> Truth:
    values = list(values)
    if False in values:
        return False
    return None if None in values else True


def any_true(values: Iterable[Truth]) -> Truth:
    values = list(values)
    if True in values:
        return True
    return None if None in values else False


def not_true(value: Truth) -> Truth:
    return None if value is None else not value


def literal_truth(code: int, literal: Literal, missing: int) -> Truth:
    if code == missing:
        return None
    return (literal[1] <= code <= literal[2]) == bool(literal[3])


def term_truth(codes: Sequence[int], term: Term, missing: int) -> Truth:
    literals, negated = term
    value = all_true(literal_truth(codes[x[0]], x, missing) for x in literals)
    return not_true(value) if negated else value


def query_truths(
    rows: Sequence[Sequence[int]], terms: Sequence[Term], missing: int
) -> list[Truth]:
    """`rows` holds the codes of one entity each; terms without literals are left out."""
    kept = [term for term in terms if term[0]]
    return [any_true(term_truth(codes, term, missing) for term in kept) for codes in rows]


def satisfied(
    rows: Sequence[Sequence[int]], terms: Sequence[Term], missing: int
) -> Entities:
    return {e for e, value in enumerate(query_truths(rows, terms, missing)) if value}


# Trees


@dataclass(frozen=True)
class Growing:
    """What a tree is grown on; `rows` and `targets` have one entry per entity."""

    rows: Sequence[Sequence[int]]
    nominal: Sequence[bool]
    attributes: Sequence[int]
    targets: Sequence[Sequence[int]]
    weights: Sequence[int]
    missing: int
    min_leaf: int


@dataclass(frozen=True)
class Node:
    """A node with its entities, its test, and its children where it is no leaf."""

    members: frozenset[int]
    test: Test | None = None
    children: tuple[Node, ...] = ()


def passes(code: int, tested: int, *, nominal: bool) -> bool:
    return code == tested if nominal else code > tested


def sums(data: Growing, members: Iterable[int]) -> list[int]:
    chosen = list(members)
    return [sum(data.targets[e][t] for e in chosen) for t in range(len(data.weights))]


def squares(data: Growing, members: Iterable[int]) -> int:
    return sum(w * s * s for w, s in zip(data.weights, sums(data, members), strict=True))


def deviations(data: Growing, members: Iterable[int]) -> float:
    """Weighted sum of squared deviations from the mean, as the specification defines it."""
    chosen = list(members)
    means = [s / len(chosen) for s in sums(data, chosen)]
    return sum(
        w * (data.targets[e][t] - means[t]) ** 2
        for e in chosen
        for t, w in enumerate(data.weights)
    )


def divide(
    data: Growing, members: Iterable[int], test: Test
) -> tuple[list[int], list[int], list[int]]:
    """Yes, no and missing, each in the given order."""
    attribute, tested = test
    nominal = data.nominal[attribute]
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for e in members:
        code = data.rows[e][attribute]
        if code == data.missing:
            parts[2].append(e)
        else:
            parts[0 if passes(code, tested, nominal=nominal) else 1].append(e)
    return parts


def best_test(data: Growing, members: Iterable[int], attribute: int) -> tuple[float, int]:
    """Values from high to low, first strict maximum; (0, -1) if no test is allowed."""
    known = [e for e in members if data.rows[e][attribute] != data.missing]
    if not known:
        return 0.0, -1
    parent = squares(data, known) / len(known)
    best = (ROUNDING * parent, -1)
    for tested in sorted({data.rows[e][attribute] for e in known}, reverse=True):
        yes, no, _ = divide(data, known, (attribute, tested))
        if min(len(yes), len(no)) < data.min_leaf:
            continue
        gain = squares(data, yes) / len(yes) + squares(data, no) / len(no) - parent
        if gain > best[0]:
            best = (gain, tested)
    return best if best[1] >= 0 else (0.0, -1)


def grow(data: Growing, members: Iterable[int], max_depth: int) -> Node:
    chosen = list(members)
    best: tuple[float, Test | None] = (0.0, None)
    if max_depth:
        for attribute in data.attributes:
            gain, code = best_test(data, chosen, attribute)
            if gain > best[0]:
                best = (gain, (attribute, code))
    if best[1] is None:
        return Node(frozenset(chosen))
    yes, no, _ = divide(data, chosen, best[1])
    children = (grow(data, yes, max_depth - 1), grow(data, no, max_depth - 1))
    return Node(frozenset(chosen), best[1], children)


def path_literals(
    path: Sequence[tuple[Test, bool]], nominal: Sequence[bool], n_bins: Sequence[int]
) -> set[Literal]:
    """The tests on a path, each with its branch, as the shortest set of literals."""
    found: set[Literal] = set()
    for attribute in {test[0] for test, _ in path}:
        tests = [(code, yes) for (a, code), yes in path if a == attribute]
        if nominal[attribute]:
            equal = {code for code, yes in tests if yes}
            differs = {code for code, yes in tests if not yes}
            found |= {(attribute, c, c, 1) for c in equal}
            found |= set() if equal else {(attribute, c, c, 0) for c in differs}
        else:
            first = max((code + 1 for code, yes in tests if yes), default=0)
            top = n_bins[attribute] - 1
            last = min((code for code, yes in tests if not yes), default=top)
            found.add((attribute, first, last, 1))
    return found


# Growing queries


def jaccard_with(query: Entities, all_of: Entities, any_of: Entities) -> float:
    """|I| / |U| of a query with others, given by their intersection and union."""
    union = query | any_of
    return len(query & all_of) / len(union) if union else 0.0


def best_extension(
    all_of: Entities,
    any_of: Entities,
    query: Entities,
    pool: Sequence[Entities],
    lengths: Sequence[int],
    *,
    disjunction: bool,
    price: float,
) -> tuple[int, float]:
    best = (-1, -1.0)
    for number, rule in enumerate(pool):
        grown = query | rule if disjunction else query & rule
        if not grown | any_of:
            continue
        value = jaccard_with(grown, all_of, any_of) - price * lengths[number]
        if value > best[1]:
            best = (number, value)
    return best


def extend(
    all_of: Entities,
    any_of: Entities,
    base: int,
    pool: Sequence[Entities],
    lengths: Sequence[int],
    n_positive: int,
    limits: tuple[int, int],
    min_gains: tuple[float, float],
) -> list[tuple[int, float]]:
    """Rule and Jaccard of the base, the conjuncts and the disjuncts; -1: none."""
    query = pool[base]
    steps = [(base, jaccard_with(query, all_of, any_of))]
    for disjunction in (False, True):
        allowed = len(pool) if disjunction else (n_positive if base < n_positive else 0)
        price = 0.0 if disjunction else min_gains[0]
        enough = min_gains[1] if disjunction else 0.0
        taken: list[tuple[int, float]] = []
        while len(taken) < limits[disjunction]:
            rule, value = best_extension(
                all_of,
                any_of,
                query,
                pool[:allowed],
                lengths,
                disjunction=disjunction,
                price=price,
            )
            if rule < 0 or value - jaccard_with(query, all_of, any_of) <= enough:
                break
            query = query | pool[rule] if disjunction else query & pool[rule]
            taken.append((rule, jaccard_with(query, all_of, any_of)))
        steps += taken + [(-1, 0.0)] * (limits[disjunction] - len(taken))
    return steps


# Minimising


def tightened(
    rows: Sequence[Sequence[int]], term: Term, nominal: Sequence[bool], missing: int
) -> list[Literal]:
    """Intervals shrunk to the codes that occur where all literals hold."""
    literals, _ = term
    members = satisfied(rows, [(literals, False)], missing)
    if not members:
        return literals
    shrunk = []
    for attribute, first, last, inside in literals:
        codes = [rows[e][attribute] for e in members]
        numeric = inside and not nominal[attribute]
        ends = (min(codes), max(codes)) if numeric else (first, last)
        shrunk.append((attribute, *ends, inside))
    return shrunk


def smallest_cover(
    rows: Sequence[Sequence[int]], literals: list[Literal], *, negated: bool, missing: int
) -> int:
    """How few of the literals give the term the same support."""
    whole = satisfied(rows, [(literals, negated)], missing)
    return min(
        size
        for size in range(1, len(literals) + 1)
        for chosen in combinations(literals, size)
        if satisfied(rows, [(list(chosen), negated)], missing) == whole
    )


def pruned(
    rows: Sequence[Sequence[int]],
    terms: Sequence[Term],
    needed: Sequence[bool],
    sides: tuple[Entities, Entities],
    epsilon: float,
    gates: tuple[int, int, float],
    missing: int,
) -> list[bool]:
    """Which literals are left when no more can go at almost no cost.

    `sides` are the entities in all and in some of the other queries.
    """
    of_term = [i for i, (literals, _) in enumerate(terms) for _ in literals]
    literals = [literal for term in terms for literal in term[0]]

    def measured(kept: set[int]) -> tuple[int, int]:
        left: list[Term] = [
            ([literals[a] for a in sorted(kept) if of_term[a] == i], negated)
            for i, (_, negated) in enumerate(terms)
        ]
        query = satisfied(rows, left, missing)
        return len(query & sides[0]), len(query | sides[1])

    def passes(support: int, union: int) -> bool:
        value = support / union if union else 0.0
        return gates[0] <= support <= gates[1] and value >= gates[2]

    kept = set(range(len(literals)))
    while True:
        support, union = measured(kept)
        if not union:
            break
        choices = [{a for a in kept if of_term[a] == i} for i in range(len(terms))]
        choices += [{a} & kept for a in range(len(literals))]
        best: tuple[float, int] | None = None
        rest: set[int] = set()
        for choice in choices:
            left = kept - choice
            measures = measured(left)
            if not choice or not left or any(needed[a] for a in choice):
                continue
            if passes(support, union) and not passes(*measures):
                continue
            value = measures[0] / measures[1] if measures[1] else 0.0
            if best is None or (value, -len(left)) > best:
                best, rest = (value, -len(left)), left
        floor = support / union - max(epsilon, 1 / union)
        if best is None or best[0] < floor - ROUNDING:
            break
        kept = rest
    return [a in kept for a in range(len(literals))]


# One-literal pairs


@dataclass(frozen=True)
class Pair:
    """A literal of the target with a literal of the partner, and what it is worth."""

    own: int
    literal: Literal
    support: int
    jaccard: float
    adjusted: float
    log_p: float
    work: float
    least_work: float

    def is_admissible(self, limits: tuple[int, int], max_log_p: float = math.inf) -> bool:
        within = limits[0] <= self.support <= limits[1]
        return within and self.work > self.least_work and self.log_p <= max_log_p


def log_tail(k: int, n: int, n1: int, n2: int) -> float:
    """log P(X >= k) of the hypergeometric law, by counting ways."""
    ways = sum(
        math.comb(n1, i) * math.comb(n - n1, n2 - i)
        for i in range(max(k, n1 + n2 - n, 0), min(n1, n2) + 1)
    )
    return math.log(ways) - math.log(math.comb(n, n2))


def partner_literals(
    n_bins: Sequence[int], nominal: Sequence[bool]
) -> dict[int, list[Literal]]:
    """Every cut and interval of a numeric attribute, every category and all but it."""
    found: dict[int, list[Literal]] = {}
    for attribute, n in enumerate(n_bins):
        if n < 2:
            continue
        if nominal[attribute]:
            found[attribute] = [(attribute, c, c, i) for c in range(n) for i in (0, 1)]
        else:
            ends = [(a, b) for a in range(n) for b in range(a, n)]
            # The whole range says only that the value is known: no literal.
            found[attribute] = [(attribute, *x, 1) for x in ends if x != (0, n - 1)]
    return found


def score(
    own: tuple[int, Entities, bool],
    partner: tuple[Literal, Entities],
    n_entities: int,
    min_work: float,
) -> Pair:
    """`own` is a number, its entities, and whether it is no complement."""
    number, a, inside = own
    literal, b = partner
    value, expected = jaccard(a, b), 0.0
    if a and b:
        shares = len(a) / n_entities * len(b) / n_entities
        expected = shares / (len(a) / n_entities + len(b) / n_entities - shares)
    return Pair(
        number,
        literal,
        len(a & b),
        value,
        (value - expected) / (1 - expected) if expected < 1 else 0.0,
        log_tail(len(a & b), n_entities, len(a), len(b)),
        value - (len(b) / n_entities if inside else 0.0),
        max(min_work, 1 / len(a | b)),
    )


# What a pair of queries is worth, and beam search


def pair_value(objective: str, own: Entities, query: Entities, n_entities: int) -> float:
    """Jaccard, (J - J0) / (1 - J0), or -log p."""
    support, union = len(own & query), len(own | query)
    if objective == "log-p":
        return -log_tail(support, n_entities, len(own), len(query))
    value = support / union
    if objective == "jaccard":
        return value
    product = len(own) * len(query)
    chance = product / (n_entities * (len(own) + len(query)) - product)
    return (value - chance) / (1 - chance) if chance < 1 else 0.0


def admissible_value(
    objective: str,
    own: Entities,
    query: Entities,
    n_entities: int,
    gates: tuple[int, int, float],
    *,
    own_inside: bool,
) -> float:
    """The value, or minus infinity where support, size or work rule the pair out."""
    support, union = len(own & query), len(own | query)
    if not (gates[0] <= support <= gates[1]) or len(query) == n_entities or not union:
        return -math.inf
    work = support / union - (len(query) / n_entities if own_inside else 0)
    if work <= max(gates[2], 1 / union):
        return -math.inf
    return pair_value(objective, own, query, n_entities)


def grow_pairs(
    owns: Sequence[Entities],
    literals: Sequence[Entities],
    value: Callable[[int, Entities], float],
    price: float,
) -> tuple[float, float]:
    """The best value of a query of one literal, and of two, as a beam without limits.

    `value` is that of a literal of the target, by number, and a query. A second literal is
    chosen for the literal of the target that suits the first one best.
    """

    def best_own(query: Entities) -> tuple[float, int]:
        return max((value(o, query), -o) for o in range(len(owns)))

    first, second = -math.inf, -math.inf
    for literal in literals:
        reached, own = best_own(literal)
        first = max(first, reached)
        if reached == -math.inf:
            continue
        for other in literals:
            for query in (literal & other, literal | other):
                if value(-own, query) > reached + price:
                    second = max(second, best_own(query)[0])
    return first, second
