// The values of one neuron or attribute: a histogram with thresholds, or its classes.
import { useMemo, useState } from "preact/hooks";
import { binned } from "../charts/bins";
import { Figure } from "../charts/figure";
import { type Range, RangeHistogram } from "../charts/range_histogram";
import { has } from "../data/bits";
import { countText, defined, shareText, valueText } from "../data/format";
import { interval } from "../data/grammar";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import { termsOf, termsSpec } from "../state/selection";
import { useLoaded } from "../state/store";
import { PlainTable } from "./plain_table";
import { Rounded } from "./rounded";
import { Name, shortened } from "./text";

interface Props {
  readonly row: number;
  readonly findings: readonly number[];
  /** An entity whose place is shown. */
  readonly pointed?: number | null;
}

/** The histogram with the thresholds of its findings; an interval becomes the selection. */
export function Activations({ row, findings, pointed = null }: Props) {
  const { app, run, selection } = useView();
  const { attributes } = run.tables;
  const [label, setLabel] = useState("");
  const column = useLoaded(() => run.column(row), [run, row]);
  const classes = useMemo(() => classesOf(run), [run]);
  const [labelRow, code] = label.split(" ").map(Number);
  const labels = useLoaded(
    () => (label && labelRow !== undefined ? run.column(labelRow) : Promise.resolve(null)),
    [run, label],
  );
  const within = run.scope(app.scope);
  const bins = useMemo(() => {
    if (!column) return null;
    const marked = (i: number) => {
      if (labels) return labels[i] === code;
      return selection !== null && has(selection.words, i);
    };
    return binned(column, marked, (i) => has(within, i), 40);
  }, [column, labels, code, selection, within]);
  if (column === undefined) return null;
  if (column === null || bins === null) {
    return (
      <p class="note">
        Its values did not fit into the file. Quantiles:{" "}
        {attributes.quantiles[row]?.map(valueText).join(", ")}
      </p>
    );
  }
  const name = attributes.name[row] ?? "";
  const view = attributes.view[row] ?? "";
  const lines = thresholds(run, view, name, findings);
  const select = ([low, high]: Range, done: boolean) => {
    if (done && (low === null || high === null || low < high)) {
      app.select(
        termsSpec(view, [{ negated: false, literals: [interval(name, low, high)] }]),
      );
    }
  };
  return (
    <section aria-labelledby="values">
      <h3 id="values">Values</h3>
      {classes.length > 0 && (
        <label>
          Dark bars{" "}
          <select value={label} onChange={(e) => setLabel(e.currentTarget.value)}>
            <option value="">the selection</option>
            {classes.map((c) => (
              <option key={c.value} value={c.value}>
                {c.text}
              </option>
            ))}
          </select>
        </label>
      )}
      <Rounded rows={[row]} />
      <Figure
        title={shortened(attributes.words[row] ?? "", 100)}
        summary={`Histogram of ${countText(run.meta.n_entities)} values with ${lines.length} thresholds of findings drawn in.`}
        head={["from", "to", "all", "dark"]}
        rows={() =>
          bins.all.map((count, i) => [
            valueText(bins.edges[i]),
            valueText(bins.edges[i + 1]),
            count,
            bins.marked[i] ?? 0,
          ])
        }
        note="Lines are thresholds of its findings. Drag across the histogram to select entities."
        wide
      >
        <RangeHistogram
          label={shortened(name, 80)}
          bins={bins}
          lines={lines}
          here={pointed === null ? undefined : defined(column[pointed])}
          height={170}
          onRange={select}
          range={selectedRange(selection?.spec ?? "", view, name)}
        />
      </Figure>
      <ClassMeans column={column} />
    </section>
  );
}

/** The interval of this attribute that the selection stands for. */
function selectedRange(spec: string, view: string, name: string): Range | undefined {
  const terms = termsOf(spec);
  const literal = terms?.terms[0]?.literals[0];
  const isThis = terms?.view === view && literal?.attribute === name;
  return isThis && literal.values === null ? [literal.low, literal.high] : undefined;
}

