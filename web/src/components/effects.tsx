// What interventions on the network did: a table, for a finding or for all.
import { defined, pText, valueText } from "../data/format";
import { useView } from "../state/app";
import { linkTo } from "../state/url";
import { PlainTable } from "./plain_table";
import { Name } from "./text";

export function EffectTable({
  rows,
  caption,
}: {
  rows: readonly number[];
  caption: string;
}) {
  const { run, route } = useView();
  const { effects } = run.tables;
  return (
    <PlainTable
      caption={caption}
      head={[
        ...["finding", "unit", "check", "about", "inside", "outside"],
        ...["effect (95 % interval)", "size", "controls", "p", "q", "verdict"],
      ]}
      numeric={[4, 5, 6, 7, 8, 9, 10]}
      limit={500}
      rows={rows.map((i) => [
        <a key="f" href={linkTo(route, "r", effects.id[i])}>
          {effects.id[i]}
        </a>,
        <a key="n" href={linkTo(route, "n", effects.target[i])}>
          <Name text={effects.target[i] ?? ""} longest={80} />
        </a>,
        effects.check[i],
        <Name key="a" text={effects.about[i] ?? ""} longest={80} />,
        valueText(defined(effects.inside[i])),
        valueText(defined(effects.outside[i])),
        interval(effects.effect[i], effects.effect_low[i], effects.effect_high[i]),
        valueText(defined(effects.effect_size[i])),
        effects.control_n[i]
          ? `${valueText(defined(effects.control_effect[i]))} (${effects.control_n[i]})`
          : "",
        probability(effects.p_value[i]),
        probability(effects.q_value[i]),
        effects.verdict[i],
      ])}
    />
  );
}

function interval(
  value: number | undefined,
  low: number | undefined,
  high: number | undefined,
): string {
  const text = valueText(value);
  const ends = [valueText(low), valueText(high)];
  return text && ends.every((end) => end) ? `${text} (${ends.join(" to ")})` : text;
}

function probability(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "" : pText(Math.log10(value));
}
