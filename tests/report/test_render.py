"""The report: one file, well formed, safe, complete, honest about its evidence."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.report import examples
from tests.report.examples import HOSTILE, Page

from redescribe.core.missing import MissingPolicy
from redescribe.core.printing import format_jaccard
from redescribe.core.resampling import Resampling, Statistic
from redescribe.core.sample import SampleMethod, SampleRequest, TargetSample
from redescribe.discretize.modes import NotDescribable
from redescribe.errors import StoreError
from redescribe.mining.params import MineParams
from redescribe.report import methods, tables
from redescribe.report import summarize as summarize_module
from redescribe.report.render import render, write_report
from redescribe.report.summarize import demands_of, summarize
from redescribe.search.language import QueryLanguage
from redescribe.search.params import SearchParams
from redescribe.significance.assess import assess

if TYPE_CHECKING:
    from redescribe.core.assessed import AssessedSet
    from redescribe.core.dataset import Dataset

REQUESTS = (
    "http://",
    "https://",
    "src=",
    "@import",
    "<script",
    "<img",
    "<link",
    "javascript:",
)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return examples.dataset()


@pytest.fixture(scope="module")
def found(data: Dataset) -> AssessedSet:
    return examples.assessed(data)


def page_of(assessed: AssessedSet, dataset: Dataset | None, title: str = "Title") -> Page:
    return Page(render(summarize(assessed, dataset, title)))


def test_a_sample_is_never_shown_as_the_whole(found: AssessedSet, data: Dataset) -> None:
    n = len(found.targets)
    request = SampleRequest(SampleMethod.STRATIFIED, n)
    sample = TargetSample(request, 3, n, 512)
    text = page_of(replace(found, sample=sample), data).text
    words = f"{n} of 512 targets (stratified sample, seed 3)"
    assert text.count(f"Only a sample was explained: {words}.") == 2
    assert text.count(words) == 3
    assert "3 in the sample, 1 dead" in text
    assert "in all" not in text
    assert "sample was" not in page_of(found, data).text


@pytest.mark.parametrize("with_dataset", [True, False])
@pytest.mark.parametrize("hold_out", [0.3, 0])
@pytest.mark.parametrize("names", [examples.PLAIN, HOSTILE])
def test_report_is_well_formed_and_makes_no_request(
    names: tuple[str, ...],
    hold_out: float,
    with_dataset: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    data = examples.dataset(names, hold_out=hold_out)
    given = data if with_dataset else None
    text = render(summarize(examples.assessed(data), given, names[0], entity_noun=names[1]))
    page = Page(text)
    assert not any(request in text for request in REQUESTS)
    assert not re.search(r"url\((?!#)", text)
    assert not any(name.startswith("on") for _, name, _ in page.attributes)
    assert not page.values("style")
    assert not any(control in text for control in "\u202e\u202d\u0000\u0007")
    text.encode("utf-8")


def test_hostile_names_are_shown_as_they_are() -> None:
    data = examples.dataset(HOSTILE)
    page = page_of(examples.assessed(data), data)
    for name in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[3], HOSTILE[5]):
        assert name in page.text
    assert {"script", "img"}.isdisjoint(page.tags)


def test_lone_surrogates_can_be_written(tmp_path: Path) -> None:
    data = examples.dataset(("\ud800", *examples.PLAIN[1:]))
    path = tmp_path / "r.html"
    write_report(summarize(examples.assessed(data), data, "t\udfff"), path)
    assert "t\ufffd" in path.read_text(encoding="utf-8")


def test_policy_allows_the_style_and_nothing_else(found: AssessedSet) -> None:
    text = render(summarize(found))
    (style,) = re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [value for value in Page(text).values("content") if "src" in value]
    assert policy.split("; ")[:3] == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
    ]


def test_banner_is_there_if_and_only_if_nothing_is_held_out(found: AssessedSet) -> None:
    data = examples.dataset(hold_out=0)
    in_sample = examples.assessed(data)
    for dataset in (data, None):
        page = page_of(in_sample, dataset)
        assert "aside" in page.tags
        assert in_sample.evidence.caveat in page.text
        assert "Not tested" in page.text
        assert "confirmed" not in page.text
    tested = page_of(found, None)
    assert "aside" not in tested.tags
    assert "In-sample only" not in tested.text
    assert found.evidence.caveat in tested.text


def test_counts_are_right(found: AssessedSet, data: Dataset) -> None:
    page = page_of(found, data)
    n_confirmed = found.counts["replicated"]
    assert (
        f"{n_confirmed} of {len(found)} findings are confirmed on 18 samples" in page.text
    )
    assert f"{len(found)} of {len(found)} findings are shown" in page.text
    assert "1 of 2 describable neurons are described" in page.text
    assert "3 in all, 1 dead (one value for all), 1 without a finding" in page.text
    assert "8 of 8 describable columns of radius are described" in page.text
    assert "60 samples 42 mined, 18 held out" in page.text.replace(
        "samples42", "samples 42"
    )
    assert "11 targets" in page.text
    assert "1.23 million candidates searched" in page.text
    assert "1,234,646" in page.text


def test_every_finding_of_a_small_run_has_its_row(
    found: AssessedSet, data: Dataset
) -> None:
    page = page_of(found, data)
    for finding in found:
        assert finding.id in page.texts
        for query in finding.redescription.queries:
            assert str(query) in page.texts


def test_bars_say_their_counts_in_words(found: AssessedSet, data: Dataset) -> None:
    summary = summarize(found, data)
    assert summary.example is not None
    parts = summary.example.parts
    label = (
        f"first only {parts.left_only}, both {parts.both}, second only {parts.right_only}, "
        f"neither {parts.neither}"
    )
    assert label in Page(render(summary)).values("aria-label")


def test_three_rules_are_told_as_three(found: AssessedSet, data: Dataset) -> None:
    summary = summarize(found, data)
    (row,) = [r for group in summary.groups for r in group.rows if len(r.views) == 3]
    text = Page(render(replace(summary, read_first=(row,), example=row))).text
    assert "radius is above 0" in text
    assert "Where one of these holds, all three" in text
    assert "and the other way round." not in text
    for pair in row.pairs:
        assert f"{pair.first} and {pair.second} {format_jaccard(pair.jaccard)}" in text
    assert "and as rule about smoker" in text
    assert f"all three hold for {row.support}:" in text
    parts = row.parts
    label = (
        f"first, not all {parts.left_only}, all three {parts.both}, only others "
        f"{parts.right_only}, none {parts.neither}"
    )
    assert label in Page(render(summary)).values("aria-label")
    assert "net, radius and smoker" in text.replace(" ,", ",")


def test_pairs_alone_are_told_as_pairs(data: Dataset) -> None:
    pairs = [one for one in examples.redescriptions(data) if len(one.queries) == 2]
    found = assess(examples.family(data, pairs), data)
    text = page_of(found, data).text
    assert "A redescription is a pair of readable rules" in text
    assert "The best findings of each pair of views in turn" in text
    assert "all of them pairs of rules" in text
    assert "more rules" not in text


def test_methods_tell_what_was_asked_and_how_candidates_were_ranked(
    found: AssessedSet, data: Dataset
) -> None:
    plain = page_of(found, data).text
    assert plain.count("a cautious J: the lower end of an interval") == 1
    assert "It only orders what was mined and is no evidence" in plain
    assert not any(word in plain for word in ("constraints", "a form of their own"))
    language = QueryLanguage(view_language=("net: negation=no",))
    params = MineParams(
        max_views=3,
        required_views=("smoker",),
        constraints=("none radius: x",),
        search=SearchParams(language=language),
    )
    page = Page(render(summarize(found, data, demands=demands_of(params))))
    for text in (
        *("three views at most", "Only findings with a rule over smoker were kept"),
        *("none radius: x", "net: negation=no"),
    ):
        assert text in page.text


@pytest.mark.parametrize("policy", MissingPolicy)
def test_a_policy_is_told_where_it_is_not_the_default(
    found: AssessedSet, policy: MissingPolicy
) -> None:
    changed = tuple(
        replace(one, redescription=replace(one.redescription, missing=policy))
        for one in found
    )
    text = page_of(replace(found, findings=changed), None).text
    told = f"J are {policy.value}: {methods.POLICIES[policy.value]}" in text
    assert told == (policy is not MissingPolicy.QUERY_NON_MISSING)


def test_missing_values_are_a_part_of_their_own() -> None:
    data = examples.dataset(missing=True)
    page = page_of(examples.assessed(data), data)
    assert any("not known" in label for label in page.values("aria-label"))
    assert "not known" in page.text


@pytest.mark.parametrize("hold_out", [0.3, 0])
def test_undefined_statistics_are_blank(hold_out: float) -> None:
    data = examples.dataset(hold_out=hold_out)
    text = render(summarize(examples.assessed(data), data))
    cells = re.findall(r"<td class=\"number\"[^>]*>(.*?)</td>", text)
    assert "" in cells
    words = re.findall(r"[A-Za-z]+", " ".join(Page(text).texts))
    assert {"nan", "NaN", "None", "inf"}.isdisjoint(words)


@pytest.mark.parametrize("hold_out", [0.3, 0])
def test_empty_family_says_what_to_do(hold_out: float) -> None:
    data = examples.dataset(hold_out=hold_out)
    page = page_of(examples.nothing(data), data)
    assert "No pair of rules reached the thresholds" in page.text
    assert "0 of 0 findings are shown" in page.text
    assert "figure" not in page.tags


def test_cut_tables_say_how_much_is_left_out(
    found: AssessedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summarize_module, "MAX_FINDINGS", 4)
    monkeypatch.setattr(summarize_module, "MAX_TARGETS", 3)
    text = page_of(found, None).text
    assert "4 of 13 findings are shown: the best of each set of views in turn." in text
    assert "All are in the run folder" in text
    assert "3 of 11 targets are shown" in text


@pytest.mark.parametrize("correction", ["bh", "by", "holm"])
def test_correction_is_named_and_bounded(found: AssessedSet, correction: str) -> None:
    evidence = replace(found.evidence, correction=correction)
    text = page_of(replace(found, evidence=evidence), None).text
    assert methods.CORRECTIONS[correction] in text
    assert ("--correction by" in text) == (correction == "bh")


def test_targets_that_are_not_describable_say_why(found: AssessedSet) -> None:
    dead = found.targets[2]
    states = [replace(dead, reason=reason.value) for reason in NotDescribable]
    text = page_of(replace(found, targets=tuple(states)), None).text
    assert all(tables.REASONS[reason.value] in text for reason in NotDescribable)
    assert "6 in all, 2 dead (one value for all), 4 not describable" in text


def test_report_without_targets_has_no_table(data: Dataset) -> None:
    empty = replace(examples.nothing(data), targets=())
    assert "table" not in page_of(empty, data).tags


def test_groups_are_mentioned_beside_the_p_values(found: AssessedSet) -> None:
    summary = summarize(found)
    assert "belong to groups" not in render(summary)
    assert "belong to groups" in render(replace(summary, grouped=True))


def test_resamples_are_told_where_they_were_asked_for(found: AssessedSet) -> None:
    summary = summarize(found)
    asked = Resampling(199, 20, 500, Statistic.JACCARD.value, "labels:<b>")
    evidence = replace(found.evidence, resampling=asked)
    plain, resampled = render(summary), render(replace(summary, evidence=evidence))
    for text in (
        "The whole search ran again on 199 copies",
        "among those of the same labels:&lt;b&gt;",
        "resampled 500 times",
        "The search ran 20 times",
    ):
        assert text in resampled
        assert text not in plain


def test_intervals_of_groups_are_named(found: AssessedSet) -> None:
    summary = summarize(found)
    assert "bootstrap of whole groups" in render(replace(summary, grouped=True))
    assert "bootstrap of whole groups" not in render(summary)


def test_page_can_be_used_without_seeing_it(found: AssessedSet, data: Dataset) -> None:
    page = page_of(found, data)
    assert {"header", "nav", "main", "footer", "caption"} <= set(page.tags)
    assert page.tags.count("h1") == 1
    identifiers = page.values("id")
    assert len(set(identifiers)) == len(identifiers)
    targets = [link[1:] for link in page.values("href")]
    assert targets[0] == "main"
    assert set(targets) <= set(identifiers)
    assert set(page.values("aria-labelledby")) <= set(identifiers)
    assert page.tags.count("th") == len(page.values("scope"))
    regions = [
        label
        for tag, name, label in page.attributes
        if (tag, name) == ("div", "aria-label")
    ]
    assert len(set(regions)) == len(regions)


def test_commands_for_own_data_are_those_of_the_command_line(found: AssessedSet) -> None:
    page = page_of(found, None)
    assert "redescribe mine --view neurons=activations.csv" in page.text
    assert methods.COMMAND in page.texts


def test_file_is_replaced_or_left_alone(
    found: AssessedSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "report.html"
    summary = summarize(found)
    assert write_report(summary, path) == path
    assert path.read_text(encoding="utf-8") == render(summary)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(StoreError, match="No space left"):
        write_report(replace(summary, title="other"), path)
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == render(summary)
    assert [entry.name for entry in path.parent.iterdir()] == ["report.html"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "surface", "warning"])
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "good"])
def test_contrast_is_at_least_aa(theme: str, ground: str, ink: str) -> None:
    colours = _colours(theme)
    assert _contrast(colours[ink], colours[ground]) >= 4.5


def _colours(theme: str) -> dict[str, str]:
    style = files("redescribe.report").joinpath("assets", "summary.css").read_text("utf-8")
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", light))
    if theme == "dark":
        block = dark.split("@media")[0]
        colours |= dict(re.findall(r"--([\w-]+): (#\w{6});", block))
    return colours


def _contrast(first: str, second: str) -> float:
    """Contrast ratio of the Web Content Accessibility Guidelines."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(first), luminance(second)])
    return (high + 0.05) / (low + 0.05)
