// Which findings pass the ranges and the text of the filters.
import { SyntaxProblem } from "../data/grammar";
import type { Run } from "../data/run";
import { parseExpression, type Row, type Test } from "./expression";
import { MEASURES, rowOf } from "./measures";

export type Range = readonly [low: number | null, high: number | null];

export interface Filters {
  readonly text: string;
  readonly ranges: Readonly<Record<string, Range>>;
}

export interface Matching {
  readonly rows: readonly number[];
  /** Why the text could not be read; then it filters nothing. */
  readonly problem: string;
}

const rowsOfRun = new WeakMap<Run, { tags: object; rows: Row[] }>();

/** The findings that pass, in their order. */
export function matching(
  run: Run,
  filters: Filters,
  tags: Readonly<Record<string, readonly string[]>>,
): Matching {
  const all = Array.from({ length: run.tables.findings.rows }, (_, i) => i);
  const within = all.filter((i) => passes(run, i, filters.ranges));
  if (!filters.text.trim()) return { rows: within, problem: "" };
  try {
    const test: Test = parseExpression(filters.text);
    const rows = cached(run, tags);
    const seen = (i: number): Row => rows[i] ?? rowOf(run, i, tags);
    return { rows: within.filter((i) => test(seen(i))), problem: "" };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { rows: within, problem: error.message };
    throw error;
  }
}

function cached(run: Run, tags: Readonly<Record<string, readonly string[]>>): Row[] {
  const known = rowsOfRun.get(run);
  if (known?.tags === tags) return known.rows;
  const rows = Array.from({ length: run.tables.findings.rows }, (_, i) =>
    rowOf(run, i, tags),
  );
  rowsOfRun.set(run, { tags, rows });
  return rows;
}

function passes(run: Run, finding: number, ranges: Filters["ranges"]): boolean {
  for (const [name, [low, high]] of Object.entries(ranges)) {
    const measure = MEASURES.find((m) => m.name === name);
    const value = measure?.of(run, finding) ?? null;
    if (value === null) return false;
    if ((low !== null && value < low) || (high !== null && value > high)) return false;
  }
  return true;
}

/** `jaccard:0.6~1,length:~3`; what cannot be read is left out. */
export function parseRanges(text: string): Record<string, Range> {
  const ranges: Record<string, Range> = {};
  for (const part of text.split(",")) {
    const match = /^(\w+):([^~]*)~(.*)$/.exec(part);
    if (match === null || !MEASURES.some((m) => m.name === match[1])) continue;
    const [low, high] = [numberOf(match[2] ?? ""), numberOf(match[3] ?? "")];
    if (low !== null || high !== null) ranges[match[1] ?? ""] = [low, high];
  }
  return ranges;
}

export function formatRanges(ranges: Readonly<Record<string, Range>>): string {
  return Object.entries(ranges)
    .filter(([, [low, high]]) => low !== null || high !== null)
    .map(([name, [low, high]]) => `${name}:${low ?? ""}~${high ?? ""}`)
    .join(",");
}

function numberOf(text: string): number | null {
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? null : number;
}
