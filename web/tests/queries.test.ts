import { describe, expect, it } from "vitest";
import { agreementOf, partsOf } from "../src/data/agreement";
import { allWords, positions, wordsWhere } from "../src/data/bits";
import { formatTerms, parseTerms, SyntaxProblem } from "../src/data/grammar";
import { type Attribute, supportOfTerms } from "../src/data/queries";

const NAN = Number.NaN;
const columns: Record<string, Attribute> = {
  a: { values: Float64Array.of(1, 2, 3, NAN), categories: [] },
  b: { values: Float64Array.of(5, NAN, 1, 5), categories: [] },
  stage: { values: Float64Array.of(0, 1, 1, NAN), categories: ["I", "II"] },
};

function support(text: string) {
  const found = supportOfTerms(parseTerms(text), (name) => columns[name] as Attribute, 4);
  return [positions(found.satisfied), positions(found.unknown)];
}

describe("queries follow Kleene's logic, as in Python", () => {
  it.each([
    ["a > 1", [1, 2], [3]],
    ["a >= 1", [0, 1, 2], [3]],
    ["1 < a <= 2", [1], [3]],
    ["a > 1 AND b > 2", [], [1, 3]],
    ["NOT (a > 1)", [0], [3]],
    ["NOT (a > 2 AND b > 2)", [0, 1, 2], [3]],
    ["(a > 2) OR (b > 2)", [0, 2, 3], [1]],
    ['stage = "II"', [1, 2], [3]],
    ['stage in {"I", "II"}', [0, 1, 2], [3]],
    ['NOT (stage = "none")', [0, 1, 2], [3]],
  ])("%s", (text, satisfied, unknown) => {
    expect(support(text)).toEqual([satisfied, unknown]);
  });
});

describe("the grammar", () => {
  it.each([
    "fc2:7 > 1.83",
    "0.2 < age <= 65",
    'stage in {"II", "III"}',
    "smoker",
    "NOT (a > 1 AND b <= 2)",
    "(a > 1 AND c) OR (NOT (b <= 2))",
    '"worst radius" > 1e-05',
    '"1" = "say \\"x\\""',
    '"in" < 3',
  ])("%s comes back", (text) => {
    expect(formatTerms(parseTerms(text))).toBe(text);
  });

  it.each(["", "a >", "a > b", "2 < a < 1", "a > 1 OR b > 2", "(a > 1", "a in {}", "x y"])(
    "“%s” is refused",
    (text) => {
      expect(() => parseTerms(text)).toThrow(SyntaxProblem);
    },
  );
});

describe("agreement", () => {
  const of = (satisfied: number[], unknown: number[] = []) => ({
    satisfied: wordsWhere(6, (i) => satisfied.includes(i)),
    unknown: wordsWhere(6, (i) => unknown.includes(i)),
  });
  const supports = [of([0, 1, 2]), of([0, 1, 3], [2])];

  it("divides the entities into parts", () => {
    const parts = partsOf(supports, allWords(6));
    expect(Object.values(parts).map(positions)).toEqual([[0, 1], [], [3], [4, 5], [2]]);
  });

  it.each([
    ["query_non_missing", 2 / 4],
    ["rejective", 2 / 3],
    ["pessimistic", 2 / 4],
    ["optimistic", 3 / 4],
  ])("J under %s", (policy, jaccard) => {
    expect(agreementOf(supports, allWords(6), policy).jaccard).toBe(jaccard);
  });

  it("is 0 where nothing is satisfied", () => {
    expect(agreementOf([of([]), of([])], allWords(6), "").jaccard).toBe(0);
  });
});
