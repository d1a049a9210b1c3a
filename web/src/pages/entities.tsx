// The entities and the cohorts made of them.
import { useMemo, useState } from "preact/hooks";
import { binned } from "../charts/bins";
import { Figure } from "../charts/figure";
import { type Range, RangeHistogram } from "../charts/range_histogram";
import { DataTable, type TableColumn } from "../components/data_table";
import { download } from "../components/export";
import { PlainTable } from "../components/plain_table";
import { Name, shortened } from "../components/text";
import { has, positions } from "../data/bits";
import { coverage } from "../data/coverage";
import { countText, valueText } from "../data/format";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import type { Cohort } from "../state/notes";
import { idsSpec, MAX_LINKED_IDS } from "../state/selection";
import { useLoaded, useStore } from "../state/store";
import { linkTo, type Route } from "../state/url";

export function Entities() {
  const { app, run, route, selection } = useView();
  const { entities } = run.tables;
  const counts = useLoaded(async () => {
    const rows = await run.intersections();
    return coverage(rows, run.everything.length, run.meta.n_entities);
  }, [run]);
  const labels = useMemo(() => labelRows(run), [run]);
  const values = useLoaded(() => Promise.all(labels.map((row) => run.column(row))), [run]);
  const within = run.scope(app.scope);
  const rows = useMemo(() => {
    const all = Array.from({ length: entities.rows }, (_, i) => i);
    return all.filter((i) => has(within, i) && (!selection || has(selection.words, i)));
  }, [entities, within, selection]);
  const columns = useMemo(
    () => entityColumns(run, route, counts, labels, values ?? []),
    [run, route, counts, labels, values],
  );
  const sort = route.params.get("sort") ?? "";
  return (
    <>
      <h2>
        <Capital text={run.meta.entity_nouns} /> and cohorts
      </h2>
      <p>
        A cohort is a selection with a name, kept in this browser. Select on any page: a
        part of a finding, an interval of a neuron, a class.
      </p>
      {counts && <Coverage counts={counts} />}
      <Cohorts />
      <div class="toolbar">
        <p role="status">
          <strong>{countText(rows.length)}</strong> of {countText(entities.rows)}{" "}
          {run.meta.entity_nouns}
          {selection && ", those selected"}
        </p>
        <button
          type="button"
          onClick={() =>
            download(
              "ids.json",
              JSON.stringify(
                rows.map((i) => entities.id[i]),
                null,
                1,
              ),
              "application/json",
            )
          }
        >
          Download ids
        </button>
      </div>
      <DataTable
        label={run.meta.entity_nouns}
        columns={columns}
        rows={rows}
        sorting={
          sort ? { key: sort.replace(/^-/, ""), descending: sort.startsWith("-") } : null
        }
        onSort={({ key, descending }) =>
          app.set({ sort: `${descending ? "-" : ""}${key}` })
        }
        version={`${counts !== undefined} ${values !== undefined}`}
        empty={`No ${run.meta.entity_noun} is selected here.`}
      />
    </>
  );
}

function Capital({ text }: { text: string }) {
  return <>{shortened(text.charAt(0).toUpperCase() + text.slice(1), 60)}</>;
}

function labelRows(run: Run): number[] {
  const { attributes } = run.tables;
  return Array.from({ length: attributes.rows }, (_, i) => i)
    .filter((i) => attributes.kind[i] !== "numeric")
    .slice(0, 3);
}

function entityColumns(
  run: Run,
  route: Route,
  counts: Uint32Array | undefined,
  labels: readonly number[],
  values: readonly (ArrayLike<number> | null)[],
): TableColumn[] {
  const { attributes, entities } = run.tables;
  const grouped: TableColumn[] = run.meta.grouped
    ? [
        {
          key: "group",
          label: "group",
          width: 140,
          value: (i) => entities.group[i] ?? "",
          cell: (i) => ({ text: shortened(entities.group[i] ?? "", 60) }),
        },
      ]
    : [];
  return [
    {
      key: "id",
      label: run.meta.entity_noun,
      grow: 2,
      value: (i) => entities.id[i] ?? "",
      cell: (i) => ({
        text: shortened(entities.id[i] ?? "", 120),
        href: linkTo(route, "e", entities.id[i]),
      }),
    },
    ...grouped,
    {
      key: "part",
      label: "part",
      width: 100,
      value: (i) => entities.held_out[i] ?? 0,
      cell: (i) => ({ text: entities.held_out[i] === 1 ? "held out" : "mined" }),
    },
    {
      key: "findings",
      label: "findings",
      width: 100,
      numeric: true,
      value: (i) => counts?.[i] ?? null,
      cell: (i) => ({ text: countText(counts?.[i]) }),
    },
    ...labels.map((row, k): TableColumn => {
      const text = (i: number): string => {
        const code = values[k]?.[i];
        return code === undefined ? "" : (attributes.categories[row]?.[code] ?? "");
      };
      return {
        key: `label-${row}`,
        label: shortened(attributes.name[row] ?? "", 40),
        value: text,
        cell: (i) => ({ text: shortened(text(i), 60) }),
      };
    }),
  ];
}

