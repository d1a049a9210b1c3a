// The columns of the table of findings.
import { countText, defined, jaccardText, pText, valueText } from "../data/format";
import { printQuery } from "../data/print";
import type { App } from "../state/app";
import type { Notes } from "../state/notes";
import { linkTo } from "../state/url";
import type { TableColumn } from "./data_table";
import { shortened } from "./text";
import { liftOf, type Overlaps } from "./use_selection";

export function findingColumns(
  app: App,
  overlap: Overlaps | null,
  nSelected: number,
  notes: Notes,
): TableColumn[] {
  const { run } = app;
  const { findings } = run.tables;
  const route = app.route.value;
  const rule = (row: number): string => {
    const words = findings.words[row] ?? [];
    const texts = (findings.queries[row] ?? []).map((query, i) =>
      printQuery(run, query, app.rules, app.scale, words[i]),
    );
    return shortened(texts.join(" ⇔ "), 600);
  };
  const number = (
    key: string,
    label: string,
    of: (row: number) => number | null,
    text: (value: number | null) => string,
    width = 84,
  ): TableColumn => ({
    key,
    label,
    width,
    numeric: true,
    value: of,
    cell: (row) => ({ text: text(of(row)) }),
  });
  const tested: TableColumn[] = run.isTested
    ? [
        number("jaccard", "J", (i) => defined(findings.jaccard[i]), jaccardText, 70),
        number(
          "adjusted_jaccard",
          "adj. J",
          (i) => defined(findings.adjusted_jaccard[i]),
          jaccardText,
          84,
        ),
      ]
    : [];
  const evidence: TableColumn[] = run.isTested
    ? [
        number("support", "support", (i) => defined(findings.support[i]), countText, 90),
        number(
          "strength",
          "q",
          (i) => minus(defined(findings.log10_q[i])),
          (v) => pText(minus(v)),
          84,
        ),
        {
          key: "confirmed",
          label: "ok",
          width: 56,
          value: (i) => findings.confirmed[i] ?? 2,
          cell: (i) => ({
            text: ["", "✓", ""][findings.confirmed[i] ?? 2] ?? "",
            title: findings.confirmed[i] === 1 ? "confirmed" : "not confirmed",
          }),
        },
      ]
    : [
        number(
          "support_mined",
          "support mined",
          (i) => findings.support_mined[i] ?? null,
          countText,
          130,
        ),
        number(
          "adjusted_jaccard_mined",
          "adj. J mined",
          (i) => defined(findings.adjusted_jaccard_mined[i]),
          jaccardText,
          120,
        ),
      ];
  const search: TableColumn[] = run.meta.n_permutations
    ? [number("p_search", "p search", (i) => defined(findings.p_search[i]), valueText, 96)]
    : [];
  const stability: TableColumn[] = run.meta.n_bootstrap
    ? [
        number(
          "stability",
          "stability",
          (i) => defined(findings.stability[i]),
          jaccardText,
          96,
        ),
      ]
    : [];
  const selected: TableColumn[] = overlap
    ? [
        number("overlap", "overlap", (i) => overlap.counts[i] ?? 0, countText, 92),
        number(
          "lift",
          "lift",
          (i) => liftOf(overlap, i, nSelected, run.meta.n_entities),
          valueText,
          72,
        ),
      ]
    : [];
  return [
    {
      key: "id",
      label: "id",
      width: 70,
      value: (i) => i,
      cell: (i) => ({
        text: `${notes.pinned.includes(findings.id[i] ?? "") ? "★ " : ""}${findings.id[i]}`,
        href: linkTo(route, "r", findings.id[i]),
      }),
    },
    {
      key: "rules",
      label: "rules",
      grow: 4,
      value: rule,
      cell: (i) => {
        const text = rule(i);
        return {
          text,
          title: text,
          href: linkTo(route, "r", findings.id[i]),
          className: "rules",
        };
      },
    },
    ...selected,
    ...tested,
    number(
      "jaccard_mined",
      "J mined",
      (i) => findings.jaccard_mined[i] ?? null,
      jaccardText,
      92,
    ),
    ...evidence,
    ...search,
    ...stability,
    number("length", "length", (i) => findings.n_literals[i] ?? null, countText, 80),
  ];
}

function minus(value: number | null): number | null {
  return value === null ? null : -value;
}