function thresholds(run: Run, view: string, name: string, findings: readonly number[]) {
  const lines = new Map<number, string[]>();
  for (const finding of findings) {
    const query = run.tables.findings.queries[finding]?.find((q) => q.view === view);
    for (const literal of query?.terms.flatMap((t) => t.literals) ?? []) {
      if (literal.attribute !== name) continue;
      for (const end of [literal.low, literal.high]) {
        if (end === null) continue;
        lines.set(end, [...(lines.get(end) ?? []), run.tables.findings.id[finding] ?? ""]);
      }
    }
  }
  return [...lines].map(([at, ids]) => ({
    at,
    label: `${valueText(at)}: ${ids.join(", ")}`,
  }));
}

function classesOf(run: Run): { value: string; text: string }[] {
  const { attributes } = run.tables;
  return Array.from({ length: attributes.rows }, (_, i) => i)
    .filter((i) => (attributes.categories[i]?.length ?? 0) > 1)
    .flatMap((i) =>
      (attributes.categories[i] ?? []).map((category, code) => ({
        value: `${i} ${code}`,
        text: shortened(`${attributes.words[i]} is ${category}`, 80),
      })),
    )
    .slice(0, 60);
}

/** The mean in each class. */
function ClassMeans({ column }: { column: ArrayLike<number> }) {
  const { run } = useView();
  const { attributes } = run.tables;
  const rows = Array.from({ length: attributes.rows }, (_, i) => i)
    .filter((i) => {
      const n = attributes.categories[i]?.length ?? 0;
      return n > 1 && n <= 30;
    })
    .slice(0, 3);
  const labels = useLoaded(
    () => Promise.all(rows.map((i) => run.column(i))),
    [run, rows.join()],
  );
  if (!labels) return null;
  const lines = rows.flatMap((row, k) => {
    const codes = labels[k];
    if (!codes) return [];
    return (attributes.categories[row] ?? []).map((category, code) => {
      let n = 0;
      let sum = 0;
      for (let i = 0; i < column.length; i++) {
        const value = column[i] as number;
        if (codes[i] !== code || Number.isNaN(value)) continue;
        n++;
        sum += value;
      }
      return [
        <Name key="c" text={`${attributes.words[row]} is ${category}`} longest={80} />,
        countText(n),
        n ? valueText(sum / n) : "",
      ];
    });
  });
  if (!lines.length) return null;
  return (
    <PlainTable
      caption={`Mean in each class, over all ${run.meta.entity_nouns}`}
      head={["class", run.meta.entity_nouns, "mean"]}
      numeric={[1, 2]}
      rows={lines}
    />
  );
}

export function Classes({ row }: { row: number }) {
  const { app, run } = useView();
  const { attributes } = run.tables;
  const column = useLoaded(() => run.column(row), [run, row]);
  if (!column) return null;
  const name = attributes.name[row] ?? "";
  const view = attributes.view[row] ?? "";
  const counts = (attributes.categories[row] ?? []).map((category, code) => {
    let n = 0;
    for (let i = 0; i < column.length; i++) if (column[i] === code) n++;
    return { category, n };
  });
  return (
    <section aria-labelledby="classes">
      <h3 id="classes">Classes</h3>
      <PlainTable
        caption={`Classes of ${shortened(name, 60)}`}
        head={["class", run.meta.entity_nouns, "share", "select"]}
        numeric={[1, 2]}
        rows={counts.map(({ category, n }) => [
          <Name key="c" text={category} longest={80} />,
          countText(n),
          shareText(n / run.meta.n_entities),
          <button
            key="s"
            type="button"
            class="quiet"
            onClick={() =>
              app.select(
                termsSpec(view, [
                  {
                    negated: false,
                    literals: [
                      { ...interval(name, 0, null), low: null, values: [category] },
                    ],
                  },
                ]),
              )
            }
          >
            select <Name text={category} longest={30} />
          </button>,
        ])}
      />
    </section>
  );
}
