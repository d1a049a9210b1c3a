"""Runs one peer on one fold in the environment of `make bench-rules`; writes JSON.

python benchmarks/rule_peers_main.py PEER FOLD.npz RESULT.json
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    # What a peer gives: its predictor, the number of its rules and of their literals; of
    # trees the literals of a rule per leaf as well.
    Made = (
        tuple[Callable[[Any], Any], int, int] | tuple[Callable[[Any], Any], int, int, int]
    )

HERE = Path(__file__).parent


def _fold(path: str) -> Any:  # noqa: ANN401 - the class is loaded by hand
    """The fold; `benchmarks` is no package here, because the library is not installed."""
    spec = importlib.util.spec_from_file_location(
        "rule_networks", HERE / "rule_networks.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["rule_networks"] = module
    spec.loader.exec_module(module)
    return module.load_fold(Path(path))


def _names(X: Any) -> list[str]:  # noqa: ANN401 - an array
    return [f"x{i}" for i in range(X.shape[1])]


def _frame(X: Any) -> Any:  # noqa: ANN401 - arrays and frames
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame(X, columns=_names(X))


def _tree_size(tree: Any) -> tuple[int, int, int]:  # noqa: ANN401 - scikit-learn has no types
    """Leaves as rules; inner nodes as literals, each test once; literals of the rules.

    The rule of a leaf has one literal per attribute on its path, as an interval is one.
    """

    def of_rules(node: int, above: frozenset[int]) -> int:
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left < 0:
            return len(above)
        below = above | {int(tree.feature[node])}
        return of_rules(left, below) + of_rules(right, below)

    n_leaves = int(tree.n_leaves)
    return n_leaves, int(tree.node_count - n_leaves), of_rules(0, frozenset())


def _of_sum(node: Any, above: frozenset[int] = frozenset()) -> int:  # noqa: ANN401
    """Literals of the rules of one tree of FIGS."""
    if node.left is None:
        return len(above)
    below = above | {int(node.feature)}
    return _of_sum(node.left, below) + _of_sum(node.right, below)


def tree(leaves: int) -> Callable[..., Made]:
    """scikit-learn's decision tree on the answers."""

    def make(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
        from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415

        fitted = DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=0).fit(X, t)
        return fitted.predict, *_tree_size(fitted.tree_)

    return make


