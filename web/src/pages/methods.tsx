// How the findings came about, what they do not mean, and every setting.
import { axis, type Colours } from "../charts/colours";
import { EChart } from "../charts/echart";
import { Figure } from "../charts/figure";
import { Cuts } from "../components/cuts";
import { PlainTable } from "../components/plain_table";
import { Name, shortened } from "../components/text";
import { countText, defined, jaccardText, pText } from "../data/format";
import { useView } from "../state/app";
import { linkTo } from "../state/url";

export function Methods() {
  const { run } = useView();
  const { meta } = run;
  return (
    <>
      <h2>Methods and trust</h2>
      <p class="lead">{meta.caveat}</p>
      {meta.cuts.length > 0 && <Cuts />}
      <div class="columns">
        <section aria-labelledby="steps">
          <h3 id="steps">What was done</h3>
          <ol class="prose">
            {meta.steps.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ol>
        </section>
        <section aria-labelledby="limits">
          <h3 id="limits">What the numbers do not mean</h3>
          <ul class="prose">
            {meta.limits.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      </div>
      {run.isTested && run.tables.findings.rows > 0 && <Plots />}
      <section aria-labelledby="glossary">
        <h3 id="glossary">Numbers in this report</h3>
        <dl class="glossary">
          {meta.glossary.map(({ name, text }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section aria-labelledby="settings">
        <h3 id="settings">Settings and provenance</h3>
        <PlainTable
          caption={`All ${meta.settings.length} settings, and where each comes from`}
          head={["setting", "value", "origin"]}
          rows={meta.settings.map(({ name, value, origin }) => [
            name,
            <Name key="v" text={value} longest={300} />,
            origin || "not recorded",
          ])}
          limit={500}
        />
        <div class="columns">
          <PlainTable
            caption="Versions"
            head={["package", "version"]}
            rows={meta.versions.map(({ name, text }) => [name, text])}
          />
          <PlainTable
            caption="Hashes of the views"
            head={["view", "SHA-256"]}
            rows={meta.fingerprints.map(({ name, text }) => [
              <Name key="n" text={name} longest={60} />,
              <code key="h">{text.slice(0, 16)}…</code>,
            ])}
          />
        </div>
      </section>
    </>
  );
}

function Plots() {
  return (
    <section aria-labelledby="plots">
      <h3 id="plots">Are the numbers as they should be?</h3>
      <div class="charts">
        <PValues />
        <StepUp />
        <MinedAgainstHeldOut />
      </div>
    </section>
  );
}

/** The p-values of the family, sorted, beside what chance alone gives. */
function PValues() {
  const { run } = useView();
  const logs = sortedLogs(run.tables.findings.log10_p);
  const points = logs.map((p, i) => [-Math.log10((i + 0.5) / logs.length), -p]);
  return (
    <Figure
      title="p-values against chance (QQ)"
      summary={`${logs.length} p-values on the hold-out. Points above the line are smaller than chance alone gives.`}
      head={["expected −log10 p", "observed −log10 p"]}
      rows={() => points.map((point) => point.map((v) => v.toFixed(2)))}
      note="Above the line: stronger than chance alone gives."
    >
      <EChart
        label="p-values against chance"
        height={260}
        keys={[run]}
        option={(colours) => xy(colours, "expected −log10 p", "observed −log10 p", points)}
      />
    </Figure>
  );
}

/** Benjamini and Hochberg's step-up: sorted p-values against the line they must be under. */
function StepUp() {
  const { run } = useView();
  const { alpha, correction } = run.meta;
  const logs = sortedLogs(run.tables.findings.log10_p);
  const points = logs.map((p, i) => [i + 1, -p]);
  const line = logs.map((_, i) => [i + 1, -Math.log10((alpha * (i + 1)) / logs.length)]);
  return (
    <Figure
      title={`Sorted p-values and the line at ${alpha}`}
      summary={`${logs.length} sorted p-values and the threshold of the step-up procedure.`}
      head={["rank", "−log10 p"]}
      rows={() => points.map(([rank, p]) => [countText(rank), (p ?? 0).toFixed(2)])}
      note={`Corrected by ${correction}; the line is that of Benjamini and Hochberg.`}
    >
      <EChart
        label="Sorted p-values"
        height={260}
        keys={[run]}
        option={(colours) => xy(colours, "rank", "−log10 p", points, line)}
      />
    </Figure>
  );
}

function MinedAgainstHeldOut() {
  const { app, run, route } = useView();
  const { findings } = run.tables;
  const points = Array.from({ length: findings.rows }, (_, i) => i).flatMap((i) => {
    const held = defined(findings.jaccard[i]);
    return held === null ? [] : [{ i, mined: findings.jaccard_mined[i] ?? 0, held }];
  });
  return (
    <Figure
      title="J mined against J held out"
      summary={`${points.length} findings. On the line nothing is lost on entities that the search never saw.`}
      head={["finding", "J mined", "J held out"]}
      rows={() =>
        points.map((p) => [
          <a key="f" href={linkTo(route, "r", findings.id[p.i])}>
            {findings.id[p.i]}
          </a>,
          jaccardText(p.mined),
          jaccardText(p.held),
        ])
      }
      note="Below the line: lost on the hold-out."
    >
      <EChart
        label="J mined against J held out"
        height={260}
        keys={[run]}
        onClick={(series, index) => {
          const point = points[index];
          if (series === 0 && point) app.open(linkTo(route, "r", findings.id[point.i]));
        }}
        option={(colours) =>
          xy(
            colours,
            "J mined",
            "J held out",
            points.map((p) => [p.mined, p.held]),
            undefined,
            (index) => {
              const point = points[index];
              if (point === undefined) return "";
              const q = pText(defined(findings.log10_q[point.i]));
              return `${shortened(findings.id[point.i] ?? "")}\nmined ${jaccardText(point.mined)}, held out ${jaccardText(point.held)}, q ${q}`;
            },
          )
        }
      />
    </Figure>
  );
}

function sortedLogs(values: Float64Array): number[] {
  return [...values].filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
}

/** Points and a line, the diagonal without one. */
function xy(
  colours: Colours,
  xName: string,
  yName: string,
  points: readonly (readonly number[])[],
  line?: readonly (readonly number[])[],
  tooltip?: (index: number) => string,
) {
  const ends = points.flat();
  const low = Math.min(...points.map((p) => Math.min(...p)), 1);
  const most = Math.max(...points.map((p) => Math.min(p[0] ?? 0, p[1] ?? 0)), 1);
  const drawn = line ?? [
    [Math.min(low, 0.5), Math.min(low, 0.5)],
    [most, most],
  ];
  return {
    grid: { left: 56, right: 20, top: 16, bottom: 48 },
    xAxis: axis(colours, xName, { type: "value", scale: true }),
    yAxis: axis(colours, yName, { type: "value", scale: true, nameGap: 36 }),
    series: [
      {
        type: "scatter",
        symbolSize: ends.length > 1000 ? 4 : 7,
        itemStyle: { color: colours.accent, opacity: 0.6 },
        data: points,
      },
      {
        type: "line",
        symbol: "none",
        silent: true,
        lineStyle: { color: colours.muted, type: "dashed", width: 1.5 },
        data: drawn,
      },
    ],
    tooltip: tooltip
      ? {
          renderMode: "richText",
          confine: true,
          formatter: (p: { dataIndex: number }) => tooltip(p.dataIndex),
        }
      : { show: false },
  };
}
