// Everything that the report holds, as files.
import { download, downloadRows, findingRows, rowsOf } from "../components/export";
import { positions } from "../data/bits";
import { countText } from "../data/format";
import type { Tables } from "../data/schema";
import { useView } from "../state/app";
import { useStore } from "../state/store";

const WHAT: Readonly<Record<keyof Tables, string>> = {
  findings: "Findings, with rules as text and all numbers",
  targets: "Targets: neurons and other columns, and what became of each",
  attributes: "Attributes of all views, with quantiles",
  entities: "Ids, groups, mined or held out",
  links: "Which attribute occurs with which target",
  layers: "How well one layer is described by another",
  matchings: "Pairs of layers whose neurons findings match",
  matches: "Matched neurons",
  effects: "Effects of interventions on the network",
  changes: "Findings of another run beside these",
  learned: "Learned attributes: what explains them, and the class they are most like",
  relevances: "Relevance of learned attributes for classes",
  nulls: "What searches of permuted entities found at best",
  rule_sets: "Rule sets that imitate a network, with what they reach",
};

export function Downloads() {
  const { app, run, selection } = useView();
  const notes = useStore(app.notes);
  const names = (Object.keys(WHAT) as (keyof Tables)[]).filter(
    (n) => run.tables[n].rows > 0,
  );
  const rows = (name: keyof Tables) =>
    name === "findings"
      ? findingRows(
          run,
          Array.from({ length: run.tables.findings.rows }, (_, i) => i),
        )
      : rowsOf(run, name);
  return (
    <>
      <h2>Downloads</h2>
      <p>
        All tables come from this file; nothing is fetched. The run folder has the same as
        Parquet, and <code>redescribe export</code> writes LaTeX, Markdown and other
        formats.
      </p>
      <ul class="downloads">
        {names.map((name) => (
          <li key={name}>
            <span>
              {WHAT[name]}{" "}
              <span class="note">({countText(run.tables[name].rows)} rows)</span>
            </span>
            <span>
              {(["csv", "json"] as const).map((format) => (
                <button
                  key={format}
                  type="button"
                  aria-label={`${WHAT[name]} as ${format.toUpperCase()}`}
                  onClick={() => downloadRows(name, rows(name), format)}
                >
                  {format.toUpperCase()}
                </button>
              ))}
            </span>
          </li>
        ))}
        {selection && (
          <li>
            <span>
              Ids of the selection <span class="note">({countText(selection.n)})</span>
            </span>
            <button
              type="button"
              onClick={() => {
                const ids = positions(selection.words).map(
                  (i) => run.tables.entities.id[i],
                );
                download(
                  "selection.json",
                  JSON.stringify(ids, null, 1),
                  "application/json",
                );
              }}
            >
              JSON
            </button>
          </li>
        )}
        <li>
          <span>Your tags, notes, pins and cohorts</span>
          <span>
            <button
              type="button"
              onClick={() =>
                download("notes.json", JSON.stringify(notes, null, 1), "application/json")
              }
            >
              JSON
            </button>
            <label class="file">
              load{" "}
              <input
                type="file"
                accept="application/json"
                onChange={(event) => {
                  const file = event.currentTarget.files?.[0];
                  void file?.text().then((text) => app.notes.load(text));
                }}
              />
            </label>
          </span>
        </li>
        <li>
          <span>What holds for the whole run: settings, versions, counts</span>
          <button
            type="button"
            onClick={() =>
              download("run.json", JSON.stringify(run.meta, null, 1), "application/json")
            }
          >
            JSON
          </button>
        </li>
      </ul>
    </>
  );
}