def rulefit(max_rules: int) -> Callable[..., Made]:
    """RuleFit of imodels."""

    def make(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
        from imodels import RuleFitClassifier  # noqa: PLC0415

        fitted = RuleFitClassifier(max_rules=max_rules, random_state=0)
        fitted.fit(X, t, feature_names=_names(X))
        used = fitted._get_rules()
        used = used[used.coef != 0]
        n_literals = sum(str(rule).count(" and ") + 1 for rule in used.rule)
        return fitted.predict, len(used), n_literals

    return make


def skope(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
    """SkopeRules of imodels; a sample for which one of its rules holds is positive."""
    from imodels import SkopeRulesClassifier  # noqa: PLC0415

    fitted = SkopeRulesClassifier(random_state=0).fit(X, t, feature_names=_names(X))
    texts = [str(rule) for rule in fitted.rules_]

    def predict(values: Any) -> Any:  # noqa: ANN401
        frame = _frame(values)
        holds = [frame.eval(text).to_numpy() for text in texts]
        return np.any(holds, axis=0).astype(int) if holds else np.zeros(len(values), int)

    return predict, len(texts), sum(text.count(" and ") + 1 for text in texts)


def figs(max_rules: int) -> Callable[..., Made]:
    """FIGS of imodels."""

    def make(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
        from imodels import FIGSClassifier  # noqa: PLC0415

        fitted = FIGSClassifier(max_rules=max_rules).fit(X, t, feature_names=_names(X))
        n_splits = int(fitted.complexity_)
        of_rules = sum(map(_of_sum, fitted.trees_))
        return fitted.predict, n_splits + len(fitted.trees_), n_splits, of_rules

    return make


def shrunk(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
    """A tree with hierarchical shrinkage, of imodels."""
    from imodels import HSTreeClassifierCV  # noqa: PLC0415

    # Its folds are not shuffled, and fail where the data are sorted by class.
    order = np.random.default_rng(0).permutation(len(t))
    fitted = HSTreeClassifierCV(max_leaf_nodes=16).fit(X[order], t[order])
    return fitted.predict, *_tree_size(fitted.estimator_.tree_)


def brcg(*, cnf: bool) -> Callable[..., Made]:
    """Boolean rules by column generation, of AIX360."""

    def make(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
        import pandas as pd  # noqa: PLC0415
        from aix360.algorithms.rbm import BooleanRuleCG, FeatureBinarizer  # noqa: PLC0415

        binarizer = FeatureBinarizer(numThresh=9, negations=True)
        columns = binarizer.fit_transform(_frame(X))
        fitted = BooleanRuleCG(CNF=cnf, silent=True, solver="CLARABEL")
        fitted.fit(columns, pd.Series(t))
        rules = fitted.explain()["rules"]
        n_literals = sum(rule.count(" AND ") + rule.count(" OR ") + 1 for rule in rules)
        return (
            lambda values: fitted.predict(binarizer.transform(_frame(values))),
            len(rules),
            n_literals,
        )

    return make


def logrr(lambda0: float) -> Callable[..., Made]:
    """Logistic rule regression, of AIX360."""

    def make(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
        import pandas as pd  # noqa: PLC0415
        from aix360.algorithms.rbm import (  # noqa: PLC0415
            FeatureBinarizer,
            LogisticRuleRegression,
        )

        binarizer = FeatureBinarizer(numThresh=9, negations=True)
        columns = binarizer.fit_transform(_frame(X))
        fitted = LogisticRuleRegression(lambda0=lambda0, lambda1=lambda0 / 5)
        fitted.fit(columns, pd.Series(t))
        rules = [rule for rule in fitted.explain()["rule"] if rule != "(intercept)"]
        n_literals = sum(rule.count(" AND ") + 1 for rule in rules)
        return (
            lambda values: fitted.predict(binarizer.transform(_frame(values))),
            len(rules),
            n_literals,
        )

    return make


def ripper(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
    """RIPPER of wittgenstein."""
    import wittgenstein  # noqa: PLC0415

    fitted = wittgenstein.RIPPER(random_state=0)
    fitted.fit(_frame(X), t, pos_class=1)
    rules = fitted.ruleset_.rules
    return (
        lambda values: np.array(fitted.predict(_frame(values))),
        len(rules),
        sum(len(rule.conds) for rule in rules),
    )


def te2rules(X: Any, t: Any, _: Any) -> Made:  # noqa: ANN401
    """te2rules: rules of a small boosted ensemble that was fitted to the answers."""
    from sklearn.ensemble import GradientBoostingClassifier  # noqa: PLC0415
    from te2rules.explainer import ModelExplainer  # noqa: PLC0415

    ensemble = GradientBoostingClassifier(n_estimators=20, max_depth=2, random_state=0)
    ensemble.fit(X, t)
    explainer = ModelExplainer(model=ensemble, feature_names=_names(X), verbose=False)
    rules = explainer.explain(X=X.tolist(), y=ensemble.predict(X).tolist())
    n_literals = sum(rule.count("&") + 1 for rule in rules)
    return (
        lambda values: np.array(explainer.predict(values.tolist())),
        len(rules),
        n_literals,
    )


def trustee(X: Any, t: Any, fold: Any) -> Made:  # noqa: ANN401
    """trustee: trees fitted again and again where they and the network differ."""
    from trustee import ClassificationTrustee  # noqa: PLC0415

    class Network:
        """What trustee asks."""

        def predict(self, rows: Any) -> Any:  # noqa: ANN401
            """Answers of the network."""
            z = fold.network(np.asarray(rows, float))
            return (z[:, 0] > 0).astype(int) if z.shape[1] == 1 else z.argmax(axis=1)

    fitted = ClassificationTrustee(expert=Network())
    fitted.fit(X, t, num_iter=20, num_stability_iter=5, samples_size=0.3, verbose=False)
    tree_found = fitted.explain()[0]
    return tree_found.predict, *_tree_size(tree_found.tree_)


PEERS: dict[str, Callable[..., Made]] = {
    "tree, 4 leaves": tree(4),
    "tree, 8 leaves": tree(8),
    "tree, 13 leaves": tree(13),
    "tree, 24 leaves": tree(24),
    "tree, 61 leaves": tree(61),
    "RuleFit, 10 rules": rulefit(10),
    "RuleFit, 30 rules": rulefit(30),
    "SkopeRules": skope,
    "FIGS, 12 splits": figs(12),
    "FIGS, 24 splits": figs(24),
    "HSTree": shrunk,
    "BRCG, DNF": brcg(cnf=False),
    "BRCG, CNF": brcg(cnf=True),
    "LogRR, 0.02": logrr(0.02),
    "LogRR, 0.005": logrr(0.005),
    "RIPPER": ripper,
    "te2rules": te2rules,
    "trustee": trustee,
}
TWO_CLASSES = frozenset(
    name
    for name in PEERS
    if name.startswith(("RuleFit", "Skope", "FIGS", "BRCG", "LogRR", "RIPPER", "te2rules"))
)
"""Those that tell two classes apart, no more."""


def main(peer: str, *paths: str) -> None:
    """Run one peer on each fold, and write what it reached beside it."""
    warnings.simplefilter("ignore")
    for fold_path, result_path in zip(paths[::2], paths[1::2], strict=True):
        fold = _fold(fold_path)
        t = fold.answers
        # FIGS, HSTree and trustee draw from NumPy's global state and take no seed.
        np.random.seed(0)  # noqa: NPY002, TID251
        started = time.process_time()
        try:
            predict, n_rules, n_literals, *of_rules = PEERS[peer](
                fold.X[fold.train], t[fold.train], fold
            )
            seconds = time.process_time() - started
            found = np.asarray(predict(fold.X[fold.test])).astype(int)
            result: dict[str, Any] = {
                "fidelity": float((found == t[fold.test]).mean()),
                "accuracy": float((found == fold.y[fold.test]).mean()),
                "n_rules": n_rules,
                "n_literals": n_literals,
                "of_rules": of_rules[0] if of_rules else n_literals,
                "seconds": seconds,
            }
        except Exception as error:  # noqa: BLE001 - a peer that fails is a result
            result = {"failed": f"{type(error).__name__}: {error}"[:200]}
        Path(result_path).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
