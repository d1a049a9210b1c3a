// The first page: what a redescription is, how sure we are, the run in numbers.
import { Figure } from "../charts/figure";
import { Heatmap } from "../charts/heatmap";
import { Cuts } from "../components/cuts";
import { FindingParts, Sentence } from "../components/sentence";
import { Name, Rule } from "../components/text";
import { Tile, Tiles, Waterfall } from "../components/tiles";
import { size } from "../data/bits";
import { countText, defined, jaccardText, shareText } from "../data/format";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";

export function Overview() {
  const { run } = useView();
  const { meta } = run;
  return (
    <>
      {!run.isTested && (
        <aside class="warning" aria-label="Warning">
          <p>
            <strong>{meta.caveat}</strong>
          </p>
          <p>
            For evidence, mine again with a hold-out (--hold-out 0.3): part of the{" "}
            {meta.entity_nouns} is then kept for the test.
          </p>
        </aside>
      )}
      <div class="opening">
        <Meaning />
        <Certainty />
      </div>
      <RunInNumbers />
      <ReadFirst />
      <LabelMap />
      <Quality />
      <OwnData />
    </>
  );
}

function Meaning() {
  const { run } = useView();
  const { meta } = run;
  return (
    <section aria-labelledby="meaning">
      <h2 id="meaning">What this report says</h2>
      <p class="lead">
        A redescription is a pair of readable rules about two kinds of data, such as the
        activation of a neuron and what was measured, that hold for nearly the same{" "}
        {meta.entity_nouns}. Where a pair also holds for {meta.entity_nouns} that the search
        never saw, the second rule is a tested description of the neuron.
      </p>
      {meta.example !== null && <Example finding={meta.example} />}
    </section>
  );
}

function Example({ finding }: { finding: number }) {
  const { run, route } = useView();
  const { findings } = run.tables;
  const queries = findings.queries[finding] ?? [];
  const words = findings.words[finding] ?? [];
  const id = findings.id[finding] ?? "";
  return (
    <figure class="card example">
      <figcaption>
        An example, finding <a href={linkTo(route, "r", id)}>{id}</a> of this run:
      </figcaption>
      {queries.map((query, i) => {
        const view = run.meta.views.find((v) => v.name === query.view);
        return (
          <div key={query.view}>
            {i > 0 && (
              <p class="link-text">
                {i === 1
                  ? `holds for nearly the same ${run.meta.entity_nouns} as`
                  : "and as"}
              </p>
            )}
            <p class="rule-card">
              <span class="source">
                rule about <Name text={query.view} />
                {view?.contents && ` (${view.contents})`}
              </span>
              <Rule query={query} words={words[i]} />
            </p>
          </div>
        );
      })}
      <FindingParts finding={finding} />
      <p class="note">{agreement(run, finding)}</p>
    </figure>
  );
}

function agreement(run: Run, finding: number): string {
  const { findings } = run.tables;
  const held = defined(findings.jaccard[finding]);
  const tested = held !== null;
  const either = tested ? findings.union[finding] : findings.union_mined[finding];
  const both = tested ? findings.support[finding] : findings.support_mined[finding];
  const jaccard = jaccardText(held ?? findings.jaccard_mined[finding]);
  const kind = tested ? "held-out" : "mined";
  const n = findings.queries[finding]?.length ?? 2;
  const every = n === 2 ? "both" : `all ${n}`;
  const chance = jaccardText(defined(findings.expected_jaccard[finding]));
  return (
    `Of the ${countText(either)} ${kind} ${run.meta.entity_nouns} for which at least one ` +
    `rule holds, ${every} hold for ${countText(both)}: a Jaccard index J of ${jaccard}, ` +
    `where 1 is perfect agreement.${chance && ` Unrelated rules that hold as often would reach about ${chance}.`}`
  );
}

