// Another run beside this one: which findings were kept, changed, added, lost.
import { defined } from "./format";
import type { Run } from "./run";

export const CHANGES = ["kept", "changed", "added", "lost"] as const;
export type ChangeKind = (typeof CHANGES)[number];

/** One side of a change; numbers are null where not defined. */
export interface Side {
  readonly id: string;
  /** Whether it is a finding of this run, which has a page. */
  readonly isHere: boolean;
  /** J on the hold-out where both runs have one, else on the mined entities. */
  readonly jaccard: number | null;
  readonly log10Q: number | null;
  readonly confirmed: boolean;
}

export interface Change {
  /** Row of the table of changes. */
  readonly row: number;
  readonly kind: ChangeKind;
  readonly target: string;
  readonly explained: boolean;
  /** From one run to the next: the other run comes first, unless they are swapped. */
  readonly before: Side | null;
  readonly after: Side | null;
  /** J after less J before. */
  readonly difference: number | null;
}

export function changesOf(run: Run, swapped: boolean): Change[] {
  const { changes } = run.tables;
  const tested = run.meta.compared?.tested ?? false;
  return Array.from({ length: changes.rows }, (_, row) => {
    const here = sideHere(run, changes.id[row] ?? "", tested);
    const other = sideThere(run, row, tested);
    const [before, after] = swapped ? [here, other] : [other, here];
    const [first, second] = [before?.jaccard, after?.jaccard];
    return {
      row,
      kind: kindOf(changes.change[row] ?? "", swapped),
      target: changes.target[row] ?? "",
      explained: changes.explained[row] === 1,
      before,
      after,
      difference:
        typeof first === "number" && typeof second === "number" ? second - first : null,
    };
  });
}

export function countsOf(changes: readonly Change[]): Record<ChangeKind, number> {
  const counts = { kept: 0, changed: 0, added: 0, lost: 0 };
  for (const { kind } of changes) counts[kind]++;
  return counts;
}

/** The largest differences first; then what has none, in the order of the runs. */
export function byDifference(changes: readonly Change[]): Change[] {
  const size = (change: Change) => Math.abs(change.difference ?? -1);
  const known = changes.filter((change) => change.difference !== null);
  const unknown = changes.filter((change) => change.difference === null);
  return [...known.sort((a, b) => size(b) - size(a) || a.row - b.row), ...unknown];
}

function kindOf(text: string, swapped: boolean): ChangeKind {
  const kind = CHANGES.find((name) => name === text) ?? "kept";
  if (!swapped) return kind;
  return kind === "added" ? "lost" : kind === "lost" ? "added" : kind;
}

function sideHere(run: Run, id: string, tested: boolean): Side | null {
  const finding = run.findingOf(id);
  if (finding === null) return null;
  const { findings } = run.tables;
  const values = tested ? findings.jaccard : findings.jaccard_mined;
  return {
    id,
    isHere: true,
    jaccard: defined(values[finding]),
    log10Q: defined(findings.log10_q[finding]),
    confirmed: findings.confirmed[finding] === 1,
  };
}

function sideThere(run: Run, row: number, tested: boolean): Side | null {
  const { changes } = run.tables;
  const id = changes.other_id[row] ?? "";
  if (id === "") return null;
  const values = tested ? changes.other_jaccard : changes.other_jaccard_mined;
  return {
    id,
    isHere: false,
    jaccard: defined(values[row]),
    log10Q: defined(changes.other_log10_q[row]),
    confirmed: changes.other_confirmed[row] === 1,
  };
}
