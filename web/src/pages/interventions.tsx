// Does the network behave as the findings say? What changed when units were silenced.
import { axis } from "../charts/colours";
import { EChart } from "../charts/echart";
import { Figure } from "../charts/figure";
import { EffectTable } from "../components/effects";
import { shortened } from "../components/text";
import { countText, valueText } from "../data/format";
import { useView } from "../state/app";

const MOST = 40;

export function Interventions() {
  const { app, run, route } = useView();
  const { effects } = run.tables;
  const verdicts = [...new Set(effects.verdict)];
  const verdict = route.params.get("verdict") ?? "";
  const rows = Array.from({ length: effects.rows }, (_, i) => i).filter(
    (i) => !verdict || effects.verdict[i] === verdict,
  );
  return (
    <>
      <h2>Interventions</h2>
      <p class="lead">{run.meta.causal}</p>
      <div class="toolbar filters">
        <label>
          Verdict{" "}
          <select
            value={verdict}
            onChange={(e) => app.set({ verdict: e.currentTarget.value })}
          >
            <option value="">all</option>
            {verdicts.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <p role="status">
          <strong>{countText(rows.length)}</strong> of {countText(effects.rows)}
        </p>
      </div>
      <InsideOutside rows={rows.slice(0, MOST)} total={rows.length} />
      <EffectTable rows={rows} caption="Effects of interventions" />
    </>
  );
}

function InsideOutside({ rows, total }: { rows: readonly number[]; total: number }) {
  const { run } = useView();
  const { effects } = run.tables;
  const names = rows.map(
    (i) => `${effects.id[i]} ${shortened(effects.target[i] ?? "", 30)}`,
  );
  const values = (column: Float64Array) =>
    rows.map((i) => {
      const value = column[i] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    });
  const nouns = run.meta.entity_nouns;
  return (
    <Figure
      title="Change of the output inside and outside of the partner rule"
      summary={`Mean absolute change of the output for ${rows.length} interventions.`}
      head={["intervention", "inside", "outside"]}
      rows={() =>
        rows.map((i, k) => [
          names[k],
          valueText(effects.inside[i]),
          valueText(effects.outside[i]),
        ])
      }
      note={`Inside: ${nouns} for which the partner rule holds.${total > rows.length ? ` The first ${rows.length} of ${total} are drawn.` : ""}`}
      wide
    >
      <EChart
        label="Change inside and outside"
        height={Math.max(200, 80 + 26 * rows.length)}
        keys={[rows.join()]}
        option={(colours) => ({
          grid: { left: 8, right: 24, top: 32, bottom: 44, containLabel: true },
          legend: { top: 0, textStyle: { color: colours.text } },
          xAxis: axis(colours, "mean absolute change", { type: "value" }),
          yAxis: axis(colours, "", { type: "category", data: names, inverse: true }),
          series: [
            {
              type: "bar",
              name: "inside",
              data: values(effects.inside),
              itemStyle: { color: colours.both },
            },
            {
              type: "bar",
              name: "outside",
              data: values(effects.outside),
              itemStyle: {
                color: colours.neither,
                borderColor: colours.muted,
                borderWidth: 1,
              },
            },
          ],
        })}
      />
    </Figure>
  );
}
