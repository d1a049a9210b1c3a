"""The keys of the reference's settings file: how each value reads, and what it is here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from redescribe.core.constraint import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = TypeVar("Value")
PENDING = "pending"
"""Owner of the options that no parameter class has yet."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one key is here.

    Attributes
    ----------
    places
        Pairs of a parameter class (or `PENDING`) and an option that take the value.
    read
        Text -> value; raises ValueError where the text is no value. A value of None keeps
        the default.
    """

    places: tuple[tuple[str, str], ...]
    read: Callable[[str], object]


def count(text: str) -> int | None:
    """Return a whole number; None where there is no bound.

    >>> count("8"), count("inf"), count("all")
    (8, None, None)
    """
    if text.lower() in _UNBOUNDED:
        return None
    return int(text)


def largest_support(text: str) -> float:
    """Return a count of entities; without a bound, the share 1.0.

    >>> largest_support("136"), largest_support("inf")
    (136, 1.0)
    """
    number = count(text)
    return 1.0 if number is None else number


def share(text: str) -> float:
    """Return a number from 0 to 1.

    >>> share(".5")
    0.5
    """
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError(text)
    return number


def level(text: str) -> float | None:
    """Return a level strictly between 0 and 1; None for 0 and 1, which test nothing.

    >>> level("0.01"), level("1")
    (0.01, None)
    """
    number = share(text)
    return number if 0 < number < 1 else None


def percentage(text: str) -> float:
    """Return a share from a percentage ("70") or a share ("0.7").

    >>> percentage("70"), percentage("0.7"), percentage("70%")
    (0.7, 0.7, 0.7)
    """
    number = float(text.removesuffix("%"))
    return share(str(number / 100 if number > 1 or text.endswith("%") else number))


def truth(text: str) -> bool:
    """Return whether a text means yes.

    >>> truth("yes"), truth("false")
    (True, False)
    """
    return _choice(_YES | _NO)(text)


def words(text: str) -> str:
    """Return a text as it is; an empty one is no value."""
    if not text:
        raise ValueError(text)
    return text


def reductions(text: str) -> tuple[tuple[float, int, str], ...]:
    """Return the triples (min_jaccard, min_support, missing) of `parameters`.

    >>> reductions("(0.5,10,0),(0.8, 20, 1)")
    ((0.5, 10, 'query_non_missing'), (0.8, 20, 'pessimistic'))
    """
    triples = []
    if not re.fullmatch(r"\s*\([^()]*\)(\s*,?\s*\([^()]*\))*\s*", text):
        raise ValueError(text)
    for triple in re.findall(r"\(([^()]*)\)", text):
        jaccard, support, missing = triple.split(",")
        triples.append((share(jaccard), int(support), missing_policy(missing.strip())))
    return tuple(triples)


def attribute_sets(text: str) -> tuple[tuple[str, ...], ...]:
    """Return alternative sets of attributes: comma = another set, semicolon = in the set.

    >>> attribute_sets("a;b,{c;d}")
    (('a', 'b'), ('c', 'd'))
    """
    sets = [part.strip().removeprefix("{").removesuffix("}") for part in text.split(",")]
    found = tuple(
        tuple(name.strip() for name in part.split(";") if name.strip()) for part in sets
    )
    if not all(found):
        raise ValueError(text)
    return found


def _choice(options: Mapping[str, Value]) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        try:
            return options[text.lower()]
        except KeyError:
            raise ValueError(text) from None

    return read


_UNBOUNDED = frozenset({"inf", "infinity", "all", "double.max_value"})
_YES = {"yes": True, "true": True, "1": True}
_NO = {"no": False, "false": False, "0": False}
_MISSING = {
    **dict.fromkeys(("0", "qnm", "query_non_missing"), "query_non_missing"),
    **dict.fromkeys(("1", "pess", "pessimistic"), "pessimistic"),
    **dict.fromkeys(("2", "opt", "optimistic"), "optimistic"),
    **dict.fromkeys(("3", "rej", "rejective"), "rejective"),
}
_BINS = {"0": "equal-width", "1": "two-bin", "2": "equal-frequency", "3": "kmeans"}
_MODES = {"none": None, "soft": Mode.ANY, "hard": Mode.ALL, "suggested": Mode.PREFER}
missing_policy = _choice(_MISSING)


def _to(owner: str, option: str, read: Callable[[str], object]) -> Meaning:
    return Meaning(((owner, option),), read)


def _pending(option: str, read: Callable[[str], object]) -> Meaning:
    return _to(PENDING, option, read)


MEANINGS: dict[str, Meaning] = {
    "clusteringMode": _to("MineParams", "discretizer", _choice(_BINS)),
    "numIterations": _to("Alternation", "iterations", count),
    "ATreeDepth": _to("TreeParams", "max_depth", count),
    "NumTarget": _to("TreeParams", "targets_per_tree", count),
    "numTrees": _pending("n_trees", count),
    "numSupplementTrees": _to("TreeParams", "n_subspace_trees", count),
    "numNewAttr": _to("Alternation", "novelty_attributes", count),
    "joiningProcedure": _pending("refine", truth),
    "unguidedExpansion": _pending(
        "pairing",
        _choice(dict.fromkeys(_YES, "all_new") | dict.fromkeys(_NO, "guided")),
    ),
    "allowSERed": _to("SelectParams", "keep_equal_support", truth),
    "MinSupport": _to("Thresholds", "min_support", count),
    "MaxSupport": _to("Thresholds", "max_support", largest_support),
    "minJS": _to("Thresholds", "min_jaccard", share),
    "minAddRedJS": _pending("candidate_floor", share),
    "maxPval": Meaning((("Thresholds", "max_p_mined"), ("AssessParams", "alpha")), level),
    "optimizationType": _to(
        "SelectParams",
        "select",
        _choice({"extraction": "extraction", "exchange": "exchange"}),
    ),
    "WorkingRSSize": _pending("working_candidates", count),
    "MaxRSSize": _pending("max_candidates", count),
    "numRetRed": _to("SelectParams", "max_per_target", count),
    "redesSetSizeType": _to(
        "SelectParams", "flexible", _choice({"exact": False, "flexible": True})
    ),
    "ruleSizeNormalization": _to("SelectParams", "size_norm", count),
    "minimizeRules": _pending("minimise", truth),
    "missingValsJSType": _to("Thresholds", "missing", missing_policy),
    "jsType": _to("Thresholds", "missing", missing_policy),
    "parameters": _pending("reductions", reductions),
    "trainFileName": _pending("train_file", words),
    "testFileName": _pending("test_file", words),
    "validationTrain": _pending("rules_train", words),
    "validationTest": _pending("rules_test", words),
    "numFolds": _pending("rules_folds", count),
    "numLayers": _pending("rules_layers", count),
    "useTarget": _pending("rules_use_target", truth),
}
"""Keys whose value is one option; the reader itself knows the keys that work together."""

AS_HERE = {
    "minimise": True,
    "refine": True,
    "pairing": "all_new",
    "n_trees": 1,
}
"""Values of pending options that say what is done here anyway."""

SUGGESTION = 0.2
"""What a suggestion weighs; the reference states no weight. A fifth of the Jaccard."""

TREE_TYPE = _choice({"regression": "regression", "classification": "classification"})
IMPORTANCE = _choice(_MODES)
TOGETHER: dict[str, Callable[[str], object]] = {
    "OutputFolder": words,
    "OutputFileName": words,
    "preferenceFilePath": words,
    "allowLeftNeg": truth,
    "allowRightNeg": truth,
    "allowLeftDisj": truth,
    "allowRightDisj": truth,
    "useSplitTesting": truth,
    "percentageForTrain": percentage,
}
"""Keys that are understood only together with others or with the place of the file."""

IGNORED = frozenset(
    {
        *("JavaPath", "ClusPath", "System", "legacy", "clusteringMemory"),
        *("GeneratingModelType", "SupplementPredictiveTreeType"),
    }
)
"""Keys about the programs that the reference starts."""

UNSUPPORTED = frozenset(
    {
        *("distanceFile", "spatialMatrix", "Alpha", "Bandwith", "useNetworkAsBackground"),
        *("computeDMfromRules", "networkInit", "initClusteringFileName"),
        "numRandomRestarts",
    }
)
"""Keys about spatial data, networks and clusterings, which are not built."""

NUMBERED = re.compile(
    r"(?:(?P<what>Input|importantAttributesW|attributeImportanceW)(?P<view>[1-9]\d*)"
    r"|W(?P<side>[1-9]\d*)SideTrees)"
)
"""Keys that name a view by its number."""
