// How well queries agree on some entities: the four parts and the Jaccard.
import { and, andNot, intersectionSize, or, size, type Words } from "./bits";
import type { Support } from "./supports";

export const PARTS = ["both", "left", "right", "neither", "unknown"] as const;
export type Part = (typeof PARTS)[number];

export interface Agreement {
  readonly n: number;
  readonly support: number;
  readonly union: number;
  readonly jaccard: number;
  readonly sizes: readonly number[];
}

/** The entities of each part; a rule that is unknown puts an entity into the last one. */
export function partsOf(supports: readonly Support[], within: Words): Record<Part, Words> {
  const [first] = supports;
  if (first === undefined) throw new Error("A finding has at least two rules.");
  const unknown = and(supports.map((s) => s.unknown).reduce(or), within);
  const known = andNot(within, unknown);
  const all = and(supports.map((s) => s.satisfied).reduce(and), known);
  const any = and(supports.map((s) => s.satisfied).reduce(or), known);
  const left = andNot(and(first.satisfied, known), all);
  return {
    both: all,
    left,
    right: andNot(andNot(any, all), left),
    neither: andNot(known, any),
    unknown,
  };
}

/** The entities over which J is a ratio, under a policy for missing values. */
export function reachOf(
  supports: readonly Support[],
  within: Words,
  policy: string,
): { readonly shared: Words; readonly reached: Words } {
  const satisfied = supports.map((s) => and(s.satisfied, within));
  const both = satisfied.reduce(and);
  const either = satisfied.reduce(or);
  const unknown = and(supports.map((s) => s.unknown).reduce(or), within);
  if (policy === "rejective") {
    return { shared: both, reached: andNot(either, andNot(unknown, both)) };
  }
  if (policy === "pessimistic") return { shared: both, reached: or(either, unknown) };
  if (policy === "optimistic") {
    const shared = and(supports.map((s) => or(s.satisfied, s.unknown)).reduce(and), within);
    return { shared, reached: or(either, shared) };
  }
  return { shared: both, reached: either };
}

/** Counts as `Agreement.of` of Python gives them, under a policy for missing values. */
export function agreementOf(
  supports: readonly Support[],
  within: Words,
  policy: string,
): Agreement {
  const satisfied = supports.map((s) => and(s.satisfied, within));
  const { shared, reached } = reachOf(supports, within, policy);
  const total = size(reached);
  return {
    n: size(within),
    support: size(satisfied.reduce(and)),
    union: size(satisfied.reduce(or)),
    jaccard: total ? size(shared) / total : 0,
    sizes: satisfied.map(size),
  };
}

/** Jaccard of independent queries of these sizes. */
export function expectedJaccard(sizes: readonly number[], n: number): number {
  if (!n) return 0;
  const all = sizes.reduce((product, s) => product * (s / n), 1);
  const union = 1 - sizes.reduce((product, s) => product * (1 - s / n), 1);
  return union ? all / union : 0;
}

export function adjustedJaccard(value: number, expected: number): number {
  return expected < 1 ? (value - expected) / (1 - expected) : 0;
}

/** How much more often a set meets another than chance; null where one is empty. */
export function lift(a: Words, b: Words, n: number): number | null {
  const expected = (size(a) * size(b)) / n;
  return expected ? intersectionSize(a, b) / expected : null;
}
