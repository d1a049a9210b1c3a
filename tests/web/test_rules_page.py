"""The page of the rules: what it counts and answers is what Python does."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.report import examples, pages
from tests.rules.examples import CLASSES, inputs, rows_of, rule
from tests.web.tab import of, tab

from redescribe.core.dataset import Dataset
from redescribe.core.entities import SplitParams
from redescribe.core.grammar import parse_query
from redescribe.core.view import View
from redescribe.report.front_end import built_front_end
from redescribe.report.write import report_of_run
from redescribe.rules.fidelity import measure_fidelity
from redescribe.rules.imitate import with_hold_out
from redescribe.rules.on_dataset import Imitation
from redescribe.rules.outputs import Outputs
from redescribe.rules.params import Combination
from redescribe.rules.ruleset import RuleSet
from redescribe.rules.run_rules import RunRules, write_run_rules

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from redescribe._typing import Ints
    from redescribe.rules.fidelity import Fidelity

pytestmark = pytest.mark.web

SETS = {
    "weighted": (Combination.WEIGHTED, "no", (0.5, 0.0, 0.25)),
    "open": (Combination.WEIGHTED, None, (0.5, 0.0, 0.25)),
    "list": (Combination.LIST, None, ()),
    "vote": (Combination.VOTE, "it's", ()),
    "first class": (Combination.FIRST_CLASS, "perhaps", ()),
}
RULES = (
    ("a > 0", "perhaps", 0.5),
    ('a <= 0.5 AND stage in {"I", "it\'s"}', "it's", 0.5),
    ('NOT ("odd \\"name" > -0.5)', "no", 0.25),
    ('(smoker = "true") OR (1 < a <= 1.5)', "perhaps", 0.75),
    ('stage = "I\\"I"', "no", 0.25),
)
OFF = [(), (1,), (2, 4), (1, 2, 3, 4, 5)]
PROBLEM = "(document.querySelector('.problem')?.textContent ?? '')"
TILES = "[...document.querySelectorAll('.tile strong')].map(e => e.textContent)"


def data() -> Dataset:
    """The inputs of the rules, neurons, and what can be described."""
    x = inputs(130, seed=3)
    numbers = np.random.default_rng(1).normal(size=(4, 130))
    units = View("net", x.entities, examples.dataset().views[0].attributes[:4], numbers)
    return Dataset.of([units, x], SplitParams(hold_out=0.4, seed=2))


def outputs() -> tuple[Outputs, Ints]:
    """What the network answers, and the true classes."""
    generator = np.random.default_rng(9)
    answers = Outputs.of(generator.choice(CLASSES, 130).tolist())
    order = [CLASSES.index(name) for name in answers.classes]
    found = Outputs(
        CLASSES, np.array(order)[answers.codes], np.eye(3)[np.array(order)[answers.codes]]
    )
    return found, generator.integers(-2, 3, size=130)


def made(name: str) -> RuleSet:
    combination, default, base = SETS[name]
    low = -1.0 if combination is Combination.WEIGHTED else 1.0
    rules = tuple(
        rule(parse_query(text, "x"), label, weight * (low if i == 4 else 1), i)
        for i, (text, label, weight) in enumerate(RULES)
    )
    attributes = data().view("x").attributes
    found = RuleSet(
        "x", attributes, CLASSES, rules, combination, default=default, base=base
    )
    part, answers = data().split.held_out, outputs()[0]
    return with_hold_out(found, data().view("x").take(part), answers.take(part))


def true_names(codes: Ints) -> list[str]:
    """The true classes by name; one that the rules do not know has another."""
    return [CLASSES[code] if code >= 0 else "unknown" for code in codes.tolist()]


@pytest.fixture(scope="module")
def rules_report(front_end: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules")
    dataset = data()
    run = pages.stored(folder / "run", dataset, examples.nothing(dataset))
    answers, true = outputs()
    true = np.where(true < 0, -2, true)
    for name in SETS:
        imitation = Imitation(made(name), answers.codes, true)
        write_run_rules(run.path, RunRules(name, "net:answer", "net:true", imitation))
    path = folder / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        pages.use_front_end(patch, built_front_end())
        assert report_of_run(run, path, title="Rules").interactive
    return path


def expected(name: str, off: tuple[int, ...]) -> Fidelity:
    part = data().split.held_out
    answers, true = outputs()
    return measure_fidelity(
        made(name).without(off),
        data().view("x").take(part),
        answers.take(part),
        true_names(np.where(true < 0, -2, true)[part]),
    )


@pytest.mark.parametrize("name", SETS)
def test_measures_are_those_of_python(
    browser: Browser, rules_report: Path, name: str
) -> None:
    with tab(browser, rules_report) as opened:
        for off in OFF:
            numbers = ",".join(map(str, off))
            page = opened.open(f"x?set={of(name)}&off={of(numbers)}", ready=".rules-table")
            opened.wait(f"document.querySelectorAll('.rule-off').length === {len(off)}")
            want = expected(name, off)
            shown = page.evaluate(TILES)
            assert want.accuracy is not None
            shares = (want.fidelity, want.accuracy, want.coverage, want.conflict)
            assert shown[:4] == [f"{100 * share:.1f} %" for share in shares]
            size = (want.n_rules, want.n_literals)
            plurals = ["" if n == 1 else "s" for n in size]
            assert shown[4] == (
                f"{size[0]} rule{plurals[0]}, {size[1]} condition{plurals[1]}"
            )
            check_classes(page, want)


def upload(page: Page, name: str, text: str) -> None:
    page.set_input_files(
        "input[type=file]",
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()},
    )


def check_classes(page: Page, want: Fidelity) -> None:
    """The table of classes: precision and recall."""
    rows = page.locator("[aria-labelledby=agreement] tbody tr")
    for row, one in enumerate(want.classes):
        cells = rows.nth(row).locator("td").all_inner_texts()
        found = [
            "–" if s is None else f"{100 * s:.1f} %" for s in (one.recall, one.precision)
        ]
        assert cells[-2:] == found


@pytest.mark.parametrize("name", SETS)
def test_uploaded_rows_get_the_answers_of_python(
    browser: Browser, rules_report: Path, name: str
) -> None:
    view = inputs(130, seed=3)
    text = io.StringIO()
    writer = csv.DictWriter(text, ["id", *view.names])
    writer.writeheader()
    for number, row in enumerate(rows_of(view)):
        writer.writerow({"id": number} | row)
    off = (2,)
    want = made(name).without(off).predict(view)
    with tab(browser, rules_report) as opened:
        page = opened.open(f"x?set={of(name)}&off=2", ready=".rules-table")
        upload(page, "rows.csv", text.getvalue())
        page.wait_for_selector("caption:has-text('rows.csv')")
        cells = page.locator(".try-card tbody td:nth-child(3)").all_inner_texts()
        assert cells == ["no answer" if one is None else one for one in want]
        fires, _ = made(name).fires(view)
        fires[1] = False
        fired = page.locator(".try-card tbody td:nth-child(4)").all_inner_texts()
        assert fired == [
            ", ".join(str(i + 1) for i in np.flatnonzero(column)) or "none"
            for column in fires.T
        ]


def test_a_row_by_hand_is_explained_as_in_python(
    browser: Browser, rules_report: Path
) -> None:
    view, rules = inputs(130, seed=3), made("weighted")
    with tab(browser, rules_report) as opened:
        for position in (0, 4, 17):
            row = {
                name: value if isinstance(value, str) else str(value)
                for name, value in rows_of(view)[position].items()
                if value is not None
            }
            page = opened.open(
                f"x?set=weighted&row={of(json.dumps(row))}", ready=".outcome"
            )
            told = page.inner_text(".outcome")
            want = rules.explain(view, position)
            assert f"The rules answer {want.answer}" in told
            assert page.locator(".outcome li").count() == len(want.fired)
            for number in want.fired:
                assert f"Rule {number}:" in told
            opens = ", ".join(map(str, want.unknown))
            assert (f"Left open by missing values: rules {opens}." in told) == bool(opens)
        page.click("text=take over")
        first = rows_of(view)[0]
        value = "" if first["a"] is None else f"{first['a']:g}"
        opened.wait(f"document.querySelector('.try-field input').value === '{value}'")


def test_what_cannot_be_read_is_said(browser: Browser, rules_report: Path) -> None:
    wrong = {
        "stage,a\n1,I\n": 'lacks the columns "odd \\"name", "smoker"',
        "a,stage,smoker\n1,I,true\n": 'lacks the column "odd \\"name"',
        "a\n1,2\n": "Row 1 has 2 cells",
        "a\n": "at least one row",
        'a,"odd ""name",stage,smoker\nx,1,I,true\n': 'Row 1, column "a": "x" is no number',
    }
    with tab(browser, rules_report) as opened:
        page = opened.open("x?set=list", ready=".rules-table")
        for text, message in wrong.items():
            upload(page, "wrong.csv", text)
            opened.wait(f"{PROBLEM}.includes({json.dumps(message)})")
        field = page.locator(".try-field input").first
        field.fill("12,5")
        opened.wait("document.querySelectorAll('.problem').length === 2")


def test_keys_switch_a_rule_off_and_the_link_keeps_it(
    browser: Browser, rules_report: Path
) -> None:
    with tab(browser, rules_report) as opened:
        page = opened.open("x?set=vote", ready=".rules-table")
        box = page.get_by_label("Rule 3", exact=True)
        box.focus()
        page.keyboard.press("Space")
        opened.wait("location.hash.includes('off=3')")
        assert page.locator(".rule-off").count() == 1
        place = page.url.split("#/")[1]
        again = opened.open(place, ready=".rule-off")
        assert not again.get_by_label("Rule 3", exact=True).is_checked()
        again.get_by_role("button", name="All rules on").press("Enter")
        opened.wait("!location.hash.includes('off=')")
        with again.expect_download() as saved:
            again.get_by_role("button", name="rules that are on as CSV").click()
        lines = saved.value.path().read_text("utf-8").splitlines()
        assert len(lines) == 1 + len(RULES)
        again.get_by_role("button", name="SQL").click()
        assert again.inner_text("pre.copy") == made("vote").to_text("sql")


def test_the_trade_off_has_a_table(browser: Browser, report: Path) -> None:
    with tab(browser, report) as opened:
        page = opened.open("x", ready=".rules-table")
        page.get_by_label("Size against fidelity: show as table").press("Enter")
        cells = page.locator("figure.chart tbody tr").nth(1).locator("td")
        shown = cells.all_inner_texts()
        assert shown == ["3 (chosen)", "3", "3", "90.0 %", "5.0 %", "85.0 %", "80.0 %"]


def test_what_disagrees_can_be_selected(browser: Browser, rules_report: Path) -> None:
    with tab(browser, rules_report) as opened:
        page = opened.open("x?set=vote", ready=".rules-table")
        cell = page.locator("[aria-labelledby=agreement] tbody button").first
        count = int(cell.inner_text())
        cell.click()
        page.wait_for_selector(f".selection-bar:has-text('{count}')")
