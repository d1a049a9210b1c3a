// Numbers that a reader should see first.
import type { ComponentChildren } from "preact";

export function Tile(props: {
  readonly value: string;
  readonly label: string;
  readonly note?: string;
  readonly href?: string;
}) {
  return (
    <li class="tile">
      <strong>{props.value}</strong>
      {props.href ? <a href={props.href}>{props.label}</a> : <span>{props.label}</span>}
      {props.note && <small>{props.note}</small>}
    </li>
  );
}

export function Tiles({ children }: { children: ComponentChildren }) {
  return <ul class="tiles">{children}</ul>;
}

/** Counts that shrink step by step, as bars one under the other. */
export function Waterfall({ steps }: { steps: readonly (readonly [string, number])[] }) {
  const most = Math.max(1, ...steps.map(([, count]) => Math.log10(1 + count)));
  return (
    <ol class="waterfall">
      {steps.map(([label, count]) => (
        <li key={label}>
          <span class="waterfall-label">{label}</span>
          <span
            class="waterfall-bar"
            style={{ width: `${(58 * Math.log10(1 + count)) / most}%` }}
          />
          <span class="waterfall-count">{count.toLocaleString("en-US")}</span>
        </li>
      ))}
    </ol>
  );
}