function Certainty() {
  const { run, route } = useView();
  const { meta } = run;
  return (
    <section aria-labelledby="certainty">
      <h2 id="certainty">How sure are we?</h2>
      <div class="card">
        {run.isTested ? (
          <>
            <p class="big">
              {countText(meta.n_confirmed)} of {countText(run.tables.findings.rows)}
            </p>
            <p>
              findings are confirmed on {countText(meta.n_hold_out)} {meta.entity_nouns}{" "}
              that the search never saw.
            </p>
            <p>
              The rules were found on {countText(meta.n_mined)} {meta.entity_nouns} and
              tested unchanged on the others. Confirmed means that there the overlap is far
              more than chance (q ≤ {meta.alpha}, corrected for all{" "}
              {countText(meta.family_size)} findings) and the rules still agree (J ≥{" "}
              {jaccardText(meta.min_jaccard)}).
            </p>
          </>
        ) : (
          <>
            <p class="big">Not tested</p>
            <p>
              All numbers come from the very data that the rules were searched in. Rules
              that fit by luck look just as good there.
            </p>
          </>
        )}
        <p>
          <a href={linkTo(route, "m")}>What the numbers do not mean</a>
        </p>
      </div>
    </section>
  );
}

function RunInNumbers() {
  const { run, route } = useView();
  const { meta, tables } = run;
  const isNeuron = (i: number) => tables.targets.target[i] === tables.targets.attribute[i];
  const rows = Array.from({ length: tables.targets.rows }, (_, i) => i);
  const covered = useLoaded(async () => {
    const all = await run.intersections();
    const nWords = run.everything.length;
    const union = new Uint32Array(nWords);
    for (let at = 0; at < all.length; at++) {
      const i = at % nWords;
      union[i] = (union[i] as number) | (all[at] as number);
    }
    return size(union) / meta.n_entities;
  }, [run]);
  const kept = tables.findings.rows;
  const steps: [string, number][] = [
    ["candidates searched", meta.n_candidates],
    ["findings kept and tested", kept],
    ...(meta.n_confirmed === null
      ? []
      : [["confirmed on the hold-out", meta.n_confirmed] as [string, number]]),
  ];
  const groups = [
    ["neurons", rows.filter(isNeuron)],
    ["columns", rows.filter((i) => !isNeuron(i))],
  ] as const;
  return (
    <section aria-labelledby="numbers">
      <h2 id="numbers">The run in numbers</h2>
      {meta.sample && <p>{meta.sample}</p>}
      <Tiles>
        {groups
          .filter(([, members]) => members.length > 0)
          .map(([noun, members]) => (
            <CoverageTile key={noun} noun={noun} rows={members} />
          ))}
        <Tile
          value={countText(kept)}
          label="findings"
          href={linkTo(route, "r")}
          note={
            run.isTested
              ? `${shareText(kept ? (meta.n_confirmed ?? 0) / kept : null)} confirmed`
              : "not tested"
          }
        />
        <Tile
          value={covered === undefined ? "…" : shareText(covered)}
          label={`of ${meta.entity_nouns} are in a finding`}
          note="all its rules hold for them"
        />
        <Tile
          value={countText(meta.n_entities)}
          label={meta.entity_nouns}
          note={`${countText(meta.n_mined)} mined, ${countText(meta.n_hold_out)} held out`}
        />
      </Tiles>
      <Waterfall steps={steps} />
    </section>
  );
}

function CoverageTile({ noun, rows }: { noun: string; rows: readonly number[] }) {
  const { run, route } = useView();
  const { state, reason } = run.tables.targets;
  const described = rows.filter((i) => state[i] === "described").length;
  const able = rows.filter((i) => state[i] !== "not_describable").length;
  const dead = rows.filter((i) =>
    ["constant", "all_missing"].includes(reason[i] ?? ""),
  ).length;
  const notes = [
    `${countText(rows.length)} in all`,
    ...(dead ? [`${countText(dead)} dead`] : []),
    ...(able > described ? [`${countText(able - described)} without a finding`] : []),
  ];
  return (
    <Tile
      value={`${countText(described)} of ${countText(able)}`}
      label={`describable ${noun} are described`}
      note={notes.join(", ")}
      href={linkTo(route, "n")}
    />
  );
}

function ReadFirst() {
  const { run } = useView();
  const { read_first: first, entity_nouns: nouns } = run.meta;
  return (
    <section aria-labelledby="read-first">
      <h2 id="read-first">Findings to read first</h2>
      {first.length ? (
        <>
          <p>
            The best findings of each pair of views in turn, no target twice. “The other way
            round” means that the second rule singles out the same {nouns} as the first.
            Bars count {run.isTested ? "held-out" : "mined"} {nouns}; click a part to select
            them.
          </p>
          <ol class="findings">
            {first.map((finding) => (
              <Sentence key={finding} finding={finding} />
            ))}
          </ol>
        </>
      ) : (
        <p>
          No pair of rules reached the thresholds. The page on neurons says what became of
          each. Lower thresholds (such as --min-jaccard) or more {nouns} may help.
        </p>
      )}
    </section>
  );
}

