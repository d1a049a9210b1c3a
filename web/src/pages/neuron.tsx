// The card of one neuron or attribute: its values, its findings, what is like it.
import { useState } from "preact/hooks";
import { EntityTable } from "../components/examples";
import { NotesOf } from "../components/notes_of";
import { PlainTable } from "../components/plain_table";
import { FindingText, Name, shortened } from "../components/text";
import { Activations, Classes } from "../components/values";
import { positions } from "../data/bits";
import {
  countText,
  defined,
  jaccardText,
  pText,
  shareText,
  valueText,
} from "../data/format";
import { findingsNaming } from "../data/learned";
import { useView } from "../state/app";
import { linkTo } from "../state/url";
import { NotFound } from "./not_found";

export function NeuronPage({ id }: { id: string }) {
  const { run } = useView();
  const [pointed, setPointed] = useState<number | null>(null);
  const { attributes, targets } = run.tables;
  const row = attributes.target.indexOf(id);
  if (row < 0) return <NotFound what="neuron or attribute" id={id} />;
  const target = run.targetOf(id);
  const findings = findingsNaming(
    run,
    attributes.view[row] ?? "",
    attributes.name[row] ?? "",
  );
  const own = findings.filter((i) => run.tables.findings.target[i] === id);
  const others = findings.filter((i) => run.tables.findings.target[i] !== id);
  const isNumeric = attributes.kind[row] === "numeric";
  return (
    <>
      <h2>
        <Name text={attributes.words[row] ?? ""} longest={200} />
      </h2>
      <p class="note">
        <Name text={id} longest={400} /> · view <Name text={attributes.view[row] ?? ""} /> ·{" "}
        {attributes.kind[row]}
      </p>
      <Facts row={row} target={target} />
      {isNumeric ? (
        <Activations row={row} findings={own} pointed={pointed} />
      ) : (
        <Classes row={row} />
      )}
      <FindingList caption="Findings that explain it" findings={own} />
      <FindingList caption="Other findings that name it" findings={others} />
      {target !== null && (targets.meanings[target]?.length ?? 0) > 1 && (
        <section aria-labelledby="meanings">
          <h3 id="meanings">Several meanings</h3>
          <p>Its findings name things that exclude each other:</p>
          <ul>
            {targets.meanings[target]?.map((text) => (
              <li key={text}>
                <Name text={text} longest={300} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <Similar id={id} />
      {isNumeric && <TopEntities row={row} onPoint={setPointed} />}
      <NotesOf id={id} />
    </>
  );
}

function Facts({ row, target }: { row: number; target: number | null }) {
  const { run } = useView();
  const { attributes, targets } = run.tables;
  const facts: [string, string][] = [
    [
      "state",
      target === null
        ? "was not to be explained"
        : (targets.state[target] ?? "").replace("_", " "),
    ],
    ["reason", target === null ? "" : (targets.reason[target] ?? "")],
    ["role", target === null ? "" : (targets.role[target] ?? "")],
    [
      "best J",
      target === null
        ? ""
        : jaccardText(
            defined(targets.jaccard[target]) ?? defined(targets.best_jaccard_mined[target]),
          ),
    ],
    [
      "best pair of one condition each, J mined",
      target === null ? "" : jaccardText(defined(targets.baseline_jaccard[target])),
    ],
    ["proven", target === null ? "" : (targets.proven[target] ?? "")],
    [
      "p of the search",
      target === null ? "" : valueText(defined(targets.p_search[target])),
    ],
    ["above 0", shareText(defined(attributes.share_active[row]))],
    ["mean", valueText(defined(attributes.mean[row]))],
    ["range", range(attributes.minimum[row], attributes.maximum[row])],
    ["distinct values", countText(attributes.n_distinct[row])],
    [
      "missing",
      (attributes.share_missing[row] ?? 0) > 0
        ? shareText(attributes.share_missing[row])
        : "",
    ],
    ["equal to", shortened(attributes.duplicate_of[row] ?? "", 100)],
  ];
  return (
    <dl class="facts-grid">
      {facts
        .filter(([, text]) => text !== "")
        .map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}

function range(low: number | undefined, high: number | undefined): string {
  const ends = [valueText(low), valueText(high)];
  return ends.every((end) => end !== "") ? ends.join(" to ") : "";
}

function FindingList({
  caption,
  findings,
}: {
  caption: string;
  findings: readonly number[];
}) {
  const { run, route } = useView();
  const table = run.tables.findings;
  if (!findings.length) return null;
  return (
    <section aria-label={caption}>
      <h3>{caption}</h3>
      <PlainTable
        caption={`${caption}: ${countText(findings.length)}`}
        head={["id", "rules", "J", "J mined", "q", "ok"]}
        numeric={[2, 3, 4]}
        limit={50}
        rows={findings.map((i) => [
          <a key="id" href={linkTo(route, "r", table.id[i])}>
            {table.id[i]}
          </a>,
          <FindingText key="t" finding={i} />,
          jaccardText(defined(table.jaccard[i])),
          jaccardText(table.jaccard_mined[i]),
          pText(defined(table.log10_q[i])),
          table.confirmed[i] === 1 ? "✓" : "",
        ])}
      />
    </section>
  );
}

/** Neurons of other layers and networks that findings match with this one. */
function Similar({ id }: { id: string }) {
  const { run, route } = useView();
  const { matches } = run.tables;
  const rows = Array.from({ length: matches.rows }, (_, i) => i).filter(
    (i) => matches.left[i] === id || matches.right[i] === id,
  );
  if (!rows.length) return null;
  return (
    <section aria-labelledby="similar">
      <h3 id="similar">Matched in other layers and networks</h3>
      <PlainTable
        caption="One-to-one matches by findings, beside the correlation of the values"
        head={["neuron", "finding", "J", "correlation"]}
        numeric={[2, 3]}
        rows={rows.map((i) => {
          const other = matches.left[i] === id ? matches.right[i] : matches.left[i];
          return [
            <a key="n" href={linkTo(route, "n", other)}>
              <Name text={other ?? ""} longest={80} />
            </a>,
            <a key="f" href={linkTo(route, "r", matches.finding[i])}>
              {matches.finding[i]}
            </a>,
            jaccardText(defined(matches.jaccard[i])),
            valueText(defined(matches.correlation[i])),
          ];
        })}
      />
    </section>
  );
}

interface TopProps {
  readonly row: number;
  readonly onPoint: (entity: number | null) => void;
}

function TopEntities({ row, onPoint }: TopProps) {
  const { app, run } = useView();
  return (
    <section aria-labelledby="top-entities">
      <h3 id="top-entities">Examples</h3>
      <EntityTable
        entities={positions(run.scope(app.scope))}
        columns={[row]}
        onPoint={onPoint}
      />
    </section>
  );
}
