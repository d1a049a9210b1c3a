// Learned dictionaries: their attributes, what explains them, and what the classes use.
import { defined } from "./format";
import type { Run } from "./run";
import type { DictionaryRecord } from "./schema";

export const SOURCES = [
  ["attributes", "measured attributes"],
  ["neurons", "neurons only"],
  ["dictionaries", "other dictionaries only"],
  ["labels", "labels only"],
  ["nothing", "nothing"],
] as const;

/** Rows of the table of one dictionary. */
export function rowsOf(run: Run, view: string): number[] {
  const { learned } = run.tables;
  return Array.from({ length: learned.rows }, (_, i) => i).filter(
    (i) => learned.view[i] === view,
  );
}

/** How many attributes each source explains; attributes of no view are left out. */
export function explainedCounts(run: Run, rows: readonly number[]): number[] {
  const { learned } = run.tables;
  return SOURCES.map(
    ([source]) => rows.filter((i) => learned.explained_by[i] === source).length,
  );
}

export interface Relevance {
  readonly attribute: number;
  readonly cls: number;
  readonly relevance: number;
}

/** Known relevances of a dictionary; classes of no entity have none. */
export function relevancesOf(run: Run, view: string): Relevance[] {
  const { relevances } = run.tables;
  const found: Relevance[] = [];
  for (let i = 0; i < relevances.rows; i++) {
    const relevance = defined(relevances.relevance[i]);
    if (relevances.view[i] !== view || relevance === null) continue;
    const attribute = relevances.number[i] ?? 0;
    found.push({ attribute, cls: relevances.cls[i] ?? 0, relevance });
  }
  return found;
}

/** Classes for which an attribute counts more than the threshold, the strongest first. */
export function classesOf(
  dictionary: DictionaryRecord,
  relevances: readonly Relevance[],
  attribute: number,
): Relevance[] {
  return relevances
    .filter((r) => r.attribute === attribute && r.relevance > 1 / dictionary.tau)
    .sort((a, b) => b.relevance - a.relevance);
}

/** Findings that name an attribute of a view, in their order. */
export function findingsNaming(run: Run, view: string, name: string): number[] {
  const found: number[] = [];
  run.tables.findings.queries.forEach((queries, i) => {
    const query = queries.find((q) => q.view === view);
    const names = query?.terms.flatMap((t) => t.literals.map((l) => l.attribute));
    if (names?.includes(name)) found.push(i);
  });
  return found;
}