/** The best J of every layer with every class. */
function LabelMap() {
  const { app, run, route } = useView();
  const { links, targets, attributes } = run.tables;
  const layers: string[] = [];
  const classes: string[] = [];
  const best = new Map<string, { value: number; finding: string }>();
  for (let i = 0; i < links.rows; i++) {
    const target = run.targetOf(links.target[i] ?? "");
    if (target === null) continue;
    const own = run.attributeOf(
      targets.view[target] ?? "",
      targets.attribute[target] ?? "",
    );
    const concept = run.attributeOf(links.concept_view[i] ?? "", links.concept[i] ?? "");
    if (own === null || concept === null || attributes.kind[concept] === "numeric")
      continue;
    const layer = attributes.layer[own] ?? "";
    const name = `${links.concept[i]} = ${links.concept_direction[i]}`;
    if (!layers.includes(layer)) layers.push(layer);
    if (!classes.includes(name)) classes.push(name);
    const value = defined(links.jaccard[i]) ?? links.jaccard_mined[i] ?? 0;
    const key = JSON.stringify([layer, name]);
    if (value > (best.get(key)?.value ?? -1))
      best.set(key, { value, finding: links.best[i] ?? "" });
  }
  if (!classes.length) return null;
  const cells = layers.flatMap((layer) =>
    classes.flatMap((name) => {
      const found = best.get(JSON.stringify([layer, name]));
      return found ? [{ row: layer, column: name, ...found }] : [];
    }),
  );
  return (
    <section class="screen-only" aria-labelledby="label-map">
      <h2 id="label-map">Layers and classes</h2>
      <Figure
        title="Best J of a finding that joins a layer and a class"
        summary={`Heatmap of ${layers.length} layers by ${classes.length} classes.`}
        head={["layer", "class", "J", "finding"]}
        rows={() =>
          cells.map((cell) => [
            <Name key="l" text={cell.row} />,
            <Name key="c" text={cell.column} />,
            jaccardText(cell.value),
            <a key="f" href={linkTo(route, "r", cell.finding)}>
              {cell.finding}
            </a>,
          ])
        }
        wide
      >
        <Heatmap
          label="Layers by classes"
          rows={layers}
          columns={classes}
          cells={cells}
          onOpen={(cell) => app.open(linkTo(route, "r", cell.finding ?? ""))}
        />
      </Figure>
    </section>
  );
}

function Quality() {
  const { run } = useView();
  const { attributes } = run.tables;
  const rows = Array.from({ length: attributes.rows }, (_, i) => i);
  const facts = run.meta.views.map((view) => {
    const own = rows.filter((i) => attributes.view[i] === view.name);
    const constant = own.filter((i) => (attributes.n_distinct[i] ?? 0) <= 1).length;
    const copies = own.filter((i) => attributes.duplicate_of[i]).length;
    const missing = own.filter((i) => (attributes.share_missing[i] ?? 0) > 0).length;
    return { view, constant, copies, missing };
  });
  return (
    <section aria-labelledby="quality">
      <h2 id="quality">The data</h2>
      <ul class="facts">
        {facts.map(({ view, constant, copies, missing }) => (
          <li key={view.name}>
            <Name text={view.name} />: {view.contents || `${view.n_attributes} attributes`}
            {constant > 0 && `; ${constant} with one value for all`}
            {copies > 0 && `; ${copies} equal to an earlier column`}
            {missing > 0 && `; ${missing} with missing values`}
          </li>
        ))}
      </ul>
      {run.meta.cuts.length > 0 && <Cuts />}
    </section>
  );
}

function OwnData() {
  const { run } = useView();
  return (
    <section class="screen-only" aria-labelledby="own-data">
      <h2 id="own-data">Your own data</h2>
      <p>
        Two tables with one {run.meta.entity_noun} per row and a common id column are
        enough: activations of a network, and what is known about the same{" "}
        {run.meta.entity_nouns}. No network framework is needed.
      </p>
      <pre tabIndex={0}>
        <code>{run.meta.own_data}</code>
      </pre>
    </section>
  );
}
