// How much the bounds of a rule matter: J as each one moves, the others as they are.
import { useMemo, useRef } from "preact/hooks";
import { Figure } from "../charts/figure";
import { useWidth } from "../charts/use_width";
import {
  best,
  boundCurve,
  boundsOf,
  type Curve,
  jaccardAt,
  literalAt,
  type Place,
} from "../data/bound_curve";
import { jaccardText, valueText } from "../data/format";
import { formatLiteral } from "../data/grammar";
import type { Attribute } from "../data/queries";
import type { LiteralRecord, QueryRecord } from "../data/schema";
import type { Support } from "../data/supports";
import { useView } from "../state/app";
import { shortened } from "./text";

const HEIGHT = 110;
const PAD = 30;
const AXIS = 18;
const N_ROWS = 21;

interface Props {
  readonly queries: readonly QueryRecord[];
  readonly columns: readonly ReadonlyMap<string, Attribute>[];
  readonly supports: readonly Support[];
  readonly policy: string;
}

export function BoundCurves({ queries, columns, supports, policy }: Props) {
  const { run } = useView();
  const shown = useMemo(() => {
    const rules = { queries, columns, supports, policy };
    return boundsOf(queries).flatMap((place) => {
      const curve = boundCurve(rules, place, run.mined);
      const literal = literalAt(queries, place);
      return curve && literal && curve.from.length > 1 ? [{ place, curve, literal }] : [];
    });
  }, [queries.map((query) => query.text).join("\n"), columns, supports, policy, run]);
  if (!shown.length) return null;
  return (
    <section class="screen-only" aria-labelledby="bounds-heading">
      <h4 id="bounds-heading">J as each bound moves</h4>
      <p class="note">
        One bound moves, everything else stays; on the mined {run.meta.entity_nouns}. A
        sharp peak is a bound that matters, a plateau one that could stand elsewhere. A
        better bound read off here is a new rule, which no hold-out has tested.
      </p>
      <div class="charts">
        {shown.map(({ place, curve, literal }) => (
          <BoundFigure
            key={`${place.query} ${place.term} ${place.literal} ${place.end}`}
            place={place}
            curve={curve}
            literal={literal}
          />
        ))}
      </div>
    </section>
  );
}

interface FigureProps {
  readonly place: Place;
  readonly curve: Curve;
  readonly literal: LiteralRecord;
}

function BoundFigure({ place, curve, literal }: FigureProps) {
  const { end } = place;
  const at = literal[end] ?? 0;
  const now = jaccardAt(curve, literal, end, at);
  const top = best(curve);
  const [low, high] = rangeOf(curve, at);
  const which = end === "low" ? "lower" : "upper";
  const title = `${which} bound of ${shortened(formatLiteral(literal), 60)}`;
  const where = [top.from, top.to].map((value) =>
    Number.isFinite(value) ? valueText(value) : "the end",
  );
  const places = Array.from(
    { length: N_ROWS },
    (_, i) => low + ((high - low) * i) / (N_ROWS - 1),
  );
  return (
    <Figure
      title={title}
      summary={`J is ${jaccardText(now)} at ${valueText(at)}; the largest is ${jaccardText(top.jaccard)}, from ${where.join(" to ")}.`}
      head={["bound", "J mined"]}
      rows={() =>
        [...places, at]
          .sort((a, b) => a - b)
          .map((value) => [
            `${valueText(value)}${value === at ? " (now)" : ""}`,
            jaccardText(jaccardAt(curve, literal, end, value)),
          ])
      }
      note={`J ${jaccardText(now)} at ${valueText(at)}; largest ${jaccardText(top.jaccard)}, from ${where.join(" to ")}`}
    >
      <Steps
        label={title}
        range={[low, high]}
        at={at}
        jaccard={(value) => jaccardAt(curve, literal, end, value)}
      />
    </Figure>
  );
}

/** From the smallest to the largest value, and to the bound if that lies beyond. */
function rangeOf(curve: Curve, at: number): [number, number] {
  const first = curve.from[1] ?? at;
  const last = curve.from[curve.from.length - 1] ?? at;
  const low = Math.min(first, at);
  const high = Math.max(last, at);
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

interface StepsProps {
  readonly label: string;
  readonly range: readonly [number, number];
  readonly at: number;
  readonly jaccard: (value: number) => number;
}

function Steps({ label, range: [low, high], at, jaccard }: StepsProps) {
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const inner = Math.max(1, width - 2 * PAD);
  const plot = HEIGHT - AXIS;
  const x = (value: number) => PAD + (inner * (value - low)) / (high - low);
  const y = (value: number) => plot - (plot - 6) * value;
  const n = Math.max(2, Math.floor(inner / 2));
  const points = Array.from({ length: n + 1 }, (_, i) => low + ((high - low) * i) / n);
  const path = points
    .map((value, i) => {
      const height = y(jaccard(value)).toFixed(1);
      return i === 0
        ? `M${x(value).toFixed(1)} ${height}`
        : `H${x(value).toFixed(1)}V${height}`;
    })
    .join("");
  return (
    <div class="range-histogram" ref={root}>
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        <line class="axis" x1={PAD} x2={width - PAD} y1={plot} y2={plot} />
        {[0, 0.5, 1].map((tick) => (
          <g key={tick}>
            <line class="grid-line" x1={PAD} x2={width - PAD} y1={y(tick)} y2={y(tick)} />
            <text class="tick end" x={PAD - 4} y={y(tick) + 4}>
              {tick}
            </text>
          </g>
        ))}
        <path class="steps" d={path} />
        <g class="here">
          <line x1={x(at)} x2={x(at)} y1={0} y2={plot} />
          <circle cx={x(at)} cy={y(jaccard(at))} r={4} />
        </g>
        <text class="tick" x={PAD} y={HEIGHT - 4}>
          {valueText(low)}
        </text>
        <text class="tick end" x={width - PAD} y={HEIGHT - 4}>
          {valueText(high)}
        </text>
      </svg>
    </div>
  );
}
