// Which entities stand for many: the largest, the smallest, across quantiles, at random.
import { seededSample } from "./sampling";

export const ORDERS = ["largest", "smallest", "across quantiles", "at random"] as const;
export type Order = (typeof ORDERS)[number];

/** Entities of one order that a page shows; `redescribe.report.examples` has it too. */
export const MOST = 12;

export function choose(
  entities: readonly number[],
  values: ArrayLike<number> | null,
  order: Order,
): readonly number[] {
  if (order === "at random") return seededSample(entities, MOST, 1);
  if (values === null) return entities.slice(0, MOST);
  const known = entities.filter((i) => !Number.isNaN(values[i]));
  const sorted = known.sort((a, b) => (values[b] as number) - (values[a] as number));
  if (order === "largest") return sorted.slice(0, MOST);
  if (order === "smallest") return sorted.slice(-MOST).reverse();
  const step = Math.max(1, (sorted.length - 1) / (MOST - 1));
  const places = Array.from({ length: Math.min(MOST, sorted.length) }, (_, i) =>
    Math.round(i * step),
  );
  return places.flatMap((i) => sorted[i] ?? []);
}
