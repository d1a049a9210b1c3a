// ECharts with only what the pages draw; texts go to the canvas, never into markup.
import {
  BarChart,
  HeatmapChart,
  LineChart,
  ParallelChart,
  ScatterChart,
} from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { type Colours, coloursOf } from "./colours";

echarts.use([
  BarChart,
  HeatmapChart,
  LineChart,
  ParallelChart,
  ScatterChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

interface Props {
  readonly label: string;
  readonly option: (colours: Colours) => echarts.EChartsCoreOption;
  /** What the option depends on. */
  readonly keys: readonly unknown[];
  readonly height?: number;
  readonly onClick?: (seriesIndex: number, dataIndex: number) => void;
}

export function EChart({ label, option, keys, height = 300, onClick }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const click = useRef(onClick);
  click.current = onClick;
  const theme = useStore(useApp().theme);
  useEffect(() => {
    if (root.current === null) return;
    const created = echarts.init(root.current, null, { renderer: "canvas" });
    created.on("click", (event) => {
      click.current?.(event.seriesIndex ?? 0, event.dataIndex);
    });
    chart.current = created;
    const observer = new ResizeObserver(() => created.resize());
    observer.observe(root.current);
    return () => {
      observer.disconnect();
      created.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    const draw = () => {
      const colours = coloursOf(document.documentElement);
      chart.current?.setOption(
        { ...base(colours), ...option(colours) },
        { notMerge: true },
      );
    };
    draw();
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => dark.removeEventListener("change", draw);
  }, [theme, height, ...keys]);
  const style = { height: `${height}px` };
  return <div ref={root} class="echart" style={style} role="img" aria-label={label} />;
}

function base(colours: Colours): echarts.EChartsCoreOption {
  return {
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 200,
    textStyle: {
      color: colours.text,
      fontFamily: getComputedStyle(document.body).fontFamily,
    },
    grid: { left: 56, right: 20, top: 16, bottom: 44 },
    tooltip: { renderMode: "richText", confine: true },
  };
}
