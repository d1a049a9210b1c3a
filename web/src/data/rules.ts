// Rule sets: how their rules answer together, and measures, exactly as RuleSet of Python.
import { has, type Words } from "./bits";
import type { Provider } from "./provider";
import type { RuleRecord, RuleSetsTable, TradeOffRecord } from "./schema";

/** Code of an answer that is none; Python's NO_ANSWER. */
export const NO_ANSWER = -1;

export interface RuleSet {
  readonly name: string;
  readonly view: string;
  readonly outputs: string;
  readonly labels: string;
  readonly combination: string;
  readonly classes: readonly string[];
  /** Class where no rule fires; NO_ANSWER for none. */
  readonly fallback: number;
  readonly base: readonly number[];
  readonly values: readonly number[];
  readonly rules: readonly RuleRecord[];
  readonly tradeOff: readonly TradeOffRecord[];
}

/** Where each rule holds, and what the network answers, for all entities. */
export interface RuleData {
  readonly fires: readonly Words[];
  readonly answers: Int32Array;
  /** True classes; null where they are not known. */
  readonly truth: Int32Array | null;
}

export interface Answer {
  readonly code: number;
  readonly fired: readonly number[];
  readonly scores: readonly number[];
}

export interface Measures {
  readonly n: number;
  readonly fidelity: number | null;
  readonly accuracy: number | null;
  readonly coverage: number | null;
  readonly answered: number | null;
  readonly fidelityCovered: number | null;
  readonly conflict: number | null;
  readonly nRules: number;
  readonly nLiterals: number;
  /** Entities by the class of the network and by the answer; the last column is none. */
  readonly table: readonly (readonly number[])[];
}

export function ruleSetOf(table: RuleSetsTable, row: number): RuleSet {
  const fallback = table.default[row] ?? Number.NaN;
  return {
    name: table.name[row] ?? "",
    view: table.view[row] ?? "",
    outputs: table.outputs[row] ?? "",
    labels: table.labels[row] ?? "",
    combination: table.combination[row] ?? "",
    classes: table.classes[row] ?? [],
    fallback: Number.isNaN(fallback) ? NO_ANSWER : fallback,
    base: table.base[row] ?? [],
    values: table.values[row] ?? [],
    rules: table.rules[row] ?? [],
    tradeOff: table.trade_off[row] ?? [],
  };
}

export async function loadRuleData(
  provider: Provider,
  row: number,
  nRules: number,
  nEntities: number,
): Promise<RuleData> {
  const [fires, answers] = await Promise.all(
    ["fires", "answers"].map((what) => provider.numbers(`rules-${row}-${what}`)),
  );
  if (!fires || !answers) throw new Error("This report is damaged: it lacks answers.");
  const words = new Uint32Array(fires);
  const nWords = 2 * Math.ceil(nEntities / 64);
  const codes = new Int32Array(answers);
  return {
    fires: Array.from({ length: nRules }, (_, i) =>
      words.subarray(i * nWords, (i + 1) * nWords),
    ),
    answers: codes.subarray(0, nEntities),
    truth: codes.length > nEntities ? codes.subarray(nEntities) : null,
  };
}

export function isList(set: RuleSet): boolean {
  return set.combination === "list" || set.combination === "first-class";
}

/** What the kept rules answer where `holds` says which of them hold. */
export function answerOf(
  set: RuleSet,
  kept: readonly number[],
  holds: (rule: number) => boolean,
): Answer {
  const { fallback, rules } = set;
  const scores = [...set.base];
  const fired = kept.filter(holds);
  const [first] = fired;
  if (isList(set)) {
    const rule = first === undefined ? undefined : rules[first];
    if (rule === undefined) return { code: fallback, fired, scores };
    scores[rule.label] = rule.weight;
    return { code: rule.label, fired, scores };
  }
  // Rule by rule, in their order, as Python adds them.
  for (const i of fired) {
    const { label, weight } = rules[i] as RuleRecord;
    scores[label] = (scores[label] ?? 0) + weight;
  }
  const most = Math.max(...scores);
  const isFallback = fallback !== NO_ANSWER && scores[fallback] === most;
  const best = isFallback ? fallback : scores.indexOf(most);
  const counts = set.combination === "weighted" && fallback !== NO_ANSWER;
  return { code: fired.length || counts ? best : fallback, fired, scores };
}

/** Count how the kept rules agree with the network on some entities. */
export function measuresOf(
  set: RuleSet,
  data: RuleData,
  kept: readonly number[],
  within: Words,
): Measures {
  const nClasses = set.classes.length;
  const table = set.classes.map(() => new Array<number>(nClasses + 1).fill(0));
  const count = { n: 0, right: 0, true: 0, covered: 0, answered: 0, both: 0, conflict: 0 };
  for (let i = 0; i < data.answers.length; i++) {
    if (!has(within, i)) continue;
    const { code, fired } = answerOf(set, kept, (rule) =>
      has(data.fires[rule] as Words, i),
    );
    const wanted = data.answers[i] as number;
    const isRight = code === wanted;
    count.n += 1;
    count.right += Number(isRight);
    count.true += Number(code === data.truth?.[i]);
    count.covered += Number(fired.length > 0);
    count.both += Number(isRight && fired.length > 0);
    count.answered += Number(code !== NO_ANSWER);
    const labels = new Set(fired.map((rule) => set.rules[rule]?.label));
    count.conflict += Number(labels.size > 1);
    const row = table[wanted];
    const column = code === NO_ANSWER ? nClasses : code;
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  const share = (part: number, of = count.n) => (of ? part / of : null);
  return {
    n: count.n,
    fidelity: share(count.right),
    accuracy: data.truth === null ? null : share(count.true),
    coverage: share(count.covered),
    answered: share(count.answered),
    fidelityCovered: share(count.both, count.covered),
    conflict: share(count.conflict),
    nRules: kept.length,
    nLiterals: kept.reduce((sum, rule) => sum + (set.rules[rule]?.n_literals ?? 0), 0),
    table,
  };
}

/** Covered entities of a set, and those among them to which the network gives a class. */
export function evidenceOf(
  holds: (entity: number) => boolean,
  label: number,
  data: RuleData,
  within: Words,
): { covered: number; correct: number; n: number } {
  const found = { covered: 0, correct: 0, n: 0 };
  for (let i = 0; i < data.answers.length; i++) {
    if (!has(within, i)) continue;
    found.n += 1;
    if (!holds(i)) continue;
    found.covered += 1;
    found.correct += Number(data.answers[i] === label);
  }
  return found;
}

/** Numbers of the rules that an address switches off, from 1 on; those that exist. */
export function parseOff(text: string, nRules: number): ReadonlySet<number> {
  const numbers = text.split(",").map(Number);
  return new Set(numbers.filter((k) => Number.isInteger(k) && k >= 1 && k <= nRules));
}
