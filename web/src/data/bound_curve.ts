// J as one end of an interval moves, everything else as it is: exact at every cut.
import { reachOf } from "./agreement";
import { has, type Words } from "./bits";
import type { Column } from "./provider";
import { type Attribute, supportOfQuery, withLiteral } from "./queries";
import type { LiteralRecord, QueryRecord } from "./schema";
import type { Support } from "./supports";

export type End = "low" | "high";

/** Where in the rules a bound stands. */
export interface Place {
  readonly query: number;
  readonly term: number;
  readonly literal: number;
  readonly end: End;
}

/** J between two neighbouring values: `jaccard[i]` holds from `from[i]` to the next one. */
export interface Curve {
  readonly from: Float64Array;
  readonly jaccard: Float64Array;
}

interface Rules {
  readonly queries: readonly QueryRecord[];
  readonly columns: readonly ReadonlyMap<string, Attribute>[];
  readonly supports: readonly Support[];
  readonly policy: string;
}

/** All ends of the intervals of rules, in the order in which they are written. */
export function boundsOf(queries: readonly QueryRecord[]): Place[] {
  return queries.flatMap((query, q) =>
    query.terms.flatMap((term, t) =>
      term.literals.flatMap((literal, l) =>
        (["low", "high"] as const)
          .filter((end) => literal.values === null && literal[end] !== null)
          .map((end) => ({ query: q, term: t, literal: l, end })),
      ),
    ),
  );
}

export function literalAt(
  queries: readonly QueryRecord[],
  place: Place,
): LiteralRecord | null {
  return queries[place.query]?.terms[place.term]?.literals[place.literal] ?? null;
}

/**
 * An entity counts as one that satisfies all rules, and as one that satisfies any, or not,
 * depending on whether the literal holds there. So both counts change by what the entities
 * add whose value the bound has passed: one sweep over the sorted values finds all J.
 */
export function boundCurve(rules: Rules, place: Place, within: Words): Curve | null {
  const { queries, columns, supports, policy } = rules;
  const query = queries[place.query];
  const literal = literalAt(queries, place);
  const values = literal && columns[place.query]?.get(literal.attribute)?.values;
  if (!query || !literal || !values) return null;
  const always = { ...literal, low: null, high: null };
  const never = {
    ...literal,
    low: Number.POSITIVE_INFINITY,
    high: null,
    low_closed: false,
  };
  const [ifTrue, ifFalse] = [always, never].map((changed) => {
    const other = withLiteral(query, place.term, place.literal, changed);
    const own = supportOfQuery(other, columns[place.query] ?? new Map(), values.length);
    return reachOf(
      supports.map((support, i) => (i === place.query ? own : support)),
      within,
      policy,
    );
  }) as [Reach, Reach];
  return sweep(literal, place.end, values, { ifTrue, ifFalse }, within);
}

interface Reach {
  readonly shared: Words;
  readonly reached: Words;
}

interface Reaches {
  readonly ifTrue: Reach;
  readonly ifFalse: Reach;
}

function sweep(
  literal: LiteralRecord,
  end: End,
  values: Column,
  { ifTrue, ifFalse }: Reaches,
  within: Words,
): Curve {
  const order = sorted(values).filter((i) => has(within, i));
  // The other end stays: beyond it the literal holds nowhere.
  const fixed = { ...literal, [end]: null };
  const canHold = (value: number) =>
    (fixed.low === null || (fixed.low_closed ? value >= fixed.low : value > fixed.low)) &&
    (fixed.high === null || (fixed.high_closed ? value <= fixed.high : value < fixed.high));
  let shared = 0;
  let reached = 0;
  const count = (i: number, { shared: all, reached: any }: Reach, sign: number) => {
    if (has(all, i)) shared += sign;
    if (has(any, i)) reached += sign;
  };
  // With the bound below all values: a lower one lets all hold, an upper one none.
  const startsTrue = end === "low";
  const known = new Set(order);
  for (let i = 0; i < values.length; i++) {
    if (!has(within, i)) continue;
    const holds = known.has(i) && startsTrue && canHold(values[i] as number);
    count(i, holds ? ifTrue : ifFalse, 1);
  }
  const from = [Number.NEGATIVE_INFINITY];
  const jaccard = [reached ? shared / reached : 0];
  for (let k = 0; k < order.length; k++) {
    const i = order[k] as number;
    const value = values[i] as number;
    if (canHold(value)) {
      count(i, startsTrue ? ifTrue : ifFalse, -1);
      count(i, startsTrue ? ifFalse : ifTrue, 1);
    }
    const next = order[k + 1];
    if (next !== undefined && values[next] === value) continue;
    from.push(value);
    jaccard.push(reached ? shared / reached : 0);
  }
  return { from: Float64Array.from(from), jaccard: Float64Array.from(jaccard) };
}

const orders = new WeakMap<Column, Uint32Array>();

/** Positions of the known values, the smallest first. */
function sorted(values: Column): Uint32Array {
  const known = orders.get(values);
  if (known !== undefined) return known;
  const order = Uint32Array.from(values.keys())
    .filter((i) => !Number.isNaN(values[i]))
    .sort((a, b) => (values[a] as number) - (values[b] as number));
  orders.set(values, order);
  return order;
}

/** J with the end of a literal at a value: a step belongs to what holds at the value. */
export function jaccardAt(
  curve: Curve,
  literal: LiteralRecord,
  end: End,
  bound: number,
): number {
  // Whether entities that have exactly this value count as passed by the bound.
  const passes = end === "low" ? !literal.low_closed : literal.high_closed;
  let first = 0;
  let last = curve.from.length - 1;
  while (first < last) {
    const middle = Math.ceil((first + last) / 2);
    const value = curve.from[middle] as number;
    if (passes ? value <= bound : value < bound) first = middle;
    else last = middle - 1;
  }
  return curve.jaccard[first] ?? 0;
}

/** The bounds with the largest J: from one value to the next. */
export function best(curve: Curve): { from: number; to: number; jaccard: number } {
  let step = 0;
  for (let i = 1; i < curve.jaccard.length; i++) {
    if ((curve.jaccard[i] as number) > (curve.jaccard[step] as number)) step = i;
  }
  return {
    from: curve.from[step] ?? Number.NEGATIVE_INFINITY,
    to: curve.from[step + 1] ?? Number.POSITIVE_INFINITY,
    jaccard: curve.jaccard[step] ?? 0,
  };
}
