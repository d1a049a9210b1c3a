import { describe, expect, it } from "vitest";
import { agreementOf } from "../src/data/agreement";
import { wordsWhere } from "../src/data/bits";
import { best, boundCurve, boundsOf, jaccardAt, literalAt } from "../src/data/bound_curve";
import { parseTerms } from "../src/data/grammar";
import { type Attribute, supportOfQuery, withLiteral } from "../src/data/queries";
import type { QueryRecord } from "../src/data/schema";

const N = 90;

/** Values that repeat, and some that are missing. */
function column(seed: number): Float64Array {
  return Float64Array.from({ length: N }, (_, i) =>
    (i * seed) % 11 === 0 ? Number.NaN : ((i * i * seed + 7 * i) % 23) / 4,
  );
}

const attributes = new Map<string, Attribute>(
  ["a", "b", "c"].map((name, i) => [name, { values: column(i + 3), categories: [] }]),
);
const within = wordsWhere(N, (i) => i % 5 !== 0);

function query(view: string, text: string): QueryRecord {
  return { view, text, terms: parseTerms(text), support: 0 };
}

function rulesOf(first: string, second: string, policy: string) {
  const queries = [query("x", first), query("y", second)];
  const columns = [attributes, attributes];
  const supports = queries.map((q) => supportOfQuery(q, attributes, N));
  return { queries, columns, supports, policy };
}

const PAIRS: [string, string][] = [
  ["a > 2", "b <= 3.1"],
  ["1 < a <= 4", "(b > 1 AND c > 2) OR (c <= 1)"],
  ["NOT (a > 2 AND b <= 4)", "c >= 3"],
  ["(a < 2) OR (NOT (b > 3 AND c <= 2))", "1.1 < c < 5"],
];
const POLICIES = ["query_non_missing", "rejective", "pessimistic", "optimistic"];

describe("J as a bound moves", () => {
  for (const [first, second] of PAIRS) {
    for (const policy of POLICIES) {
      it(`is that of a recount: ${first} <=> ${second}, ${policy}`, () => {
        const rules = rulesOf(first, second, policy);
        const bounds = boundsOf(rules.queries);
        expect(bounds.length).toBeGreaterThan(1);
        for (const place of bounds) {
          const curve = boundCurve(rules, place, within);
          const literal = literalAt(rules.queries, place);
          const own = rules.queries[place.query];
          if (!curve || !literal || !own) throw new Error("There is a bound.");
          for (const cut of [-1, 0, 0.1, 0.9, 1.5, 1.6, 2, 3, 3.3, 4.1, 4.75, 5.2, 9]) {
            const moved = { ...literal, [place.end]: cut };
            const changed = withLiteral(own, place.term, place.literal, moved);
            const supports = rules.supports.map((support, i) =>
              i === place.query ? supportOfQuery(changed, attributes, N) : support,
            );
            const { jaccard } = agreementOf(supports, within, policy);
            expect(jaccardAt(curve, literal, place.end, cut)).toBe(jaccard);
          }
        }
      });
    }
  }

  it("has its largest value somewhere", () => {
    const rules = rulesOf("a > 2", "a > 2.6", "query_non_missing");
    const [place] = boundsOf(rules.queries);
    const curve = place && boundCurve(rules, place, within);
    if (!curve) throw new Error("There is a bound.");
    const found = best(curve);
    expect(found.jaccard).toBe(1);
    expect(found.from).toBeLessThanOrEqual(2.6);
    expect(found.to).toBeGreaterThan(2.6);
  });

  it("has bounds of intervals only", () => {
    expect(boundsOf([query("x", 'a = "p"')])).toEqual([]);
    expect(boundsOf([query("x", "1 < a <= 2")]).map((b) => b.end)).toEqual(["low", "high"]);
  });
});
