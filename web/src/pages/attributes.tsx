// What is known about the entities: how attributes and labels occur in the findings.
import { useMemo } from "preact/hooks";
import { Figure } from "../charts/figure";
import { Heatmap } from "../charts/heatmap";
import { seriated } from "../charts/seriation";
import { DataTable, type TableColumn } from "../components/data_table";
import { Name, shortened } from "../components/text";
import { countText, defined, jaccardText, shareText, valueText } from "../data/format";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import { linkTo, type Route } from "../state/url";

const MOST = 30;

export function Attributes() {
  const { app, run, route } = useView();
  const { attributes } = run.tables;
  const view = route.params.get("view") ?? "";
  const all = useMemo(
    () => Array.from({ length: attributes.rows }, (_, i) => i),
    [attributes],
  );
  const kept = useMemo(
    () =>
      all.filter((i) => (view ? attributes.view[i] === view : attributes.neuron[i] !== 1)),
    [all, attributes, view],
  );
  const best = useMemo(() => bestTargets(run), [run]);
  const columns = useMemo(() => attributeColumns(run, route, best), [run, route, best]);
  const sort = route.params.get("sort") ?? "-n_findings";
  return (
    <>
      <h2>Attributes and labels</h2>
      <div class="toolbar filters">
        <label>
          View{" "}
          <select value={view} onChange={(e) => app.set({ view: e.currentTarget.value })}>
            <option value="">all that are no neurons</option>
            {run.meta.views.map((v) => (
              <option key={v.name} value={v.name}>
                {shortened(v.name, 60)}
              </option>
            ))}
          </select>
        </label>
        <p role="status">
          <strong>{countText(kept.length)}</strong> of {countText(attributes.rows)}
        </p>
      </div>
      <DataTable
        label="Attributes and labels"
        columns={columns}
        rows={kept}
        sorting={{ key: sort.replace(/^-/, ""), descending: sort.startsWith("-") }}
        onSort={({ key, descending }) =>
          app.set({ sort: `${descending ? "-" : ""}${key}` })
        }
        version={route.params.get("s") ?? ""}
        empty="This view has no attributes."
      />
      <Together />
    </>
  );
}

interface Best {
  readonly target: string;
  readonly finding: string;
  readonly jaccard: number;
}

/** The target that each attribute is linked with best, by view and name. */
function bestTargets(run: Run): ReadonlyMap<string, Best> {
  const { links } = run.tables;
  const best = new Map<string, Best>();
  for (let i = 0; i < links.rows; i++) {
    const key = JSON.stringify([links.concept_view[i], links.concept[i]]);
    const jaccard = defined(links.jaccard[i]) ?? links.jaccard_mined[i] ?? 0;
    if (jaccard > (best.get(key)?.jaccard ?? -1)) {
      best.set(key, {
        target: links.target[i] ?? "",
        finding: links.best[i] ?? "",
        jaccard,
      });
    }
  }
  return best;
}

function attributeColumns(
  run: Run,
  route: Route,
  best: ReadonlyMap<string, Best>,
): TableColumn[] {
  const { attributes } = run.tables;
  const bestOf = (i: number) =>
    best.get(JSON.stringify([attributes.view[i], attributes.name[i]]));
  const number = (
    key: string,
    label: string,
    value: (i: number) => number | null,
    text: (value: number | null) => string,
    width: number,
  ): TableColumn => ({
    key,
    label,
    width,
    numeric: true,
    value,
    cell: (i) => ({ text: text(value(i)) }),
  });
  return [
    {
      key: "name",
      label: "attribute",
      grow: 3,
      value: (i) => attributes.name[i] ?? "",
      cell: (i) => ({
        text: shortened(attributes.name[i] ?? "", 160),
        href: linkTo(route, "n", attributes.target[i]),
      }),
    },
    {
      key: "view",
      label: "view",
      width: 130,
      value: (i) => attributes.view[i] ?? "",
      cell: (i) => ({ text: shortened(attributes.view[i] ?? "", 60) }),
    },
    {
      key: "kind",
      label: "kind",
      width: 100,
      value: (i) => attributes.kind[i] ?? "",
      cell: (i) => ({ text: attributes.kind[i] ?? "" }),
    },
    number("missing", "missing", (i) => attributes.share_missing[i] ?? 0, shareText, 96),
    number("distinct", "distinct", (i) => attributes.n_distinct[i] ?? 0, countText, 96),
    number("mean", "mean", (i) => defined(attributes.mean[i]), valueText, 90),
    number("n_findings", "findings", (i) => attributes.n_findings[i] ?? 0, countText, 96),
    {
      key: "best",
      label: "best target",
      grow: 2,
      value: (i) => bestOf(i)?.target ?? "",
      cell: (i) => {
        const found = bestOf(i);
        return found
          ? { text: shortened(found.target, 80), href: linkTo(route, "n", found.target) }
          : { text: "" };
      },
    },
    number("jaccard", "its J", (i) => bestOf(i)?.jaccard ?? null, jaccardText, 80),
  ];
}

/** Which targets and attributes occur in the same findings. */
function Together() {
  const { app, run, route } = useView();
  const { links } = run.tables;
  const chosen = useMemo(() => {
    const rows = Array.from({ length: links.rows }, (_, i) => i);
    const top = (names: readonly string[]) => {
      const counts = new Map<string, number>();
      for (const [i, name] of names.entries()) {
        counts.set(name, (counts.get(name) ?? 0) + (links.n_findings[i] ?? 0));
      }
      const sorted = [...counts].sort((a, b) => b[1] - a[1]);
      return new Set(sorted.slice(0, MOST).map(([name]) => name));
    };
    const concepts = rows.map((i) => `${links.concept_view[i]}: ${links.concept[i]}`);
    const [targets, known] = [top(links.target), top(concepts)];
    return rows.flatMap((i) => {
      const [row, column] = [links.target[i] ?? "", concepts[i] ?? ""];
      if (!targets.has(row) || !known.has(column)) return [];
      const value = defined(links.jaccard[i]) ?? links.jaccard_mined[i] ?? 0;
      return [{ row, column, value, finding: links.best[i] ?? "" }];
    });
  }, [links]);
  const order = useMemo(
    () => seriated(chosen.map((c) => [c.row, c.column, c.value])),
    [chosen],
  );
  if (!chosen.length) return null;
  return (
    <Figure
      title="What occurs together"
      summary={`Heatmap of ${order.rows.length} targets by ${order.columns.length} attributes: the J of their best finding.`}
      head={["target", "attribute", "J", "finding"]}
      rows={() =>
        chosen.map((cell) => [
          <Name key="t" text={cell.row} longest={80} />,
          <Name key="a" text={cell.column} longest={80} />,
          jaccardText(cell.value),
          <a key="f" href={linkTo(route, "r", cell.finding)}>
            {cell.finding}
          </a>,
        ])
      }
      note={`At most ${MOST} of each, those in most findings; similar ones stand side by side. The shade is the J of the best finding with both.`}
      wide
    >
      <Heatmap
        label="Targets by attributes"
        rows={order.rows}
        columns={order.columns}
        cells={chosen}
        onOpen={(cell) => app.open(linkTo(route, "r", cell.finding ?? ""))}
      />
    </Figure>
  );
}
