// Names and rules from the data: escaped by Preact, kept from turning the line around.
import { visible } from "../data/format";
import { printQuery } from "../data/print";
import type { QueryRecord } from "../data/schema";
import { useView } from "../state/app";

const LONGEST = 240;

/** A text that no name can stretch over pages; the whole of it is in the downloads. */
export function shortened(text: string, longest = LONGEST): string {
  const shown = visible(text);
  return shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown;
}

export function Name({ text, longest }: { text: string; longest?: number }) {
  return <bdi class="name">{shortened(text, longest) || "(blank)"}</bdi>;
}

/** A query as the reader wants it: symbols or words, raw values or quantiles. */
export function Rule({ query, words }: { query: QueryRecord; words?: string | undefined }) {
  const { app, run } = useView();
  const text = printQuery(run, query, app.rules, app.scale, words);
  return (
    <span class={`rule ${app.rules}`} dir="ltr">
      {shortened(text, 2000)}
    </span>
  );
}

/** The rules of a finding in one line. */
export function FindingText({ finding }: { finding: number }) {
  const { run } = useView();
  const queries = run.tables.findings.queries[finding] ?? [];
  const words = run.tables.findings.words[finding] ?? [];
  return (
    <span class="finding-text">
      {queries.map((query, i) => (
        <>
          {i > 0 && <span class="equivalent"> ⇔ </span>}
          <Rule query={query} words={words[i]} />
        </>
      ))}
    </span>
  );
}
