// One condition of a rule: its interval over a histogram, or its categories.
import { useMemo } from "preact/hooks";
import { binned, shortNumber } from "../charts/bins";
import { Figure } from "../charts/figure";
import { type Range, RangeHistogram } from "../charts/range_histogram";
import { has, type Words } from "../data/bits";
import { countText, valueText } from "../data/format";
import { shareBelow, valueAtShare } from "../data/print";
import type { Attribute } from "../data/queries";
import type { LiteralRecord } from "../data/schema";
import { useView } from "../state/app";
import { Name, shortened } from "./text";

interface LiteralProps {
  readonly view: string;
  readonly literal: LiteralRecord;
  readonly negated: boolean;
  readonly attribute: Attribute;
  readonly both: Words;
  readonly onChange: (literal: LiteralRecord, done: boolean) => void;
}

export function LiteralEditor(props: LiteralProps) {
  const { view, literal, negated, attribute, both, onChange } = props;
  const { app, run } = useView();
  const row = run.attributeOf(view, literal.attribute);
  const quantiles = row === null ? [] : (run.tables.attributes.quantiles[row] ?? []);
  const isQuantile = app.scale === "quantiles" && literal.values === null;
  const values = useMemo(
    () =>
      isQuantile
        ? Float64Array.from(attribute.values, (v) =>
            Number.isNaN(v) ? v : shareBelow(quantiles, v),
          )
        : attribute.values,
    [attribute, isQuantile],
  );
  const within = run.scope(app.scope);
  const bins = useMemo(
    () =>
      binned(
        values,
        (i) => has(both, i),
        (i) => has(within, i),
      ),
    [values, both, within],
  );
  const title = `${negated ? "not " : ""}${shortened(literal.attribute, 80)}`;
  if (literal.values !== null) {
    return <CategoryEditor {...props} title={title} />;
  }
  const range: Range = isQuantile
    ? [scaled(quantiles, literal.low), scaled(quantiles, literal.high)]
    : [literal.low, literal.high];
  const ends = literal.low === null ? "high" : literal.high === null ? "low" : "both";
  const raw = (end: number | null): number | null => {
    if (end === null || !isQuantile) return end;
    const width = (quantiles[quantiles.length - 1] ?? 1) - (quantiles[0] ?? 0);
    return shortNumber(valueAtShare(quantiles, end), width);
  };
  const move = ([low, high]: Range, done: boolean) => {
    const next = {
      ...literal,
      low: ends === "high" ? null : raw(low),
      high: ends === "low" ? null : raw(high),
    };
    if (next.low === null && next.high === null) return;
    if (next.low !== null && next.high !== null && next.low >= next.high) return;
    onChange(next, done);
  };
  return (
    <Figure
      title={title}
      summary={`Histogram of ${title} with the interval of the rule; dark where all rules hold.`}
      head={["from", "to", "all", "all rules hold"]}
      rows={() =>
        bins.all.map((count, i) => [
          valueText(bins.edges[i]),
          valueText(bins.edges[i + 1]),
          count,
          bins.marked[i] ?? 0,
        ])
      }
    >
      <RangeHistogram
        label={title}
        bins={bins}
        range={range}
        ends={ends}
        onRange={move}
        format={isQuantile ? (v) => `${Math.round(100 * v)} %` : valueText}
      />
    </Figure>
  );
}

function scaled(quantiles: readonly number[], value: number | null): number | null {
  return value === null ? null : shareBelow(quantiles, value);
}

interface CategoryProps extends LiteralProps {
  readonly title: string;
}

function CategoryEditor({ title, literal, attribute, both, onChange }: CategoryProps) {
  const { app, run } = useView();
  const within = run.scope(app.scope);
  const chosen = literal.values ?? [];
  const counts = attribute.categories.map(() => [0, 0] as [number, number]);
  for (let i = 0; i < attribute.values.length; i++) {
    const count = counts[attribute.values[i] as number];
    if (count === undefined || !has(within, i)) continue;
    count[0]++;
    if (has(both, i)) count[1]++;
  }
  return (
    <fieldset class="categories">
      <legend>{title}</legend>
      {attribute.categories.map((category, i) => (
        <label key={category}>
          <input
            type="checkbox"
            checked={chosen.includes(category)}
            onChange={(event) => {
              const next = event.currentTarget.checked
                ? [...chosen, category].sort()
                : chosen.filter((c) => c !== category);
              if (next.length) onChange({ ...literal, values: next }, true);
              else event.currentTarget.checked = true;
            }}
          />{" "}
          <Name text={category} longest={60} />{" "}
          <span class="note">
            {countText(counts[i]?.[0])}, all rules hold for {countText(counts[i]?.[1])}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
