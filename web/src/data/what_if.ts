// Rules about attributes at changed values of one entity; the network is not asked.
import { has } from "./bits";
import { type Attribute, attributesOf, supportOfQuery } from "./queries";
import type { Run } from "./run";
import type { QueryRecord } from "./schema";

/** Values by row of the attribute: a number, or the code of a category. */
export type Changed = ReadonlyMap<number, number>;

/** Whether a query holds; null where a value that it needs is missing. */
export type Truth = boolean | null;

export interface AttributeRule {
  readonly finding: number;
  readonly query: QueryRecord;
  /** Rows of its attributes. */
  readonly rows: readonly number[];
}

export interface Outcome {
  readonly rule: AttributeRule;
  readonly before: Truth;
  readonly after: Truth;
}

/**
 * The rules of all findings that are about attributes, not about neurons. Where no view is
 * known to be a network, those of the views that explain something, not of what they explain.
 */
export function attributeRules(run: Run): AttributeRule[] {
  const networks = new Set(run.meta.views.filter((v) => v.network).map((v) => v.name));
  const { findings } = run.tables;
  const isNeural = (view: string, finding: number) =>
    networks.size ? networks.has(view) : findings.view[finding] === view;
  return findings.queries.flatMap((queries, finding) =>
    queries
      .filter((query) => !isNeural(query.view, finding))
      .map((query) => ({
        finding,
        query,
        rows: attributesOf(query.terms).flatMap(
          (n) => run.attributeOf(query.view, n) ?? [],
        ),
      })),
  );
}

/** Attributes that such rules name, those of most rules first. */
export function attributesInRules(rules: readonly AttributeRule[]): number[] {
  const counts = new Map<number, number>();
  for (const row of rules.flatMap((rule) => rule.rows)) {
    counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([row]) => row);
}

/** The rules whose truth may change, as observed and with the changed values. */
export function outcomesOf(
  run: Run,
  rules: readonly AttributeRule[],
  observed: ReadonlyMap<number, number>,
  changed: Changed,
): Outcome[] {
  return rules
    .filter((rule) => rule.rows.some((row) => changed.has(row)))
    .map((rule) => ({
      rule,
      before: truthOf(run, rule, (row) => observed.get(row)),
      after: truthOf(run, rule, (row) => changed.get(row) ?? observed.get(row)),
    }));
}

/** The truth of a rule at some values of one entity. */
export function truthOf(
  run: Run,
  { query, rows }: AttributeRule,
  at: (row: number) => number | undefined,
): Truth {
  const { name, categories } = run.tables.attributes;
  const columns = new Map<string, Attribute>(
    rows.map((row) => [
      name[row] ?? "",
      {
        values: Float64Array.of(at(row) ?? Number.NaN),
        categories: categories[row] ?? [],
      },
    ]),
  );
  const { satisfied, unknown } = supportOfQuery(query, columns, 1);
  return has(unknown, 0) ? null : has(satisfied, 0);
}

/** Changed values as part of the address: `12:0.5,13:2`. */
export function formatChanged(changed: Changed): string {
  return [...changed].map(([row, value]) => `${row}:${value}`).join(",");
}

/** Read what `formatChanged` has written; what makes no sense is left out. */
export function parseChanged(text: string, nRows: number): Map<number, number> {
  const parts = text
    .split(",")
    .map((part) => /^(\d+):(-?[\d.]+(?:e[+-]?\d+)?)$/.exec(part));
  return new Map(
    parts.flatMap((match): [number, number][] => {
      const [row, value] = [Number(match?.[1]), Number(match?.[2])];
      return row < nRows && Number.isFinite(value) ? [[row, value]] : [];
    }),
  );
}
