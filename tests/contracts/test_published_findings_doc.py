"""docs/published_findings.md is what docs/make_published_findings.py writes."""

from __future__ import annotations

import re

import pytest
from docs import make_published_findings as page

from redescribe.core.grammar import parse_query
from redescribe.core.redescription import Agreement, Kind
from redescribe.readers.stated import StatedRedescription
from redescribe.significance.params import TailTest

TEXT = page.PAGE.read_text(encoding="utf-8")
QUERIES = (parse_query("a > 1", "x"), parse_query("b > 1", "y"))


def finding(sizes: tuple[int, int], support: int, n_entities: int) -> page.Published:
    union = sum(sizes) - support
    stated = StatedRedescription(QUERIES, support / union, None, support, union, (), (), 1)
    agreement = Agreement(n_entities, sizes, support, union, support / union)
    return page.Published("111", "7", Kind.INDIVIDUAL, stated, agreement)


def test_the_introduction_is_that_of_the_script() -> None:
    assert TEXT.startswith(page.INTRODUCTION), "Run: python -m docs.make_published_findings"


def test_the_corrections_are_of_all_findings() -> None:
    rows = re.findall(r"^\| (individual|interaction) \| 11\d \| \d+ \|", TEXT, re.MULTILINE)
    for kind in Kind:
        line = re.search(rf"^\| {kind.value} \| (\d+) \| binomial", TEXT, re.MULTILINE)
        assert line is not None
        assert int(line[1]) == rows.count(kind.value) > 0


@pytest.mark.reference
def test_the_page_is_that_of_the_script() -> None:
    folder = page.reference_folder()
    if folder is None:
        pytest.skip(f"{page.ENVIRONMENT} names no folder with the published results")
    assert page.page(folder) == TEXT, "Run: python -m docs.make_published_findings"


def test_without_a_folder_the_script_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(page.ENVIRONMENT, raising=False)
    with pytest.raises(SystemExit, match=f"{page.ENVIRONMENT} is not set"):
        page.main()
    assert page.PAGE.read_text(encoding="utf-8") == TEXT


def test_corrections_leave_what_they_leave_by_hand() -> None:
    # Five of ten entities each, all shared: 1 / C(10, 5) = 1 / 252 = 0.00397.
    findings = [finding((5, 5), 5, 10), finding((5, 5), 2, 10)]
    kept = page.kept(findings, TailTest.FIXED_MARGIN)
    assert kept == {"uncorrected": 1, "BH": 1, "BY": 0, "Holm": 1, "Bonferroni": 1}
    kept = page.kept([*findings, findings[1]], TailTest.FIXED_MARGIN)
    assert kept == {"uncorrected": 1, "BH": 0, "BY": 0, "Holm": 0, "Bonferroni": 0}


def test_p_beyond_leaves_the_support_itself_out() -> None:
    # Half and half of two entities: each is in both sets with 1/4, one is or more.
    one = finding((1, 1), 1, 2)
    assert one.p_beyond == pytest.approx(1 / 16)
    assert 10 ** one.log10_p(TailTest.BINOMIAL) == pytest.approx(1 / 16 + 2 * 3 / 16)
