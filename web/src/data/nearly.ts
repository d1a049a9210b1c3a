// How an entity stands to a finding: holds, nearly holds, breaks.
import { has } from "./bits";
import { literalHolds } from "./queries";
import type { Run } from "./run";
import type { LiteralRecord, QueryRecord } from "./schema";
import type { Supports } from "./supports";

export interface Miss {
  readonly finding: number;
  /** The condition that fails, and the value there; null where several would have to change. */
  readonly literal: LiteralRecord | null;
  readonly value: number;
  /** How far the value is from the interval, in quantile ranges; null for categories. */
  readonly distance: number | null;
}

export interface Standing {
  readonly holds: readonly number[];
  /** Some rules hold and one does not: exceptions, the nearest first. */
  readonly breaks: readonly Miss[];
}

/** Sort all findings by what they say about one entity. */
export async function standingOf(
  run: Run,
  supports: Supports,
  entity: number,
): Promise<Standing> {
  const { findings } = run.tables;
  const holds: number[] = [];
  const misses: { finding: number; query: QueryRecord }[] = [];
  for (let finding = 0; finding < findings.rows; finding++) {
    const queries = findings.queries[finding] ?? [];
    const states = queries.map((query) => {
      const support = supports.of(query.support);
      if (support === null || has(support.unknown, entity)) return null;
      return has(support.satisfied, entity);
    });
    if (states.includes(null)) continue;
    const failing = queries.filter((_, i) => states[i] === false);
    if (failing.length === 0) holds.push(finding);
    const [query] = failing;
    if (failing.length === 1 && query && queries.length > 1)
      misses.push({ finding, query });
  }
  const breaks = await Promise.all(misses.map((miss) => missOf(run, entity, miss)));
  breaks.sort((a, b) => (a.distance ?? Infinity) - (b.distance ?? Infinity));
  return { holds, breaks };
}

async function missOf(
  run: Run,
  entity: number,
  { finding, query }: { finding: number; query: QueryRecord },
): Promise<Miss> {
  const nothing = { finding, literal: null, value: Number.NaN, distance: null };
  const [term] = query.terms;
  if (term === undefined || query.terms.length > 1 || term.negated) return nothing;
  const columns = await run.attributes(query.view, query.terms);
  const failing = term.literals.filter((literal) => {
    const column = columns?.get(literal.attribute);
    if (column === undefined) return true;
    const value = column.values[entity] ?? Number.NaN;
    if (literal.values === null) return !literalHolds(literal, value);
    return !literal.values.includes(column.categories[value] ?? "");
  });
  const [literal] = failing;
  if (literal === undefined || failing.length > 1) return nothing;
  const value = columns?.get(literal.attribute)?.values[entity] ?? Number.NaN;
  return { finding, literal, value, distance: distance(run, query.view, literal, value) };
}

function distance(
  run: Run,
  view: string,
  literal: LiteralRecord,
  value: number,
): number | null {
  if (literal.values !== null || Number.isNaN(value)) return null;
  const row = run.attributeOf(view, literal.attribute);
  const quantiles = row === null ? [] : (run.tables.attributes.quantiles[row] ?? []);
  const range = (quantiles[quantiles.length - 1] ?? 1) - (quantiles[0] ?? 0);
  const below = literal.low === null ? 0 : Math.max(0, literal.low - value);
  const above = literal.high === null ? 0 : Math.max(0, value - literal.high);
  return range > 0 ? Math.max(below, above) / range : null;
}
