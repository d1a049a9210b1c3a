// How many findings cover an entity, and which entities share findings.
import { has, positions, type Words } from "./bits";

/** For each entity, how many rows of packed sets it is in. */
export function coverage(rows: Words, nWords: number, nEntities: number): Uint32Array {
  const counts = new Uint32Array(nEntities);
  for (let at = 0; at < rows.length; at++) {
    let word = rows[at] as number;
    const first = 32 * (at % nWords);
    while (word !== 0) {
      const entity = first + 31 - Math.clz32(word & -word);
      counts[entity] = (counts[entity] as number) + 1;
      word &= word - 1;
    }
  }
  return counts;
}

export interface Neighbour {
  readonly entity: number;
  /** Jaccard of the sets of findings that hold for both. */
  readonly jaccard: number;
}

/** The entities that share most findings with one. */
export function neighbours(
  rows: Words,
  nWords: number,
  entity: number,
  counts: Uint32Array,
  most: number,
): Neighbour[] {
  const shared = new Uint32Array(counts.length);
  for (let start = 0; start < rows.length; start += nWords) {
    const row = rows.subarray(start, start + nWords);
    if (!has(row, entity)) continue;
    for (const other of positions(row)) shared[other] = (shared[other] as number) + 1;
  }
  const own = counts[entity] ?? 0;
  return [...shared.keys()]
    .filter((other) => other !== entity && (shared[other] as number) > 0)
    .map((other) => {
      const both = shared[other] as number;
      return { entity: other, jaccard: both / (own + (counts[other] as number) - both) };
    })
    .sort((a, b) => b.jaccard - a.jaccard || a.entity - b.entity)
    .slice(0, most);
}
