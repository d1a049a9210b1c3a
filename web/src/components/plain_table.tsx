// A short table as it is: for twins of charts and for lists that fit a screen.
import type { ComponentChildren } from "preact";

interface Props {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Positions of the columns with numbers. */
  readonly numeric?: readonly number[];
  readonly limit?: number;
}

export function PlainTable({ caption, head, rows, numeric = [], limit = 200 }: Props) {
  const side = (i: number) => (numeric.includes(i) ? "number" : undefined);
  return (
    <section class="table-scroll" aria-label={caption} tabIndex={0}>
      <table class="plain">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((text, i) => (
              <th key={text} scope="col" class={side(i)}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) => (
                <td key={i} class={side(i)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > limit && (
        <p class="note">
          {limit} of {rows.length} rows are shown.
        </p>
      )}
    </section>
  );
}
