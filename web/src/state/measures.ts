// The numbers of a finding that can be filtered, sorted and drawn.
import { defined } from "../data/format";
import type { Run } from "../data/run";
import type { Row } from "./expression";

export interface Measure {
  readonly name: string;
  readonly label: string;
  /** What it means, in half a sentence. */
  readonly meaning: string;
  readonly of: (run: Run, finding: number) => number | null;
  /** Whether it exists only with a hold-out. */
  readonly tested: boolean;
}

export const MEASURES: readonly Measure[] = [
  {
    name: "jaccard",
    label: "J",
    meaning: "Jaccard index on the hold-out: 1 is perfect agreement",
    of: (run, i) => defined(run.tables.findings.jaccard[i]),
    tested: true,
  },
  {
    name: "adjusted_jaccard",
    label: "adjusted J",
    meaning: "J on the hold-out with agreement by chance taken away",
    of: (run, i) => defined(run.tables.findings.adjusted_jaccard[i]),
    tested: true,
  },
  {
    name: "jaccard_mined",
    label: "J mined",
    meaning: "J where the rules were searched; optimistic",
    of: (run, i) => defined(run.tables.findings.jaccard_mined[i]),
    tested: false,
  },
  {
    name: "adjusted_jaccard_mined",
    label: "adjusted J mined",
    meaning: "J mined with agreement by chance taken away",
    of: (run, i) => defined(run.tables.findings.adjusted_jaccard_mined[i]),
    tested: false,
  },
  {
    name: "support",
    label: "support",
    meaning: "held-out entities for which all rules hold",
    of: (run, i) => defined(run.tables.findings.support[i]),
    tested: true,
  },
  {
    name: "support_mined",
    label: "support mined",
    meaning: "mined entities for which all rules hold",
    of: (run, i) => defined(run.tables.findings.support_mined[i]),
    tested: false,
  },
  {
    name: "strength",
    label: "−log10 q",
    meaning: "strength of the evidence: 2 is q = 0.01, 30 is q = 1e-30",
    of: (run, i) => negative(defined(run.tables.findings.log10_q[i])),
    tested: true,
  },
  {
    name: "length",
    label: "length",
    meaning: "conditions of all rules together",
    of: (run, i) => defined(run.tables.findings.n_literals[i]),
    tested: false,
  },
  {
    name: "loss",
    label: "J mined − J",
    meaning: "what was lost on the hold-out: near 0 where a finding generalises",
    of: (run, i) => {
      const held = defined(run.tables.findings.jaccard[i]);
      return held === null ? null : (run.tables.findings.jaccard_mined[i] ?? 0) - held;
    },
    tested: true,
  },
];

const MORE: Readonly<Record<string, (run: Run, i: number) => number | null>> = {
  q_value: (run, i) => power(defined(run.tables.findings.log10_q[i])),
  p_value: (run, i) => power(defined(run.tables.findings.log10_p[i])),
  p_mined: (run, i) => power(defined(run.tables.findings.log10_p_mined[i])),
  p_search: (run, i) => defined(run.tables.findings.p_search[i]),
  stability: (run, i) => defined(run.tables.findings.stability[i]),
  recovery: (run, i) => defined(run.tables.findings.recovery[i]),
  work: (run, i) => defined(run.tables.findings.work[i]),
  views: (run, i) => run.tables.findings.queries[i]?.length ?? 0,
};

const SHORT: Readonly<Record<string, string>> = {
  j: "jaccard",
  q: "q_value",
  p: "p_value",
  n_literals: "length",
};

export const FILTER_COLUMNS: readonly string[] = [
  ...MEASURES.map((measure) => measure.name),
  ...Object.keys(MORE),
  ...["id", "target", "view", "kind", "partner", "confirmed", "tag"],
];

export function measuresOf(run: Run): Measure[] {
  return MEASURES.filter((measure) => run.isTested || !measure.tested);
}

/** A finding as the query box sees it. */
export function rowOf(
  run: Run,
  finding: number,
  tags: Readonly<Record<string, readonly string[]>>,
): Row {
  const { findings } = run.tables;
  const queries = findings.queries[finding] ?? [];
  const id = findings.id[finding] ?? "";
  const texts: Record<string, string> = {
    id,
    target: findings.target[finding] ?? "",
    view: findings.view[finding] ?? "",
    kind: findings.kind[finding] ?? "",
    partner: queries
      .slice(1)
      .map((query) => query.view)
      .join(" "),
    confirmed: ["no", "yes", ""][findings.confirmed[finding] ?? 2] ?? "",
    tag: (tags[id] ?? []).join(" "),
  };
  const words = findings.words[finding] ?? [];
  const everything = [
    ...Object.values(texts),
    ...queries.flatMap((q) => [q.view, q.text]),
    ...words,
  ]
    .join("\n")
    .toLowerCase();
  return {
    everything,
    text: (name) => texts[name.toLowerCase()],
    number: (name) => {
      const lower = name.toLowerCase();
      const known = SHORT[lower] ?? lower;
      const measure = MEASURES.find((m) => m.name === known);
      if (measure !== undefined) return measure.of(run, finding);
      return MORE[known]?.(run, finding);
    },
  };
}

function power(log10: number | null): number | null {
  return log10 === null ? null : 10 ** log10;
}

function negative(value: number | null): number | null {
  return value === null ? null : -value;
}
