// Rows by columns, shaded by a value between 0 and 1.

import { shortened } from "../components/text";
import { jaccardText } from "../data/format";
import { axis, VIRIDIS } from "./colours";
import { EChart } from "./echart";

export interface HeatCell {
  readonly row: string;
  readonly column: string;
  readonly value: number;
  readonly finding?: string;
}

interface Props {
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly HeatCell[];
  readonly onOpen?: (cell: HeatCell) => void;
}

export function Heatmap({ label, rows, columns, cells, onOpen }: Props) {
  const height = Math.min(900, 130 + 28 * rows.length);
  const many = rows.length * columns.length > 150;
  return (
    <EChart
      label={label}
      height={height}
      keys={[rows, columns, cells]}
      {...(onOpen && {
        onClick: (_: number, index: number) => {
          const cell = cells[index];
          if (cell) onOpen(cell);
        },
      })}
      option={(colours) => ({
        grid: { left: 8, right: 16, top: 8, bottom: 62, containLabel: true },
        xAxis: axis(colours, "", {
          type: "category",
          data: columns.map((text) => shortened(text, 24)),
          axisLabel: {
            color: colours.muted,
            rotate: columns.length > (window.innerWidth < 600 ? 2 : 6) ? 40 : 0,
            interval: 0,
          },
        }),
        yAxis: axis(colours, "", {
          type: "category",
          inverse: true,
          data: rows.map((text) => shortened(text, 28)),
          axisLabel: { color: colours.muted, interval: 0 },
        }),
        visualMap: {
          min: 0,
          max: 1,
          calculable: false,
          orient: "horizontal",
          left: "center",
          bottom: 0,
          itemHeight: 120,
          text: ["1", "0"],
          textStyle: { color: colours.muted },
          inRange: { color: VIRIDIS },
        },
        series: [
          {
            type: "heatmap",
            data: cells.map((c) => ({
              value: [columns.indexOf(c.column), rows.indexOf(c.row), c.value],
              label: { color: c.value > 0.55 ? "#111" : "#fff" },
            })),
            label: {
              show: !many,
              formatter: (p: { value: number[] }) => jaccardText(p.value[2]),
            },
            itemStyle: { borderColor: colours.surface, borderWidth: 1 },
          },
        ],
        tooltip: {
          renderMode: "richText",
          confine: true,
          formatter: (p: { dataIndex: number }) => {
            const cell = cells[p.dataIndex];
            if (!cell) return "";
            const names = `${shortened(cell.row, 60)}\n${shortened(cell.column, 60)}`;
            return `${names}\nJ ${jaccardText(cell.value)}${cell.finding ? `, ${cell.finding}` : ""}`;
          },
        },
      })}
    />
  );
}
