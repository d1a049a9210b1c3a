// What can be done here, and what the words mean.
import { useLayoutEffect, useRef } from "preact/hooks";
import { useView } from "../state/app";
import { FILTER_COLUMNS } from "../state/measures";

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "search"],
  ["?", "this help"],
  ["Tab", "to the next control; charts have a table beside them"],
  ["← →", "move the end of an interval, with Shift ten times as far"],
  ["Esc", "close"],
];

export function Help({ onClose }: { onClose: () => void }) {
  const { run } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-label="Help" onClose={onClose}>
      <h2>Help</h2>
      <p>
        {run.server === null
          ? "This file holds the whole report and loads nothing."
          : "redescribe serve shows the whole run on this computer."}{" "}
        A selection of {run.meta.entity_nouns} made on any page is used by all: tables then
        show how much of each finding is in it. The address always leads back to what you
        see, except tags, notes and saved cohorts, which this browser keeps and Downloads
        exports.
      </p>
      <h3>Keys</h3>
      <dl>
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>In a file, and with redescribe serve</h3>
      <p>
        Every page, filter, selection, link, note, export and recount on mined{" "}
        {run.meta.entity_nouns} works in the file that redescribe report writes. A file
        within its size may lack values or supports; the first page then says which.{" "}
        <kbd>redescribe serve RUN</kbd> shows the same pages with nothing left out, counts
        changed rules on all {run.meta.entity_nouns}, and says which rules hold for a new
        row. It needs the run folder.{" "}
        {run.server === null ? "This is a file." : "This page is served."}
      </p>
      <h3>Filters</h3>
      <p>
        Columns: {FILTER_COLUMNS.join(", ")}; J, q and p for short. Compare numbers with
        &lt; ≤ &gt; ≥ = != (typed &lt;= and &gt;=), texts with = != ~ (contains). Join with
        and, or, not and brackets. A word alone is searched in the rules.
      </p>
      <h3>Words</h3>
      <dl>
        {run.meta.glossary.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
