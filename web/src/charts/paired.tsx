// Findings of two runs as points: J before against J after, with the line of no change.
import type { Change } from "../data/changes";
import { countText, jaccardText } from "../data/format";
import { useView } from "../state/app";
import { linkTo } from "../state/url";
import { axis } from "./colours";
import { EChart } from "./echart";
import { Figure } from "./figure";

const MOST = 5000;

interface Props {
  readonly changes: readonly Change[];
  readonly before: string;
  readonly after: string;
}

interface Point {
  readonly change: Change;
  readonly x: number;
  readonly y: number;
}

export function PairedScatter({ changes, before, after }: Props) {
  const { app, run, route } = useView();
  const pairs = changes.filter((change) => change.before && change.after);
  const points: Point[] = pairs.flatMap((change) => {
    const [x, y] = [change.before?.jaccard, change.after?.jaccard];
    return typeof x === "number" && typeof y === "number" ? [{ change, x, y }] : [];
  });
  const here = ({ change }: Point) =>
    (change.before?.isHere ? change.before.id : change.after?.id) ?? "";
  const tested = run.meta.compared?.tested ?? false;
  const nouns = run.meta.entity_nouns;
  const samples = tested
    ? `the held-out ${nouns} of each run`
    : `the mined ${nouns} of each run, which is no evidence`;
  const nUndefined = pairs.length - points.length;
  const low = Math.max(
    0,
    Math.floor(20 * (Math.min(1, ...points.map((p) => Math.min(p.x, p.y))) - 0.02)) / 20,
  );
  const kinds = [
    { kind: "kept", symbol: "circle" },
    { kind: "changed", symbol: "triangle" },
  ] as const;
  const groups = kinds.map(({ kind }) =>
    points.filter((p) => p.change.kind === kind).slice(0, MOST),
  );
  if (!points.length) return null;
  return (
    <Figure
      title="J in both runs"
      summary={`${points.length} findings that both runs have, or have with other rules, by J on ${samples}.`}
      head={["finding", "change", "J before", "J after"]}
      numeric={[2, 3]}
      rows={() =>
        points.map((p) => [
          <a key="f" href={linkTo(route, "r", here(p))}>
            {here(p)}
          </a>,
          p.change.kind,
          jaccardText(p.x),
          jaccardText(p.y),
        ])
      }
      note={`On ${samples}. Points above the line have a larger J in ${after}.${nUndefined ? ` ${countText(nUndefined)} pairs have no J there.` : ""}`}
      wide
    >
      <EChart
        label="J in both runs"
        height={340}
        keys={[changes, before, after, run]}
        onClick={(series, index) => {
          const point = groups[series]?.[index];
          if (point) app.open(linkTo(route, "r", here(point)));
        }}
        option={(colours) => ({
          grid: { left: 56, right: 20, top: 36, bottom: 48 },
          legend: { top: 0, data: ["kept", "changed"], textStyle: { color: colours.text } },
          xAxis: axis(colours, `J in ${before}`, { type: "value", min: low, max: 1 }),
          yAxis: axis(colours, `J in ${after}`, {
            type: "value",
            min: low,
            max: 1,
            nameGap: 38,
          }),
          series: [
            ...kinds.map(({ kind, symbol }, k) => ({
              type: "scatter",
              name: kind,
              symbol,
              symbolSize: 9,
              itemStyle: {
                color: kind === "kept" ? colours.accent : colours.left,
                opacity: 0.75,
              },
              data: groups[k]?.map((p) => [p.x, p.y]) ?? [],
            })),
            {
              type: "line",
              name: "no change",
              silent: true,
              symbol: "none",
              lineStyle: { color: colours.muted, type: "dashed", width: 1 },
              data: [
                [low, low],
                [1, 1],
              ],
            },
          ],
          tooltip: {
            renderMode: "richText",
            confine: true,
            formatter: (p: { seriesIndex: number; dataIndex: number }) => {
              const point = groups[p.seriesIndex]?.[p.dataIndex];
              if (!point) return "";
              const { change } = point;
              return `${change.before?.id} → ${change.after?.id}, ${change.kind}\nJ ${jaccardText(point.x)} → ${jaccardText(point.y)}`;
            },
          },
        })}
      />
    </Figure>
  );
}
