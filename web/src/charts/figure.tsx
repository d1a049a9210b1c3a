// A chart with its caption, its summary in words, and its twin as a table.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { PlainTable } from "../components/plain_table";

interface Props {
  readonly title: string;
  /** What the chart shows, in a sentence; empty for what is text itself. */
  readonly summary: string;
  readonly head: readonly string[];
  readonly rows: () => readonly (readonly ComponentChildren[])[];
  readonly children: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly wide?: boolean;
  /** Positions of the columns with numbers; all but the first without. */
  readonly numeric?: readonly number[];
}

export function Figure(props: Props) {
  const { title, summary, head, rows, children, note, wide } = props;
  const [isTable, setTable] = useState(false);
  const numeric = props.numeric ?? head.map((_, i) => i).slice(1);
  return (
    <figure class={wide ? "chart wide" : "chart"}>
      <figcaption>
        <span class="chart-title">{title}</span>
        <button
          type="button"
          class="quiet"
          aria-pressed={isTable}
          aria-label={`${title}: show as table`}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? "chart" : "table"}
        </button>
      </figcaption>
      {summary && <p class="visually-hidden">{summary}</p>}
      {isTable ? (
        <PlainTable caption={title} head={head} rows={rows()} numeric={numeric} />
      ) : (
        children
      )}
      {note && <p class="note">{note}</p>}
    </figure>
  );
}
