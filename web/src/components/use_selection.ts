// What the selection has to do with the findings: overlap and lift, recounted.
import { overlaps, type Words } from "../data/bits";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";

export interface Overlaps {
  readonly counts: Uint32Array;
  readonly supports: Uint32Array;
}

/** Overlap of each finding with the selection; null without a selection. */
export function useOverlaps(): Overlaps | null {
  const { run, selection } = useView();
  const rows = useLoaded(() => run.intersections(), [run]);
  const cached = useLoaded(async () => {
    if (rows === undefined || selection === null) return null;
    return overlapsOf(rows, selection.words);
  }, [rows, selection]);
  return cached ?? null;
}

function overlapsOf(rows: Words, words: Words): Overlaps {
  const start = performance.now();
  const supports = overlaps(rows, words.length, everything(words.length));
  const counts = overlaps(rows, words.length, words);
  performance.measure("overlaps", { start }); // benchmarks read it
  return { counts, supports };
}

function everything(n: number): Words {
  return new Uint32Array(n).fill(0xffffffff);
}

/** How much more of a finding is in the selection than chance would put there. */
export function liftOf(
  found: Overlaps,
  finding: number,
  n: number,
  all: number,
): number | null {
  const support = found.supports[finding] ?? 0;
  return support && n ? (found.counts[finding] ?? 0) / support / (n / all) : null;
}
