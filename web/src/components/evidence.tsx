// What speaks for a finding: the hold-out, what chance gives, repeated searches.
import { binned } from "../charts/bins";
import { Figure } from "../charts/figure";
import { RangeHistogram } from "../charts/range_histogram";
import {
  countText,
  defined,
  intervalText,
  jaccardText,
  pText,
  shareText,
  valueText,
} from "../data/format";
import { useView } from "../state/app";
import { EffectTable } from "./effects";
import { PlainTable } from "./plain_table";
import { Name } from "./text";

const STATISTICS: Readonly<Record<string, string>> = {
  adjusted_jaccard: "adjusted J",
  jaccard: "J",
  log_p: "−log10 p",
};

export function Evidence({ finding }: { finding: number }) {
  const { run } = useView();
  const { findings } = run.tables;
  const { meta } = run;
  const f = <Name extends keyof typeof findings>(name: Name) => {
    const values = findings[name];
    return values instanceof Float64Array ? defined(values[finding]) : null;
  };
  const mined = [
    jaccardText(f("jaccard_mined")),
    countText(findings.support_mined[finding]),
    countText(findings.union_mined[finding]),
    jaccardText(f("adjusted_jaccard_mined")),
    valueText(f("work_mined")),
    pText(f("log10_p_mined")),
  ];
  const held = [
    `${jaccardText(f("jaccard"))} ${bracket(intervalText(f("jaccard_low") ?? Number.NaN, f("jaccard_high") ?? Number.NaN))}`,
    countText(f("support")),
    countText(f("union")),
    jaccardText(f("adjusted_jaccard")),
    valueText(f("work")),
    pText(f("log10_p")),
  ];
  const labels = [
    "J (95 % interval)",
    "all rules hold",
    "at least one holds",
    "adjusted J",
    "J lost without the target's conditions",
    "p",
  ];
  const more: [string, string][] = [
    ["q, corrected over the family", pText(f("log10_q"))],
    ["J of unrelated rules of these sizes", jaccardText(f("expected_jaccard"))],
    [
      `p of the whole search (${meta.n_permutations} permutations)`,
      valueText(f("p_search")),
    ],
    ["p over all targets", valueText(f("p_search_family"))],
    [
      `stability (${meta.n_bootstrap} resamples of the hold-out)`,
      shareText(f("stability")),
    ],
    [
      `recovery (${meta.n_recovery} searches of resampled ${meta.entity_nouns})`,
      shareText(f("recovery")),
    ],
  ];
  return (
    <section aria-labelledby="evidence-heading">
      <h3 id="evidence-heading">Evidence</h3>
      <div class="columns">
        <PlainTable
          caption={run.isTested ? "Mined and held-out" : "Mined; nothing was held out"}
          head={["measure", "mined", ...(run.isTested ? ["held out"] : [])]}
          numeric={[1, 2]}
          rows={labels.map((label, i) => [
            label,
            mined[i],
            ...(run.isTested ? [held[i]] : []),
          ])}
        />
        <div>
          <dl class="evidence">
            {more
              .filter(([, text]) => text !== "")
              .map(([label, text]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
          </dl>
          {run.isTested && findings.confirmed[finding] !== 1 && (
            <p class="note">
              Not confirmed: that takes q ≤ {meta.alpha} and J ≥{" "}
              {jaccardText(meta.min_jaccard)} on the hold-out.
            </p>
          )}
        </div>
      </div>
      <NullHistogram finding={finding} />
      <NullNetworks finding={finding} />
      <Causal finding={finding} />
    </section>
  );
}

/** What searches find where a network that means nothing stands in for the partner. */
function NullNetworks({ finding }: { finding: number }) {
  const { run } = useView();
  const nulls = run.tables.findings.networks[finding] ?? [];
  if (!nulls.length) return null;
  return (
    <PlainTable
      caption="Beside searches in which the other network is replaced by one that means nothing"
      head={["replaced by", "network", "this finding", "mean", "largest", "searches", "p"]}
      numeric={[2, 3, 4, 5, 6]}
      rows={nulls.map((n) => [
        n.null,
        <Name key="p" text={n.partner} />,
        valueText(n.value),
        valueText(n.mean),
        valueText(n.maximum),
        countText(n.n_searches),
        valueText(n.p_value),
      ])}
    />
  );
}

function Causal({ finding }: { finding: number }) {
  const { run } = useView();
  const { effects, findings } = run.tables;
  const rows = effects.id.flatMap((id, i) => (id === findings.id[finding] ? [i] : []));
  return rows.length ? (
    <EffectTable rows={rows} caption={`Interventions. ${run.meta.causal}`} />
  ) : null;
}

function bracket(text: string): string {
  return text && `(${text})`;
}

/** What the best of a search finds where nothing is to be found, beside this finding. */
function NullHistogram({ finding }: { finding: number }) {
  const { run } = useView();
  const { findings, nulls } = run.tables;
  const target = findings.target[finding];
  const kind = findings.kind[finding];
  const row = nulls.target.findIndex(
    (name, i) => name === target && nulls.kind[i] === kind,
  );
  const maxima = nulls.maxima[row];
  if (maxima === undefined) return null;
  const statistic = run.meta.statistic;
  const observed = {
    adjusted_jaccard: findings.adjusted_jaccard_mined[finding],
    jaccard: findings.jaccard_mined[finding],
    log_p: -(findings.log10_p_mined[finding] ?? 0),
  }[statistic];
  if (observed === undefined) return null;
  const reached = maxima.filter((value) => value >= observed).length;
  const bins = binned(
    [...maxima, observed],
    () => false,
    (i) => i < maxima.length,
  );
  const label = STATISTICS[statistic] ?? statistic;
  return (
    <Figure
      title={`Best ${label} of ${maxima.length} searches of permuted ${run.meta.entity_nouns}`}
      summary={`${reached} of ${maxima.length} searches reach the ${label} of this finding, ${valueText(observed)}.`}
      head={["from", "to", "searches"]}
      rows={() =>
        bins.all.map((count, i) => [
          valueText(bins.edges[i]),
          valueText(bins.edges[i + 1]),
          count,
        ])
      }
      note={`${reached} of ${maxima.length} reach the ${label} of this finding, ${valueText(observed)} (the line).`}
      wide
    >
      <RangeHistogram
        label={`Null distribution of ${label}`}
        bins={bins}
        lines={[{ at: observed, label: "this finding" }]}
      />
    </Figure>
  );
}
