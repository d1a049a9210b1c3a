import { describe, expect, it } from "vitest";
import { allWords, wordsWhere } from "../src/data/bits";
import { columnsOf, parseSheet, TableProblem, type Wanted } from "../src/data/csv";
import { answerOf, measuresOf, parseOff, type RuleSet } from "../src/data/rules";

const evidence = { n_entities: 4, n_covered: 2, n_correct: 1 };
const rule = (label: number, weight: number) => ({
  query: { view: "x", text: "a > 1", terms: [], support: 0 },
  words: "",
  label,
  weight,
  n_literals: 2,
  mined: evidence,
  hold_out: null,
});

function ruleSet(combination: string, fallback: number, base = [0, 0]): RuleSet {
  return {
    name: "r",
    view: "x",
    outputs: "",
    labels: "",
    combination,
    classes: ["no", "yes"],
    fallback,
    base,
    values: [],
    rules: [rule(1, 0.5), rule(0, 0.5), rule(1, -1)],
    tradeOff: [],
  };
}

const answer = (set: RuleSet, ...fired: number[]) =>
  answerOf(set, [0, 1, 2], (i) => fired.includes(i)).code;

describe("rules answer together", () => {
  it("in a list the first that fires", () => {
    const set = ruleSet("list", -1);
    expect([answer(set, 1, 2), answer(set, 0, 1), answer(set)]).toEqual([0, 1, -1]);
  });
  it("in a vote the largest sum; of equal ones the default, then the first class", () => {
    expect(answer(ruleSet("vote", 1), 0, 1)).toBe(1);
    expect(answer(ruleSet("vote", -1), 0, 1)).toBe(0);
    expect(answer(ruleSet("vote", 1))).toBe(1);
    expect(answer(ruleSet("vote", 1), 2)).toBe(0);
  });
  it("in a weighted set the base counts, unless nothing fires and there is no default", () => {
    expect(answer(ruleSet("weighted", 0, [0, 0.25]))).toBe(1);
    expect(answer(ruleSet("weighted", -1, [0, 0.25]))).toBe(-1);
    expect(answer(ruleSet("weighted", 0, [0, 0.25]), 1)).toBe(0);
  });
  it("counts within a part only", () => {
    const data = {
      fires: [[0, 1], [1], []].map((one) => wordsWhere(4, (i) => one.includes(i))),
      answers: Int32Array.of(1, 0, 0, -2),
      truth: Int32Array.of(1, 1, 1, 1),
    };
    const set = ruleSet("list", 0);
    const all = measuresOf(set, data, [0, 1, 2], allWords(4));
    expect([all.n, all.fidelity, all.accuracy, all.coverage]).toEqual([4, 0.5, 0.5, 0.5]);
    expect(all.table).toEqual([
      [1, 1, 0],
      [0, 1, 0],
    ]);
    const part = measuresOf(
      set,
      data,
      [1],
      wordsWhere(4, (i) => i === 1),
    );
    expect([part.n, part.fidelity, part.nLiterals]).toEqual([1, 1, 2]);
    expect(
      measuresOf(
        set,
        data,
        [0],
        wordsWhere(4, () => false),
      ).fidelity,
    ).toBeNull();
  });
  it("reads which rules are off", () => {
    expect([...parseOff("3,1,x,9,0,1.5,", 3)]).toEqual([3, 1]);
  });
});

describe("tables", () => {
  const wanted: Wanted[] = [
    { name: 'b "c"', kind: "numeric", categories: [] },
    { name: "s", kind: "boolean", categories: ["false", "true"] },
    { name: "k", kind: "nominal", categories: ["I", "II"] },
  ];
  it("have quotes, breaks in cells, other marks, missing and unknown texts", () => {
    const text =
      '\ufeffk;"b ""c""";s;note\r\nI;1e1;True;"a;b\nc"\r\nIII;?;NA;x\r\n;.5;false;\r\n';
    const sheet = parseSheet(text);
    expect(sheet.rows.map((row) => row[3])).toEqual(["a;b\nc", "x", ""]);
    const columns = columnsOf(sheet, wanted);
    expect([...(columns.get('b "c"')?.values ?? [])]).toEqual([10, Number.NaN, 0.5]);
    expect([...(columns.get("s")?.values ?? [])]).toEqual([1, Number.NaN, 0]);
    expect([...(columns.get("k")?.values ?? [])]).toEqual([0, -2, Number.NaN]);
  });
  it.each([
    ["a,b\n1,2,3", "Row 1 has 3 cells"],
    ["a,b\n", "at least one row"],
    ['a\n"1', "never closed"],
    ['k,s,"b ""c"""\nI,true,0x10', "is no number"],
    ["k,s\nI,true", 'lacks the column "b'],
  ])("%j is refused", (text, message) => {
    const read = () => columnsOf(parseSheet(text), wanted);
    expect(read).toThrow(TableProblem);
    expect(read).toThrow(message);
  });
});
