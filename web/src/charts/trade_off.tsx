// Fidelity and accuracy of rule sets of every length that was tried.
import { percent, type Shown } from "../pages/rules";
import { useView } from "../state/app";
import { axis } from "./colours";
import { EChart } from "./echart";
import { Figure } from "./figure";

export function TradeOffChart({ shown }: { shown: Shown }) {
  const { run } = useView();
  const { set, now, off } = shown;
  const points = set.tradeOff;
  if (!points.length) {
    return (
      <p class="note">
        The length of this rule set was given, so no other length was tried (max_loss = 0).
      </p>
    );
  }
  const tested = points.some((one) => one.hold_out !== null);
  const labelled = points.some((one) => one.hold_out_accuracy !== null);
  const all = points.flatMap((one) => [one.fidelity, one.hold_out, one.hold_out_accuracy]);
  const low = Math.min(...[...all, now.fidelity].filter((share) => share !== null));
  const bottom = Math.max(0, Math.floor(10 * (low - 0.01)) / 10);
  const chosen = points.find((one) => one.chosen);
  const { entity_nouns: nouns, n_mined, n_hold_out } = run.meta;
  const head = [
    ...["conditions allowed", "used", "rules", "fidelity, folds", "± sd"],
    ...(tested ? ["fidelity, held out"] : []),
    ...(labelled ? ["accuracy, held out"] : []),
  ];
  return (
    <Figure
      title="Size against fidelity"
      summary={`Rule sets of ${points.length} lengths; the folds chose ${chosen?.max_literals} conditions.`}
      head={head}
      rows={() =>
        points.map((one) => [
          `${one.max_literals}${one.chosen ? " (chosen)" : ""}`,
          one.n_literals,
          one.n_rules,
          percent(one.fidelity),
          percent(one.fidelity_sd),
          ...(tested ? [percent(one.hold_out)] : []),
          ...(labelled ? [percent(one.hold_out_accuracy)] : []),
        ])
      }
      note={
        <>
          Folds: mean over the folds of the {n_mined} mined {nouns}, whose sets were made
          without the fold; they chose the length.
          {tested &&
            ` Held out: the set of each length, made on all mined ${nouns}, on the ${n_hold_out} held-out ones, which chose nothing.`}
          {off.size > 0 && " Diamond: the rules that are on now, on the same ones."}
        </>
      }
      wide
    >
      <EChart
        label="Size against fidelity"
        height={300}
        keys={[points, now, off.size]}
        option={(colours) => {
          const line = (
            name: string,
            color: string,
            symbol: string,
            value: (one: (typeof points)[number]) => number | null,
            type: "solid" | "dashed" | "dotted",
          ) => ({
            type: "line",
            name,
            data: points.map((one) => ({
              value: [one.max_literals, value(one)],
              symbolSize: one.chosen ? 15 : 8,
            })),
            symbol,
            itemStyle: { color },
            lineStyle: { color, type, width: 2 },
          });
          return {
            legend: { top: 0, textStyle: { color: colours.text } },
            grid: { left: 56, right: 24, top: 56, bottom: 44 },
            xAxis: axis(colours, "conditions allowed, of all rules together", {
              type: "value",
              min: 0,
            }),
            yAxis: axis(colours, "share", {
              type: "value",
              max: 1,
              min: bottom,
              interval: bottom < 0.7 ? 0.1 : 0.05,
              nameGap: 38,
            }),
            series: [
              line("fidelity, folds", colours.muted, "circle", (p) => p.fidelity, "dashed"),
              ...(tested
                ? [
                    line(
                      "fidelity, held out",
                      colours.accent,
                      "circle",
                      (p) => p.hold_out,
                      "solid",
                    ),
                  ]
                : []),
              ...(labelled
                ? [
                    line(
                      "accuracy, held out",
                      colours.right,
                      "triangle",
                      (p) => p.hold_out_accuracy,
                      "dotted",
                    ),
                  ]
                : []),
              ...(off.size
                ? [
                    {
                      type: "scatter",
                      name: "now",
                      symbol: "diamond",
                      symbolSize: 16,
                      itemStyle: { color: colours.text },
                      data: [[now.nLiterals, now.fidelity]],
                    },
                  ]
                : []),
            ],
            tooltip: { trigger: "item", renderMode: "richText", confine: true },
          };
        }}
      />
    </Figure>
  );
}