/** How many findings cover each entity; an interval becomes the selection. */
function Coverage({ counts }: { counts: Uint32Array }) {
  const { app, run, selection } = useView();
  const within = run.scope(app.scope);
  const bins = useMemo(
    () =>
      binned(
        counts,
        (i) => selection !== null && has(selection.words, i),
        (i) => has(within, i),
      ),
    [counts, selection, within],
  );
  const none = positions(within).filter((i) => counts[i] === 0);
  const select = ([low, high]: Range, done: boolean) => {
    if (!done) return;
    const chosen = positions(within).filter(
      (i) => (counts[i] ?? 0) >= (low ?? 0) && (counts[i] ?? 0) <= (high ?? Infinity),
    );
    choose(
      chosen.map((i) => run.tables.entities.id[i] ?? ""),
      `in ${valueText(low)} to ${valueText(high)} findings`,
    );
  };
  const choose = (ids: readonly string[], name: string) => {
    if (ids.length <= MAX_LINKED_IDS) app.select(idsSpec(ids));
    else {
      app.notes.saveCohort({ name, how: name, ids });
      app.select(`cohort:${name}`);
    }
  };
  return (
    <Figure
      title="In how many findings"
      summary={`Histogram: for how many findings all rules hold, for each of ${countText(run.meta.n_entities)} ${run.meta.entity_nouns}.`}
      head={["from", "to", run.meta.entity_nouns, "selected"]}
      rows={() =>
        bins.all.map((count, i) => [
          valueText(bins.edges[i]),
          valueText(bins.edges[i + 1]),
          count,
          bins.marked[i] ?? 0,
        ])
      }
      note={`${countText(none.length)} are in none. Drag across the histogram to select; dark bars are the selection.`}
      wide
    >
      <RangeHistogram
        label="In how many findings"
        bins={bins}
        onRange={select}
        format={(v) => countText(Math.max(0, v))}
      />
    </Figure>
  );
}

const OPERATIONS = ["and", "or", "without"] as const;
type Operation = (typeof OPERATIONS)[number];

function Cohorts() {
  const { app } = useView();
  const { cohorts } = useStore(app.notes);
  const [operation, setOperation] = useState<Operation>("and");
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  if (!cohorts.length) return null;
  const find = (name: string) => cohorts.find((cohort) => cohort.name === name);
  const combine = () => {
    const [a, b] = [find(first), find(second)];
    if (a === undefined || b === undefined) return;
    const name = `${a.name} ${operation} ${b.name}`;
    app.notes.saveCohort({ name, how: name, ids: combined(a.ids, b.ids, operation) });
    app.select(`cohort:${name}`);
  };
  return (
    <section aria-labelledby="cohorts">
      <h3 id="cohorts">Cohorts</h3>
      <PlainTable
        caption="Saved in this browser"
        head={["cohort", "how", "size", "select", "remove"]}
        numeric={[2]}
        rows={cohorts.map((cohort: Cohort) => [
          <Name key="n" text={cohort.name} longest={80} />,
          <Name key="h" text={cohort.how} longest={160} />,
          countText(cohort.ids.length),
          <button
            key="s"
            type="button"
            class="quiet"
            onClick={() => app.select(`cohort:${cohort.name}`)}
          >
            select
          </button>,
          <button
            key="r"
            type="button"
            class="quiet"
            onClick={() => app.notes.removeCohort(cohort.name)}
          >
            remove
          </button>,
        ])}
      />
      {cohorts.length > 1 && (
        <div class="toolbar">
          <CohortChoice
            label="First cohort"
            value={first}
            onChange={setFirst}
            cohorts={cohorts}
          />
          <select
            aria-label="Operation"
            value={operation}
            onChange={(e) => setOperation(e.currentTarget.value as Operation)}
          >
            {OPERATIONS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <CohortChoice
            label="Second cohort"
            value={second}
            onChange={setSecond}
            cohorts={cohorts}
          />
          <button type="button" onClick={combine} disabled={!find(first) || !find(second)}>
            Make a cohort
          </button>
        </div>
      )}
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly cohorts: readonly Cohort[];
}

function CohortChoice({ label, value, onChange, cohorts }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
    >
      <option value="">choose …</option>
      {cohorts.map((cohort) => (
        <option key={cohort.name} value={cohort.name}>
          {shortened(cohort.name, 60)}
        </option>
      ))}
    </select>
  );
}

export function combined(
  a: readonly string[],
  b: readonly string[],
  operation: Operation,
): string[] {
  const others = new Set(b);
  if (operation === "and") return a.filter((id) => others.has(id));
  if (operation === "or") return [...new Set([...a, ...b])];
  return a.filter((id) => !others.has(id));
}
