// Attributes by classes: how much each attribute counts for a class, from -1 to 1.
import { shortened } from "../components/text";
import { valueText } from "../data/format";
import { axis, type Colours } from "./colours";
import { EChart } from "./echart";

export interface RelevanceCell {
  readonly attribute: number;
  readonly cls: number;
  readonly relevance: number;
}

interface Props {
  readonly attributes: readonly number[];
  readonly classes: readonly string[];
  readonly cells: readonly RelevanceCell[];
  readonly onOpen: (attribute: number) => void;
}

/** Vermilion to blue by way of the page: both ends are told apart by any eye. */
export function diverging(colours: Colours): string[] {
  return ["#d55e00", colours.surface, "#0072b2"];
}

export function RelevanceMap({ attributes, classes, cells, onOpen }: Props) {
  const places = new Map(attributes.map((number, i) => [number, i]));
  const few = classes.length * attributes.length <= 200;
  return (
    <EChart
      label="Relevance of attributes for classes"
      height={Math.min(1200, 120 + 22 * attributes.length)}
      keys={[attributes, classes, cells]}
      onClick={(_, index) => {
        const cell = cells[index];
        if (cell) onOpen(cell.attribute);
      }}
      option={(colours) => ({
        grid: { left: 8, right: 16, top: 8, bottom: 66, containLabel: true },
        xAxis: axis(colours, "class", {
          type: "category",
          data: classes.map((name) => shortened(name, 14)),
          nameGap: classes.some((name) => name.length > 3) ? 44 : 24,
          axisLabel: {
            color: colours.muted,
            interval: 0,
            rotate: classes.some((name) => name.length > 3) ? 40 : 0,
          },
        }),
        yAxis: axis(colours, "", {
          type: "category",
          inverse: true,
          data: attributes.map((number) => `φ${number}`),
          axisLabel: { color: colours.muted, interval: 0 },
        }),
        visualMap: {
          min: -1,
          max: 1,
          calculable: false,
          orient: "horizontal",
          left: "center",
          bottom: 0,
          itemHeight: 120,
          itemWidth: 12,
          text: ["for", "against"],
          textStyle: { color: colours.muted },
          inRange: { color: diverging(colours) },
        },
        series: [
          {
            type: "heatmap",
            data: cells.map((cell) => ({
              value: [cell.cls, places.get(cell.attribute) ?? 0, cell.relevance],
              label: {
                color: Math.abs(cell.relevance) > 0.55 ? "#fff" : colours.text,
              },
            })),
            label: {
              show: few && window.innerWidth > 700,
              fontSize: 10,
              formatter: (p: { value: number[] }) =>
                Math.abs(p.value[2] ?? 0) < 0.1 ? "" : (p.value[2] ?? 0).toFixed(1),
            },
            itemStyle: { borderColor: colours.line, borderWidth: 1 },
          },
        ],
        tooltip: {
          renderMode: "richText",
          confine: true,
          formatter: (p: { dataIndex: number }) => {
            const cell = cells[p.dataIndex];
            if (!cell) return "";
            const name = shortened(classes[cell.cls] ?? "", 60);
            return `attribute ${cell.attribute}, class ${name}\nrelevance ${valueText(cell.relevance)}`;
          },
        },
      })}
    />
  );
}
