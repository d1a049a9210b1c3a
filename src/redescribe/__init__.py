"""What the neurons of a trained network stand for, as tested pairs of readable rules.

Names are imported when they are used: `import redescribe` itself loads nothing heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redescribe import flint, plot
    from redescribe.capture.capture import capture
    from redescribe.capture.huggingface import ProcessorInputs, TextInputs
    from redescribe.capture.joining import join_captures
    from redescribe.capture.listing import layers
    from redescribe.capture.untrained import untrained
    from redescribe.causal.ablation import intervene
    from redescribe.causal.attribute_edit import edit_attributes
    from redescribe.causal.params import CausalParams
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset, align
    from redescribe.core.entities import EntityIndex, SplitParams
    from redescribe.core.grammar import parse_query
    from redescribe.core.neuron import NeuronId
    from redescribe.core.query import Conjunction, Interval, Membership, Query
    from redescribe.core.redescription import Redescription, RedescriptionSet
    from redescribe.core.support import Support
    from redescribe.core.view import Attribute, View
    from redescribe.errors import RedescribeError
    from redescribe.estimators.extractor import RuleExtractor
    from redescribe.estimators.miner import RedescriptionMiner
    from redescribe.executors.joblib import JoblibExecutor
    from redescribe.executors.shards import Shard
    from redescribe.mining.miner import mine
    from redescribe.mining.null_networks import search_null_networks
    from redescribe.mining.null_search import search_null
    from redescribe.mining.params import MineParams
    from redescribe.readers.exitnerdom import read_rr
    from redescribe.readers.image_files import ImageFolder
    from redescribe.readers.images import image_attributes
    from redescribe.readers.inspect import inspect
    from redescribe.readers.tables import read
    from redescribe.readers.text import text_attributes
    from redescribe.readers.text_params import TokenParams
    from redescribe.relations.cohorts import Cohort
    from redescribe.relations.columns import ColumnChoice
    from redescribe.relations.dictionary import explained_dictionary
    from redescribe.relations.finding_cohorts import finding_cohorts
    from redescribe.relations.finding_profiles import profile_findings
    from redescribe.relations.params import CohortParams
    from redescribe.relations.profiles import profile_cohorts
    from redescribe.relations.related import relate
    from redescribe.report.notebook import show
    from redescribe.rules.fidelity import measure_fidelity
    from redescribe.rules.imitate import imitate
    from redescribe.rules.outputs import Outputs
    from redescribe.rules.params import RuleParams
    from redescribe.rules.rule_file import load_rules
    from redescribe.rules.ruleset import ClassRule, RuleSet
    from redescribe.rules.validate import compare_rules, cross_validate_rules
    from redescribe.search.language import QueryLanguage
    from redescribe.search.params import Budget, SearchParams, Thresholds
    from redescribe.selection.params import SelectParams
    from redescribe.selection.select import select
    from redescribe.significance.assess import assess
    from redescribe.significance.null_networks import with_null_networks
    from redescribe.significance.nulls import rotated
    from redescribe.significance.params import AssessParams
    from redescribe.significance.permutation import with_search_p
    from redescribe.significance.resample_params import ResampleParams
    from redescribe.store.results import load
    from redescribe.study.merge import merge
    from redescribe.study.shards import mine_shard
    from redescribe.study.stages import run_stages
    from redescribe.study.status import run_status
    from redescribe.study.study import Study
    from redescribe.trees.params import TreeParams

__version__ = "0.1.0"

_HOMES = {
    "AssessParams": "significance.params",
    "AssessedSet": "core.assessed",
    "Attribute": "core.view",
    "Budget": "search.params",
    "CausalParams": "causal.params",
    "ClassRule": "rules.ruleset",
    "Cohort": "relations.cohorts",
    "CohortParams": "relations.params",
    "ColumnChoice": "relations.columns",
    "Conjunction": "core.query",
    "Dataset": "core.dataset",
    "EntityIndex": "core.entities",
    "ImageFolder": "readers.image_files",
    "Interval": "core.query",
    "JoblibExecutor": "executors.joblib",
    "Membership": "core.query",
    "MineParams": "mining.params",
    "NeuronId": "core.neuron",
    "Outputs": "rules.outputs",
    "ProcessorInputs": "capture.huggingface",
    "Query": "core.query",
    "QueryLanguage": "search.language",
    "RedescribeError": "errors",
    "Redescription": "core.redescription",
    "RedescriptionMiner": "estimators.miner",
    "RedescriptionSet": "core.redescription",
    "ResampleParams": "significance.resample_params",
    "RuleExtractor": "estimators.extractor",
    "RuleParams": "rules.params",
    "RuleSet": "rules.ruleset",
    "SearchParams": "search.params",
    "SelectParams": "selection.params",
    "Shard": "executors.shards",
    "SplitParams": "core.entities",
    "Study": "study.study",
    "Support": "core.support",
    "TextInputs": "capture.huggingface",
    "Thresholds": "search.params",
    "TokenParams": "readers.text_params",
    "TreeParams": "trees.params",
    "View": "core.view",
    "align": "core.dataset",
    "assess": "significance.assess",
    "capture": "capture.capture",
    "compare_rules": "rules.validate",
    "cross_validate_rules": "rules.validate",
    "edit_attributes": "causal.attribute_edit",
    "explained_dictionary": "relations.dictionary",
    "finding_cohorts": "relations.finding_cohorts",
    "image_attributes": "readers.images",
    "imitate": "rules.imitate",
    "inspect": "readers.inspect",
    "intervene": "causal.ablation",
    "join_captures": "capture.joining",
    "layers": "capture.listing",
    "load": "store.results",
    "load_rules": "rules.rule_file",
    "measure_fidelity": "rules.fidelity",
    "merge": "study.merge",
    "mine": "mining.miner",
    "mine_shard": "study.shards",
    "parse_query": "core.grammar",
    "profile_cohorts": "relations.profiles",
    "profile_findings": "relations.finding_profiles",
    "read": "readers.tables",
    "read_rr": "readers.exitnerdom",
    "relate": "relations.related",
    "rotated": "significance.nulls",
    "run_stages": "study.stages",
    "run_status": "study.status",
    "search_null": "mining.null_search",
    "search_null_networks": "mining.null_networks",
    "select": "selection.select",
    "show": "report.notebook",
    "text_attributes": "readers.text",
    "untrained": "capture.untrained",
    "with_null_networks": "significance.null_networks",
    "with_search_p": "significance.permutation",
}

_PACKAGES = ("flint", "plot")
"""Packages whose names are used as `redescribe.flint.fit`."""

__all__ = [
    "AssessParams",
    "AssessedSet",
    "Attribute",
    "Budget",
    "CausalParams",
    "ClassRule",
    "Cohort",
    "CohortParams",
    "ColumnChoice",
    "Conjunction",
    "Dataset",
    "EntityIndex",
    "ImageFolder",
    "Interval",
    "JoblibExecutor",
    "Membership",
    "MineParams",
    "NeuronId",
    "Outputs",
    "ProcessorInputs",
    "Query",
    "QueryLanguage",
    "RedescribeError",
    "Redescription",
    "RedescriptionMiner",
    "RedescriptionSet",
    "ResampleParams",
    "RuleExtractor",
    "RuleParams",
    "RuleSet",
    "SearchParams",
    "SelectParams",
    "Shard",
    "SplitParams",
    "Study",
    "Support",
    "TextInputs",
    "Thresholds",
    "TokenParams",
    "TreeParams",
    "View",
    "align",
    "assess",
    "capture",
    "compare_rules",
    "cross_validate_rules",
    "edit_attributes",
    "explained_dictionary",
    "finding_cohorts",
    "flint",
    "image_attributes",
    "imitate",
    "inspect",
    "intervene",
    "join_captures",
    "layers",
    "load",
    "load_rules",
    "measure_fidelity",
    "merge",
    "mine",
    "mine_shard",
    "parse_query",
    "plot",
    "profile_cohorts",
    "profile_findings",
    "read",
    "read_rr",
    "relate",
    "rotated",
    "run_stages",
    "run_status",
    "search_null",
    "search_null_networks",
    "select",
    "show",
    "text_attributes",
    "untrained",
    "with_null_networks",
    "with_search_p",
]


def __getattr__(name: str) -> object:
    if name in _PACKAGES:
        return import_module(f"redescribe.{name}")
    home = _HOMES.get(name)
    if home is None:
        em = f"module 'redescribe' has no attribute {name!r}"
        raise AttributeError(em)
    value = getattr(import_module(f"redescribe.{home}"), name)
    # A package of the same name (`redescribe.capture`) would hide the function otherwise.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
