// Findings as points: how well their rules agree against how many entities they hold for.
import { countText, defined, jaccardText } from "../data/format";
import { useView } from "../state/app";
import { linkTo } from "../state/url";
import { axis, upToOne } from "./colours";
import { EChart } from "./echart";
import { Figure } from "./figure";

const MOST = 5000;

export function FindingScatter({ rows }: { rows: readonly number[] }) {
  const { app, run, route } = useView();
  const { findings } = run.tables;
  const tested = run.isTested;
  const shown = rows.slice(0, MOST);
  const points = shown.flatMap((i) => {
    const jaccard = tested
      ? defined(findings.jaccard[i])
      : (findings.jaccard_mined[i] ?? null);
    const support = tested
      ? defined(findings.support[i])
      : (findings.support_mined[i] ?? null);
    return jaccard === null || support === null ? [] : [{ i, jaccard, support }];
  });
  const kind = tested ? "held-out" : "mined";
  return (
    <Figure
      title="J against support"
      summary={`${points.length} findings by J and by the ${kind} entities for which all rules hold.`}
      head={["finding", "J", "support"]}
      rows={() =>
        points.map((p) => [
          <a key="f" href={linkTo(route, "r", findings.id[p.i])}>
            {findings.id[p.i]}
          </a>,
          jaccardText(p.jaccard),
          countText(p.support),
        ])
      }
      note={
        rows.length > MOST &&
        `The first ${countText(MOST)} of ${countText(rows.length)} are drawn.`
      }
      wide
    >
      <EChart
        label="J against support"
        height={240}
        keys={[rows, run]}
        onClick={(_, index) => {
          const point = points[index];
          if (point) app.open(linkTo(route, "r", findings.id[point.i]));
        }}
        option={(colours) => ({
          xAxis: axis(
            colours,
            `${kind} ${run.meta.entity_nouns} for which all rules hold`,
            {
              type: "value",
            },
          ),
          yAxis: axis(colours, "J", {
            type: "value",
            ...upToOne,
            nameGap: 34,
          }),
          series: [
            {
              type: "scatter",
              symbolSize: points.length > 500 ? 5 : 9,
              data: points.map((p) => ({
                value: [p.support, p.jaccard],
                symbol: findings.confirmed[p.i] === 1 ? "circle" : "emptyTriangle",
                itemStyle: {
                  color: findings.confirmed[p.i] === 1 ? colours.accent : colours.muted,
                  opacity: 0.65,
                },
              })),
            },
          ],
          tooltip: {
            renderMode: "richText",
            confine: true,
            formatter: (p: { dataIndex: number }) => {
              const point = points[p.dataIndex];
              if (!point) return "";
              return `${findings.id[point.i]}\nJ ${jaccardText(point.jaccard)}, support ${countText(point.support)}`;
            },
          },
        })}
      />
    </Figure>
  );
}
