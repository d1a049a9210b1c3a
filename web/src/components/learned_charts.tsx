// How a dictionary was learned, how short its reasons are, and what explains it.
import { axis } from "../charts/colours";
import { EChart } from "../charts/echart";
import { Figure } from "../charts/figure";
import { countText, shareText, valueText } from "../data/format";
import { explainedCounts, SOURCES } from "../data/learned";
import type { DictionaryRecord } from "../data/schema";
import { useView } from "../state/app";

const DASHES = ["solid", "dashed", "dotted"] as const;

interface Props {
  readonly dictionary: DictionaryRecord;
}

/** The weighted terms of the loss, epoch by epoch. */
export function Losses({ dictionary }: Props) {
  const { losses, agreement } = dictionary;
  if (!losses.length) return null;
  const name = (term: string) => term.replace("_", " ");
  const epochs = agreement.map((_, i) => i + 1);
  return (
    <Figure
      title="Losses, as weighted in training"
      summary={`${losses.length} terms of the loss over ${epochs.length} epochs.`}
      head={["epoch", ...losses.map((one) => name(one.term)), "f and g agree"]}
      rows={() =>
        epochs.map((epoch, i) => [
          epoch,
          ...losses.map((one) => valueText(one.weighted[i])),
          shareText(agreement[i]),
        ])
      }
      note="A term at 0 is not switched on yet: the schedule is part of the method."
    >
      <EChart
        label="Losses by epoch"
        height={260}
        keys={[dictionary]}
        option={(colours) => ({
          grid: { left: 52, right: 16, top: 56, bottom: 44 },
          legend: { top: 0, itemWidth: 24, textStyle: { color: colours.text } },
          xAxis: axis(colours, "epoch", { type: "category", data: epochs }),
          yAxis: axis(colours, "", { type: "value", scale: true }),
          tooltip: { trigger: "axis", renderMode: "richText", confine: true },
          series: losses.map((one, i) => ({
            type: "line",
            name: name(one.term),
            symbol: "none",
            data: one.weighted,
            lineStyle: { type: DASHES[i % DASHES.length], width: 2 },
            color: seriesColour(i),
          })),
        })}
      />
    </Figure>
  );
}

/** Okabe-Ito, without the yellow that no light page shows. */
function seriesColour(i: number): string {
  const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];
  return colours[i % colours.length] ?? "#0072b2";
}

export function ConcisenessChart({ dictionary }: Props) {
  const { conciseness } = dictionary;
  if (!conciseness.length) return null;
  return (
    <Figure
      title="Attributes per explanation"
      summary={conciseness
        .map((one) => `${valueText(one.attributes)} at τ ${one.tau}`)
        .join(", ")}
      head={["τ", "attributes with r > 1/τ", "without any"]}
      rows={() =>
        conciseness.map((one) => [
          valueText(one.tau),
          one.attributes.toFixed(2),
          shareText(one.without),
        ])
      }
      note="Fewer is easier to read. Where none counts, the bias decides."
    >
      <EChart
        label="Attributes per explanation by threshold"
        height={260}
        keys={[dictionary]}
        option={(colours) => ({
          xAxis: axis(colours, "τ", { type: "value", scale: true }),
          yAxis: axis(colours, "", { type: "value", min: 0 }),
          series: [
            {
              type: "line",
              symbolSize: 8,
              color: colours.accent,
              data: conciseness.map((one) => [one.tau, one.attributes]),
            },
          ],
          tooltip: {
            renderMode: "richText",
            confine: true,
            formatter: (p: { dataIndex: number }) => {
              const one = conciseness[p.dataIndex];
              return one ? `τ ${one.tau}: ${one.attributes.toFixed(2)} attributes` : "";
            },
          },
        })}
      />
    </Figure>
  );
}

/** How many attributes something explains, and what. */
export function Explained({ dictionary, rows }: Props & { rows: readonly number[] }) {
  const { run } = useView();
  const counts = explainedCounts(run, rows);
  const names = SOURCES.map(([, name]) => name);
  const part = run.isTested ? "held-out" : "mined";
  return (
    <Figure
      title="What explains the dictionary"
      summary={SOURCES.map(([, name], i) => `${name}: ${counts[i]}`).join(", ")}
      head={["explained by", "attributes"]}
      rows={() => SOURCES.map(([, name], i) => [name, countText(counts[i])])}
      note={`Explained: a ${run.isTested ? "confirmed " : ""}finding about the attribute alone has a ${part} J of at least ${dictionary.min_jaccard}. What several things explain counts at the first of them.`}
    >
      <EChart
        label="Attributes by what explains them"
        height={230}
        keys={[dictionary, rows]}
        option={(colours) => ({
          grid: { left: 8, right: 40, top: 8, bottom: 40, containLabel: true },
          xAxis: axis(colours, "attributes", { type: "value", minInterval: 1 }),
          yAxis: axis(colours, "", { type: "category", inverse: true, data: names }),
          series: [
            {
              type: "bar",
              barMaxWidth: 26,
              data: counts.map((count, i) => ({
                value: count,
                itemStyle: {
                  color: i < counts.length - 1 ? colours.accent : colours.neither,
                },
              })),
              label: { show: true, position: "right", color: colours.text },
            },
          ],
        })}
      />
    </Figure>
  );
}
