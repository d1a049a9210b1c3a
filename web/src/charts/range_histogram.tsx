// A histogram with an interval box: dragged by pointer, moved by keys, both ends apart.
import { useRef, useState } from "preact/hooks";
import { valueText } from "../data/format";
import { type Bins, shortNumber } from "./bins";
import { useWidth } from "./use_width";

export type Range = readonly [low: number | null, high: number | null];

interface Props {
  readonly label: string;
  readonly bins: Bins;
  readonly range?: Range | undefined;
  /** Which ends can be moved; both without. */
  readonly ends?: "low" | "high" | "both";
  readonly onRange?: (range: Range, done: boolean) => void;
  readonly lines?: readonly { readonly at: number; readonly label: string }[];
  /** The value of what the reader points at. */
  readonly here?: number | null | undefined;
  readonly height?: number;
  /** What an axis value reads as. */
  readonly format?: (value: number) => string;
}

const PAD = 10;
const AXIS = 18;

export function RangeHistogram(props: Props) {
  const {
    label,
    bins,
    range,
    onRange,
    lines = [],
    here = null,
    height = 110,
    format = valueText,
  } = props;
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const [drag, setDrag] = useState<Drag | null>(null);
  const first = bins.edges[0] ?? 0;
  const last = bins.edges[bins.edges.length - 1] ?? 1;
  const inner = Math.max(1, width - 2 * PAD);
  const x = (value: number) =>
    PAD + (inner * (Math.min(last, Math.max(first, value)) - first)) / (last - first);
  const valueAt = (pixel: number) => {
    const value = first + ((last - first) * (pixel - PAD)) / inner;
    return shortNumber(Math.min(last, Math.max(first, value)), last - first);
  };
  const most = Math.max(1, ...bins.all);
  const plot = height - AXIS;
  const barHeight = (count: number) =>
    count ? Math.max(1.5, (plot - 4) * (count / most)) : 0;
  const pixelOf = (event: PointerEvent) =>
    event.clientX - (root.current?.getBoundingClientRect().left ?? 0);

  const start = (kind: Drag["kind"]) => (event: PointerEvent) => {
    if (onRange === undefined || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const at = pixelOf(event);
    setDrag({ kind, from: at, range: range ?? [null, null] });
  };
  const move = (done: boolean) => (event: PointerEvent) => {
    if (drag === null || onRange === undefined) return;
    const at = pixelOf(event);
    const moved = Math.abs(at - drag.from) >= 2;
    if (moved) onRange(dragged(drag, valueAt(drag.from), valueAt(at), [first, last]), done);
    if (done) setDrag(null);
  };
  const handlers = (kind: Drag["kind"]) =>
    onRange && {
      onPointerDown: start(kind),
      onPointerMove: move(false),
      onPointerUp: move(true),
      onPointerCancel: () => setDrag(null),
    };
  const low = range?.[0] ?? null;
  const high = range?.[1] ?? null;
  const isOpen = low === null && high === null;
  const nudge = (end: 0 | 1) => (event: KeyboardEvent) => {
    if (onRange === undefined) return;
    const step = ((last - first) * (event.shiftKey ? 10 : 1)) / 100;
    const now = (end === 0 ? low : high) ?? (end === 0 ? first : last);
    const next: Record<string, number> = {
      ArrowLeft: now - step,
      ArrowDown: now - step,
      ArrowRight: now + step,
      ArrowUp: now + step,
      Home: first,
      End: last,
    };
    const value = next[event.key];
    if (value === undefined) return;
    event.preventDefault();
    const short = shortNumber(Math.min(last, Math.max(first, value)), last - first);
    onRange(ordered(end === 0 ? [short, high] : [low, short]), true);
  };
  const ends = props.ends ?? "both";
  return (
    <div class="range-histogram" ref={root}>
      <svg
        width={width}
        height={height}
        role={onRange ? "group" : "img"}
        aria-label={label}
      >
        {bins.all.map((count, i) => {
          const left = x(bins.edges[i] as number);
          const barWidth = Math.max(1, x(bins.edges[i + 1] as number) - left - 1);
          const marked = bins.marked[i] ?? 0;
          return (
            <g key={i}>
              <rect
                class="bar-all"
                x={left}
                y={plot - barHeight(count)}
                width={barWidth}
                height={barHeight(count)}
              />
              <rect
                class="bar-marked"
                x={left}
                y={plot - barHeight(marked)}
                width={barWidth}
                height={barHeight(marked)}
              />
            </g>
          );
        })}
        <line class="axis" x1={PAD} x2={width - PAD} y1={plot} y2={plot} />
        <text class="tick" x={PAD} y={height - 4}>
          {format(first)}
        </text>
        <text class="tick end" x={width - PAD} y={height - 4}>
          {format(last)}
        </text>
        {lines.map((line) => (
          <g key={`${line.label} ${line.at}`} class="marker">
            <title>{line.label}</title>
            <line x1={x(line.at)} x2={x(line.at)} y1={0} y2={plot} />
          </g>
        ))}
        {here !== null && <Here at={x(here)} plot={plot} />}
        {onRange && (
          <rect
            class="brush-area"
            x={PAD}
            y={0}
            width={inner}
            height={plot}
            {...handlers("new")}
          />
        )}
        {onRange && !isOpen && (
          <>
            <rect
              class="interval"
              x={x(low ?? first)}
              y={0}
              width={Math.max(2, x(high ?? last) - x(low ?? first))}
              height={plot}
              {...handlers("move")}
            />
            {ends !== "high" && (
              <Handle
                at={x(low ?? first)}
                plot={plot}
                name={`${label}: lower end`}
                value={low ?? first}
                limits={[first, last]}
                text={low === null ? "open" : format(low)}
                onKeyDown={nudge(0)}
                {...handlers("low")}
              />
            )}
            {ends !== "low" && (
              <Handle
                at={x(high ?? last)}
                plot={plot}
                name={`${label}: upper end`}
                value={high ?? last}
                limits={[first, last]}
                text={high === null ? "open" : format(high)}
                onKeyDown={nudge(1)}
                {...handlers("high")}
              />
            )}
          </>
        )}
      </svg>
    </div>
  );
}

interface Drag {
  readonly kind: "new" | "move" | "low" | "high";
  readonly from: number;
  readonly range: Range;
}

function dragged(
  drag: Drag,
  from: number,
  to: number,
  limits: readonly [number, number],
): Range {
  const [low, high] = drag.range;
  switch (drag.kind) {
    case "new":
      return ordered([from, to]);
    case "low":
      return ordered([to, high]);
    case "high":
      return ordered([low, to]);
    default: {
      const width = limits[1] - limits[0];
      const shift = (end: number | null) =>
        end === null
          ? null
          : shortNumber(Math.min(limits[1], Math.max(limits[0], end + to - from)), width);
      return [shift(low), shift(high)];
    }
  }
}

function ordered([low, high]: Range): Range {
  return low !== null && high !== null && low > high ? [high, low] : [low, high];
}

/** A needle over the bars. */
function Here({ at, plot }: { at: number; plot: number }) {
  return (
    <g class="here">
      <line x1={at} x2={at} y1={0} y2={plot} />
      <path d={`M${at - 6} 0h12l-6 9z`} />
    </g>
  );
}

interface HandleProps {
  readonly at: number;
  readonly plot: number;
  readonly name: string;
  readonly value: number;
  readonly limits: readonly [number, number];
  readonly text: string;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onPointerDown?: (event: PointerEvent) => void;
  readonly onPointerMove?: (event: PointerEvent) => void;
  readonly onPointerUp?: (event: PointerEvent) => void;
  readonly onPointerCancel?: () => void;
}

function Handle({ at, plot, name, value, limits, text, ...handlers }: HandleProps) {
  return (
    <g
      class="handle"
      role="slider"
      tabindex={0}
      aria-label={name}
      aria-valuemin={limits[0]}
      aria-valuemax={limits[1]}
      aria-valuenow={value}
      aria-valuetext={text}
      {...handlers}
    >
      <rect class="handle-area" x={at - 9} y={0} width={18} height={plot} />
      <rect class="handle-grip" x={at - 3} y={plot / 2 - 12} width={6} height={24} rx={3} />
    </g>
  );
}
