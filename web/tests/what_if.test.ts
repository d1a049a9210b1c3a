import { describe, expect, it } from "vitest";
import { parseTerms } from "../src/data/grammar";
import type { Run } from "../src/data/run";
import type { QueryRecord } from "../src/data/schema";
import {
  attributeRules,
  attributesInRules,
  formatChanged,
  outcomesOf,
  parseChanged,
} from "../src/data/what_if";

function query(view: string, text: string): QueryRecord {
  return { view, text, terms: parseTerms(text), support: 0 };
}

const NAMES = ["n0", "age", "weight", "stage"];

const run = {
  meta: { views: ["net", "table"].map((name) => ({ name, network: name === "net" })) },
  tables: {
    findings: {
      view: ["net", "net", "table"],
      queries: [
        [query("net", "n0 > 1"), query("table", "age > 40 AND weight <= 70")],
        [query("net", "n0 <= 1"), query("table", '(stage = "II") OR (age <= 20)')],
        [query("table", "NOT (age > 60)"), query("net", "n0 > 0")],
      ],
    },
    attributes: { name: NAMES, categories: [[], [], [], ["I", "II"]], rows: 4 },
  },
  attributeOf: (_: string, name: string) => NAMES.indexOf(name),
} as unknown as Run;

const rules = attributeRules(run);
const observed = new Map([
  [1, 50],
  [2, 80],
  [3, 0],
]);

describe("what if", () => {
  it("is about rules on attributes, the most used attribute first", () => {
    expect(rules.map((rule) => [rule.finding, rule.rows])).toEqual([
      [0, [1, 2]],
      [1, [3, 1]],
      [2, [1]],
    ]);
    expect(attributesInRules(rules)).toEqual([1, 2, 3]);
  });

  it("takes what explains for attributes where no network is known", () => {
    const views = run.meta.views.map((view) => ({ ...view, network: false }));
    const unknown = { ...run, meta: { views } } as unknown as Run;
    const found = attributeRules({ ...unknown, attributeOf: run.attributeOf } as Run);
    expect(found.map((rule) => rule.query.view)).toEqual(["table", "table", "net"]);
  });

  it("tells the rules that name what was moved, before and after", () => {
    const told = (changed: [number, number][]) =>
      outcomesOf(run, rules, observed, new Map(changed)).map((outcome) => [
        outcome.rule.finding,
        outcome.before,
        outcome.after,
      ]);
    expect(told([[2, 60]])).toEqual([[0, false, true]]);
    expect(told([[3, 1]])).toEqual([[1, false, true]]);
    expect(told([[1, 61]])).toEqual([
      [0, false, false],
      [1, false, false],
      [2, true, false],
    ]);
    expect(told([])).toEqual([]);
  });

  it("knows nothing of what is missing", () => {
    const some = new Map([[1, Number.NaN]]);
    const found = outcomesOf(run, rules, some, new Map([[3, 1]]));
    expect(found.map(({ before, after }) => [before, after])).toEqual([[null, true]]);
  });

  it("stands in the address", () => {
    const changed = new Map([
      [1, 0.25],
      [3, -2e-7],
    ]);
    expect(parseChanged(formatChanged(changed), 4)).toEqual(changed);
    const nonsense = "1:2,x:1,9:1,2,2:,1:1:1,2:Infinity,0:1.2.3";
    expect(parseChanged(nonsense, 4)).toEqual(new Map([[1, 2]]));
  });
});
