// What is selected: a text that fits a link, and the entities it stands for.
import { PARTS, type Part } from "../data/agreement";
import { add, and, emptyWords, size, type Words } from "../data/bits";
import { formatTerms, parseTerms } from "../data/grammar";
import type { Run } from "../data/run";
import type { TermRecord } from "../data/schema";
import type { Cohort } from "./notes";

export const MAX_LINKED_IDS = 100;

/** Text of a selection, such as `R1:both`, `labels::diagnosis = "benign"`, `ids:["a"]`. */
export type Spec = string;

export interface Selection {
  readonly spec: Spec;
  readonly how: string;
  readonly words: Words;
  readonly n: number;
}

const PART_NAMES: Record<Part, string> = {
  both: "all rules hold",
  left: "only the first rule holds",
  right: "only another rule holds",
  neither: "no rule holds",
  unknown: "a rule is not known",
};

export function partSpec(finding: string, part: Part): Spec {
  return `${finding}:${part}`;
}

export function termsSpec(view: string, terms: readonly TermRecord[]): Spec {
  const name = /[:"]/.test(view) ? JSON.stringify(view) : view;
  return `${name}::${formatTerms(terms)}`;
}

/** The query that a text selects by; null where it selects in another way. */
export function termsOf(spec: Spec): { view: string; terms: readonly TermRecord[] } | null {
  const match = /^("(?:[^"\\]|\\.)*"|[^:"]*)::([\s\S]*)$/.exec(spec);
  if (match === null) return null;
  const [, name = "", text = ""] = match;
  try {
    const view = name.startsWith('"') ? String(JSON.parse(name)) : name;
    return { view, terms: parseTerms(text) };
  } catch {
    return null;
  }
}

export function idsSpec(ids: readonly string[]): Spec {
  return `ids:${JSON.stringify(ids)}`;
}

/** What a text selects; null where it is empty, broken, or needs what was cut. */
export async function resolve(
  run: Run,
  spec: Spec,
  cohorts: readonly Cohort[],
): Promise<Selection | null> {
  if (!spec) return null;
  try {
    const found = await entitiesOf(run, spec, cohorts);
    if (found === null) return null;
    const words = and(found.words, run.everything);
    return { spec, how: found.how, words, n: size(words) };
  } catch {
    return null;
  }
}

async function entitiesOf(
  run: Run,
  spec: Spec,
  cohorts: readonly Cohort[],
): Promise<{ words: Words; how: string } | null> {
  const query = termsOf(spec);
  if (query !== null) {
    const support = await run.supportOfTerms(query.view, query.terms);
    const how = `${query.view}: ${formatTerms(query.terms)}`;
    return support && { words: support.satisfied, how };
  }
  if (spec.startsWith("ids:")) {
    const ids = JSON.parse(spec.slice(4)) as string[];
    return { words: wordsOfIds(run, ids), how: `${ids.length} chosen one by one` };
  }
  if (spec.startsWith("cohort:")) {
    const cohort = cohorts.find((c) => c.name === spec.slice(7));
    return cohort
      ? { words: wordsOfIds(run, cohort.ids), how: `cohort ${cohort.name}` }
      : null;
  }
  const [id = "", name = ""] = spec.split(":");
  const finding = run.findingOf(id);
  const part = PARTS.find((p) => p === name);
  if (finding === null || part === undefined) return null;
  const parts = await run.partsOf(finding, run.everything);
  return parts && { words: parts[part], how: `${id}: ${PART_NAMES[part]}` };
}

function wordsOfIds(run: Run, ids: readonly string[]): Words {
  const wanted = new Set(ids);
  const words = emptyWords(run.meta.n_entities);
  run.tables.entities.id.forEach((id, i) => {
    if (wanted.has(id)) add(words, i);
  });
  return words;
}
