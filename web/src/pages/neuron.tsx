// The card of one neuron or attribute: its values, its findings, what is like it.
import { useMemo, useState } from "preact/hooks";
import { binned } from "../charts/bins";
import { Figure } from "../charts/figure";
import { type Range, RangeHistogram } from "../charts/range_histogram";
import { EntityTable } from "../components/examples";
import { NotesOf } from "../components/notes_of";
import { PlainTable } from "../components/plain_table";
import { FindingText, Name, shortened } from "../components/text";
import { has, positions } from "../data/bits";
import {
  countText,
  defined,
  jaccardText,
  pText,
  shareText,
  valueText,
} from "../data/format";
import { interval } from "../data/grammar";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import { termsOf, termsSpec } from "../state/selection";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";
import { NotFound } from "./not_found";

export function NeuronPage({ id }: { id: string }) {
  const { run } = useView();
  const { attributes, targets } = run.tables;
  const row = attributes.target.indexOf(id);
  if (row < 0) return <NotFound what="neuron or attribute" id={id} />;
  const target = run.targetOf(id);
  const findings = findingsNaming(run, row);
  const own = findings.filter((i) => run.tables.findings.target[i] === id);
  const others = findings.filter((i) => run.tables.findings.target[i] !== id);
  const isNumeric = attributes.kind[row] === "numeric";
  return (
    <>
      <h2>
        <Name text={attributes.words[row] ?? ""} longest={200} />
      </h2>
      <p class="note">
        <Name text={id} longest={400} /> · view <Name text={attributes.view[row] ?? ""} /> ·{" "}
        {attributes.kind[row]}
      </p>
      <Facts row={row} target={target} />
      {isNumeric ? <Activations row={row} findings={own} /> : <Classes row={row} />}
      <FindingList caption="Findings that explain it" findings={own} />
      <FindingList caption="Other findings that name it" findings={others} />
      {target !== null && (targets.meanings[target]?.length ?? 0) > 1 && (
        <section aria-labelledby="meanings">
          <h3 id="meanings">Several meanings</h3>
          <p>Its findings name things that exclude each other:</p>
          <ul>
            {targets.meanings[target]?.map((text) => (
              <li key={text}>
                <Name text={text} longest={300} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <Similar id={id} />
      {isNumeric && <TopEntities row={row} />}
      <NotesOf id={id} />
    </>
  );
}

function findingsNaming(run: Run, row: number): number[] {
  const { attributes, findings } = run.tables;
  const view = attributes.view[row];
  const name = attributes.name[row];
  const found: number[] = [];
  findings.queries.forEach((queries, i) => {
    const query = queries.find((q) => q.view === view);
    const names = query?.terms.flatMap((t) => t.literals.map((l) => l.attribute));
    if (names?.includes(name ?? "")) found.push(i);
  });
  return found;
}

function Facts({ row, target }: { row: number; target: number | null }) {
  const { run } = useView();
  const { attributes, targets } = run.tables;
  const facts: [string, string][] = [
    [
      "state",
      target === null
        ? "was not to be explained"
        : (targets.state[target] ?? "").replace("_", " "),
    ],
    ["reason", target === null ? "" : (targets.reason[target] ?? "")],
    ["role", target === null ? "" : (targets.role[target] ?? "")],
    [
      "best J",
      target === null
        ? ""
        : jaccardText(
            defined(targets.jaccard[target]) ?? defined(targets.best_jaccard_mined[target]),
          ),
    ],
    [
      "best pair of one condition each, J mined",
      target === null ? "" : jaccardText(defined(targets.baseline_jaccard[target])),
    ],
    ["proven", target === null ? "" : (targets.proven[target] ?? "")],
    [
      "p of the search",
      target === null ? "" : valueText(defined(targets.p_search[target])),
    ],
    ["above 0", shareText(defined(attributes.share_active[row]))],
    ["mean", valueText(defined(attributes.mean[row]))],
    ["range", range(attributes.minimum[row], attributes.maximum[row])],
    ["distinct values", countText(attributes.n_distinct[row])],
    [
      "missing",
      (attributes.share_missing[row] ?? 0) > 0
        ? shareText(attributes.share_missing[row])
        : "",
    ],
    ["equal to", shortened(attributes.duplicate_of[row] ?? "", 100)],
  ];
  return (
    <dl class="facts-grid">
      {facts
        .filter(([, text]) => text !== "")
        .map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}

function range(low: number | undefined, high: number | undefined): string {
  const ends = [valueText(low), valueText(high)];
  return ends.every((end) => end !== "") ? ends.join(" to ") : "";
}

/** The histogram with the thresholds of its findings; an interval becomes the selection. */
function Activations({ row, findings }: { row: number; findings: readonly number[] }) {
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

function Classes({ row }: { row: number }) {
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

function FindingList({
  caption,
  findings,
}: {
  caption: string;
  findings: readonly number[];
}) {
  const { run, route } = useView();
  const table = run.tables.findings;
  if (!findings.length) return null;
  return (
    <section aria-label={caption}>
      <h3>{caption}</h3>
      <PlainTable
        caption={`${caption}: ${countText(findings.length)}`}
        head={["id", "rules", "J", "J mined", "q", "confirmed"]}
        numeric={[2, 3, 4]}
        limit={50}
        rows={findings.map((i) => [
          <a key="id" href={linkTo(route, "r", table.id[i])}>
            {table.id[i]}
          </a>,
          <FindingText key="t" finding={i} />,
          jaccardText(defined(table.jaccard[i])),
          jaccardText(table.jaccard_mined[i]),
          pText(defined(table.log10_q[i])),
          table.confirmed[i] === 1 ? "✓" : "",
        ])}
      />
    </section>
  );
}

/** Neurons of other layers and networks that findings match with this one. */
function Similar({ id }: { id: string }) {
  const { run, route } = useView();
  const { matches } = run.tables;
  const rows = Array.from({ length: matches.rows }, (_, i) => i).filter(
    (i) => matches.left[i] === id || matches.right[i] === id,
  );
  if (!rows.length) return null;
  return (
    <section aria-labelledby="similar">
      <h3 id="similar">Matched in other layers and networks</h3>
      <PlainTable
        caption="One-to-one matches by findings, beside the correlation of the values"
        head={["neuron", "finding", "J", "correlation"]}
        numeric={[2, 3]}
        rows={rows.map((i) => {
          const other = matches.left[i] === id ? matches.right[i] : matches.left[i];
          return [
            <a key="n" href={linkTo(route, "n", other)}>
              <Name text={other ?? ""} longest={80} />
            </a>,
            <a key="f" href={linkTo(route, "r", matches.finding[i])}>
              {matches.finding[i]}
            </a>,
            jaccardText(defined(matches.jaccard[i])),
            valueText(defined(matches.correlation[i])),
          ];
        })}
      />
    </section>
  );
}

function TopEntities({ row }: { row: number }) {
  const { app, run } = useView();
  return (
    <section aria-labelledby="top-entities">
      <h3 id="top-entities">Examples</h3>
      <EntityTable entities={positions(run.scope(app.scope))} columns={[row]} />
    </section>
  );
}
