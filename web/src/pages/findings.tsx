// All findings: linked histograms, a query box, and a long table.
import { useMemo, useState } from "preact/hooks";
import { binned } from "../charts/bins";
import { Figure } from "../charts/figure";
import { type Range, RangeHistogram } from "../charts/range_histogram";
import { FindingScatter } from "../charts/scatter";
import { Compare } from "../components/compare";
import { DataTable, type Sorting } from "../components/data_table";
import { downloadFindings } from "../components/export";
import { findingColumns } from "../components/finding_columns";
import { useOverlaps } from "../components/use_selection";
import { countText, jaccardText, valueText } from "../data/format";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import { type Filters, formatRanges, matching, parseRanges } from "../state/filters";
import { FILTER_COLUMNS, type Measure, measuresOf } from "../state/measures";
import { useStore } from "../state/store";

const EXAMPLES = ["J > 0.8 and length <= 3", "q < 1e-6", "not confirmed=yes"];

export function Findings() {
  const { app, run, route, selection } = useView();
  const notes = useStore(app.notes);
  const text = route.params.get("q") ?? "";
  const ranges = route.params.get("f") ?? "";
  const filters: Filters = useMemo(
    () => ({ text, ranges: parseRanges(ranges) }),
    [text, ranges],
  );
  const found = useMemo(
    () => matching(run, filters, notes.tags),
    [run, filters, notes.tags],
  );
  const overlap = useOverlaps();
  const columns = useMemo(
    () => findingColumns(app, overlap, selection?.n ?? 0, notes),
    [app, overlap, selection, notes, route],
  );
  const sorting = sortingOf(route.params.get("sort") ?? "");
  const setRange = (name: string, range: Range) => {
    app.set({ f: formatRanges({ ...filters.ranges, [name]: range }) });
  };
  const total = run.tables.findings.rows;
  return (
    <>
      <h2>Findings</h2>
      <p>
        Drag across a histogram to filter; the others show what is left. Every finding is a
        pair or a set of rules that hold for nearly the same {run.meta.entity_nouns}.
      </p>
      <QueryBox text={text} problem={found.problem} />
      <Chips filters={filters} onRange={setRange} run={run} />
      <Histograms run={run} filters={filters} kept={found.rows} onRange={setRange} />
      <FindingScatter rows={found.rows} />
      <div class="toolbar">
        <p role="status">
          <strong>{countText(found.rows.length)}</strong> of {countText(total)} findings
          {selection && `; overlap with the selection of ${countText(selection.n)}`}
        </p>
        <button type="button" onClick={() => downloadFindings(run, found.rows, "csv")}>
          Export as CSV
        </button>
        <button type="button" onClick={() => downloadFindings(run, found.rows, "json")}>
          Export as JSON
        </button>
      </div>
      <Compare />
      <DataTable
        label="Findings"
        columns={columns}
        rows={found.rows}
        sorting={sorting}
        onSort={({ key, descending }) =>
          app.set({ sort: `${descending ? "-" : ""}${key}` })
        }
        version={`${app.rules} ${app.scale} ${selection?.spec ?? ""} ${notes.pinned.join()} ${overlap !== null}`}
        empty="No finding passes these filters."
      />
    </>
  );
}

function sortingOf(text: string): Sorting | null {
  return text ? { key: text.replace(/^-/, ""), descending: text.startsWith("-") } : null;
}

function QueryBox({ text, problem }: { text: string; problem: string }) {
  const { app } = useView();
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <form
      class="query-box"
      onSubmit={(event) => {
        event.preventDefault();
        app.set({ q: draft ?? text });
      }}
    >
      <label for="query">Filter</label>
      <input
        id="query"
        type="text"
        value={draft ?? text}
        placeholder={EXAMPLES[0]}
        aria-invalid={problem !== ""}
        aria-describedby="query-help"
        onInput={(event) => {
          setDraft(event.currentTarget.value);
          app.set({ q: event.currentTarget.value });
        }}
        onBlur={() => setDraft(null)}
      />
      <p
        id="query-help"
        class={problem ? "problem" : "note"}
        role={problem ? "alert" : undefined}
      >
        {problem || (
          <>
            Words and comparisons, such as{" "}
            {EXAMPLES.map((example) => (
              <button
                key={example}
                type="button"
                class="example-query"
                onClick={() => app.set({ q: example })}
              >
                {example}
              </button>
            ))}
            <details>
              <summary>columns</summary>
              {FILTER_COLUMNS.join(", ")}
            </details>
          </>
        )}
      </p>
    </form>
  );
}

interface ChipsProps {
  readonly run: Run;
  readonly filters: Filters;
  readonly onRange: (name: string, range: Range) => void;
}

function Chips({ run, filters, onRange }: ChipsProps) {
  const { app } = useView();
  const active = measuresOf(run).filter((m) => filters.ranges[m.name]);
  if (!active.length && !filters.text) return null;
  return (
    <ul class="chips" aria-label="Filters">
      {active.map((measure) => {
        const [low, high] = filters.ranges[measure.name] ?? [null, null];
        return (
          <li key={measure.name}>
            {measure.label} {low === null ? "" : `≥ ${valueText(low)}`}{" "}
            {high === null ? "" : `≤ ${valueText(high)}`}
            <button
              type="button"
              aria-label={`Remove the filter on ${measure.label}`}
              onClick={() => onRange(measure.name, [null, null])}
            >
              ×
            </button>
          </li>
        );
      })}
      <li>
        <button type="button" class="quiet" onClick={() => app.set({ f: "", q: "" })}>
          clear all filters
        </button>
      </li>
    </ul>
  );
}

interface HistogramsProps extends ChipsProps {
  readonly kept: readonly number[];
}

function Histograms({ run, filters, kept, onRange }: HistogramsProps) {
  const marked = useMemo(() => new Set(kept), [kept]);
  return (
    <div class="histograms">
      {measuresOf(run).map((measure) => (
        <MeasureHistogram
          key={measure.name}
          run={run}
          measure={measure}
          marked={marked}
          range={filters.ranges[measure.name]}
          onRange={(range) => onRange(measure.name, range)}
        />
      ))}
    </div>
  );
}

interface HistogramProps {
  readonly run: Run;
  readonly measure: Measure;
  readonly marked: ReadonlySet<number>;
  readonly range: Range | undefined;
  readonly onRange: (range: Range) => void;
}

function MeasureHistogram({ run, measure, marked, range, onRange }: HistogramProps) {
  const values = useMemo(
    () =>
      Float64Array.from({ length: run.tables.findings.rows }, (_, i) => {
        return measure.of(run, i) ?? Number.NaN;
      }),
    [run, measure],
  );
  const bins = useMemo(() => binned(values, (i) => marked.has(i)), [values, marked]);
  const format = measure.name.includes("jaccard") ? jaccardText : valueText;
  return (
    <Figure
      title={measure.label}
      summary={`Histogram of ${measure.label}: ${measure.meaning}. Findings that pass the filters are dark.`}
      head={["from", "to", "findings", "pass the filters"]}
      rows={() =>
        bins.all.map((count, i) => [
          format(bins.edges[i] ?? 0),
          format(bins.edges[i + 1] ?? 0),
          count,
          bins.marked[i] ?? 0,
        ])
      }
    >
      <RangeHistogram
        label={measure.label}
        bins={bins}
        range={range}
        onRange={onRange}
        height={84}
        format={format}
      />
      <p class="note">{measure.meaning}</p>
    </Figure>
  );
}
