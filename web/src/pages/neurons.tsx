// What became of every target: neurons first, in a table and a chart.
import { useMemo } from "preact/hooks";
import { axis, upToOne } from "../charts/colours";
import { EChart } from "../charts/echart";
import { Figure } from "../charts/figure";
import { DataTable, type TableColumn } from "../components/data_table";
import { downloadRows, rowsOf } from "../components/export";
import { shortened } from "../components/text";
import { countText, defined, jaccardText, shareText, valueText } from "../data/format";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import { linkTo, type Route } from "../state/url";

const STATES: Readonly<Record<string, string>> = {
  described: "described",
  not_described: "without a finding",
  not_describable: "not describable",
};

export function Neurons() {
  const { app, run, route } = useView();
  const { targets } = run.tables;
  const rows = useMemo(() => Array.from({ length: targets.rows }, (_, i) => i), [targets]);
  const layer = route.params.get("layer") ?? "";
  const state = route.params.get("state") ?? "";
  const least = Number(route.params.get("min") ?? 0);
  const layers = useMemo(() => [...new Set(rows.map((i) => layerOf(run, i)))], [run, rows]);
  const kept = useMemo(
    () =>
      rows.filter(
        (i) =>
          (!layer || layerOf(run, i) === layer) &&
          (!state || matchesState(run, i, state)) &&
          (!least || (bestOf(run, i) ?? -1) >= least),
      ),
    [rows, run, layer, state, least],
  );
  const columns = useMemo(() => neuronColumns(run, route), [run, route]);
  const sort = route.params.get("sort") ?? "";
  return (
    <>
      <h2>Neurons and other targets</h2>
      <p>
        What became of everything that was to be explained. A target is described if it has
        a finding in which it does work; describable if some condition on it holds for
        neither too few nor too many {run.meta.entity_nouns}. Best J is that of its best
        finding in terms of attributes and classes, where there is one.
      </p>
      <div class="toolbar filters">
        <label>
          Layer{" "}
          <select value={layer} onChange={(e) => app.set({ layer: e.currentTarget.value })}>
            <option value="">all</option>
            {layers.map((name) => (
              <option key={name} value={name}>
                {shortened(name, 60)}
              </option>
            ))}
          </select>
        </label>
        <label>
          State{" "}
          <select value={state} onChange={(e) => app.set({ state: e.currentTarget.value })}>
            <option value="">all</option>
            {Object.entries(STATES).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
            <option value="dead">dead</option>
            <option value="several">several meanings</option>
          </select>
        </label>
        <label>
          Best J at least{" "}
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={least}
            onInput={(e) => {
              const { value } = e.currentTarget;
              app.set({ min: value === "0" ? "" : value });
            }}
          />{" "}
          <output>{least.toFixed(2)}</output>
        </label>
        <p role="status">
          <strong>{countText(kept.length)}</strong> of {countText(rows.length)}
        </p>
        <button
          type="button"
          onClick={() => downloadRows("targets", rowsOf(run, "targets", kept), "csv")}
        >
          Export as CSV
        </button>
      </div>
      <Selectivity rows={kept} />
      <DataTable
        label="Neurons and other targets"
        columns={columns}
        rows={kept}
        sorting={
          sort ? { key: sort.replace(/^-/, ""), descending: sort.startsWith("-") } : null
        }
        onSort={({ key, descending }) =>
          app.set({ sort: `${descending ? "-" : ""}${key}` })
        }
        version={route.params.get("s") ?? ""}
        empty="No target passes these filters."
      />
    </>
  );
}

function attributeRow(run: Run, target: number): number | null {
  const { targets } = run.tables;
  return run.attributeOf(targets.view[target] ?? "", targets.attribute[target] ?? "");
}

function layerOf(run: Run, target: number): string {
  const row = attributeRow(run, target);
  return row === null ? "" : (run.tables.attributes.layer[row] ?? "");
}

function bestOf(run: Run, target: number): number | null {
  const { targets } = run.tables;
  return defined(targets.jaccard[target]) ?? defined(targets.best_jaccard_mined[target]);
}

function matchesState(run: Run, target: number, state: string): boolean {
  const { targets } = run.tables;
  if (state === "dead")
    return ["constant", "all_missing"].includes(targets.reason[target] ?? "");
  if (state === "several") return (targets.meanings[target]?.length ?? 0) > 1;
  return targets.state[target] === state;
}

function neuronColumns(run: Run, route: Route): TableColumn[] {
  const { targets, attributes } = run.tables;
  const of = (name: "share_active" | "mean" | "maximum") => (i: number) => {
    const row = attributeRow(run, i);
    return row === null ? null : defined(attributes[name][row]);
  };
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
  const stands = (i: number) =>
    shortened(
      [
        ...(targets.classes[i] ?? []),
        ...(targets.attributes[i] ?? []),
        ...(targets.neurons[i] ?? []),
      ]
        .slice(0, 6)
        .join(", "),
      200,
    );
  return [
    {
      key: "target",
      label: "target",
      grow: 2,
      value: (i) => i,
      cell: (i) => ({
        text: shortened(targets.target[i] ?? "", 120),
        href: linkTo(route, "n", targets.target[i]),
      }),
    },
    {
      key: "state",
      label: "state",
      width: 150,
      value: (i) => targets.state[i] ?? "",
      cell: (i) => {
        const reason = targets.reason[i];
        const state = STATES[targets.state[i] ?? ""] ?? "";
        return { text: reason ? `${state}: ${reason}` : state };
      },
    },
    number("best", "best J", (i) => bestOf(run, i), jaccardText, 84),
    number(
      "baseline",
      "1 condition",
      (i) => defined(targets.baseline_jaccard[i]),
      jaccardText,
      104,
    ),
    number("n_findings", "findings", (i) => targets.n_findings[i] ?? 0, countText, 96),
    {
      key: "finding",
      label: "best finding",
      width: 116,
      value: (i) => targets.best[i] ?? "",
      cell: (i) => ({
        text: targets.best[i] ?? "",
        ...(targets.best[i] && { href: linkTo(route, "r", targets.best[i]) }),
      }),
    },
    {
      key: "role",
      label: "stands for",
      grow: 3,
      value: stands,
      cell: (i) => ({ text: stands(i), title: stands(i) }),
    },
    number("active", "active", of("share_active"), shareText, 84),
    number("mean", "mean", of("mean"), valueText, 84),
    number("maximum", "max", of("maximum"), valueText, 84),
  ];
}

/** How selective a target is against how well it is described. */
function Selectivity({ rows }: { rows: readonly number[] }) {
  const { app, run, route } = useView();
  const { targets, attributes } = run.tables;
  const points = rows.flatMap((i) => {
    const row = attributeRow(run, i);
    const active = row === null ? null : defined(attributes.share_active[row]);
    const best = bestOf(run, i);
    return active === null || best === null ? [] : [{ i, active, best }];
  });
  if (!points.length) return null;
  return (
    <Figure
      title="Selectivity against best J"
      summary={`${points.length} targets by the share of ${run.meta.entity_nouns} with a value above 0 and by their best J.`}
      head={["target", "active", "best J"]}
      rows={() =>
        points.map((p) => [
          <a key="t" href={linkTo(route, "n", targets.target[p.i])}>
            {shortened(targets.target[p.i] ?? "", 80)}
          </a>,
          shareText(p.active),
          jaccardText(p.best),
        ])
      }
      wide
    >
      <EChart
        label="Selectivity against best J"
        height={230}
        keys={[rows, run]}
        onClick={(_, index) => {
          const point = points[index];
          if (point) app.open(linkTo(route, "n", targets.target[point.i]));
        }}
        option={(colours) => ({
          xAxis: axis(colours, `% of ${run.meta.entity_nouns} with a value above 0`, {
            type: "value",
            min: 0,
            max: 100,
          }),
          yAxis: axis(colours, "best J", {
            type: "value",
            ...upToOne,
            nameGap: 34,
          }),
          series: [
            {
              type: "scatter",
              symbolSize: points.length > 500 ? 5 : 9,
              itemStyle: { color: colours.accent, opacity: 0.65 },
              data: points.map((p) => [100 * p.active, p.best]),
            },
          ],
          tooltip: {
            renderMode: "richText",
            confine: true,
            formatter: (p: { dataIndex: number }) => {
              const point = points[p.dataIndex];
              if (!point) return "";
              const name = shortened(targets.target[point.i] ?? "", 80);
              return `${name}\nbest J ${jaccardText(point.best)}, active ${shareText(point.active)}`;
            },
          },
        })}
      />
    </Figure>
  );
}
