// What if the attributes of an entity were others? Its attribute rules, told again.
import { useMemo } from "preact/hooks";
import { shortNumber } from "../charts/bins";
import { countText, defined, jaccardText, valueText } from "../data/format";
import type { Run } from "../data/run";
import {
  type AttributeRule,
  attributeRules,
  attributesInRules,
  formatChanged,
  type Outcome,
  outcomesOf,
  parseChanged,
  type Truth,
} from "../data/what_if";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";
import { PlainTable } from "./plain_table";
import { Name, Rule, shortened } from "./text";

const MOST_SLIDERS = 12;
const MOST_ATTRIBUTES = 400;

export function WhatIf({ entity }: { entity: number }) {
  const { app, run, route } = useView();
  const { attributes } = run.tables;
  const rules = useMemo(() => attributeRules(run), [run]);
  const used = useMemo(() => attributesInRules(rules).slice(0, MOST_ATTRIBUTES), [rules]);
  const observed = useLoaded(async () => {
    const columns = await Promise.all(used.map((row) => run.column(row)));
    const known = used.flatMap((row, i): [number, number][] => {
      const value = columns[i]?.[entity];
      return value === undefined ? [] : [[row, value]];
    });
    return new Map(known);
  }, [run, entity, used]);
  if (!observed?.size) return null;
  const changed = parseChanged(route.params.get("w") ?? "", attributes.rows);
  const usable = used.filter((row) => observed.has(row));
  const set = (row: number, value: number | null) => {
    const next = new Map(changed);
    if (value === null || value === observed.get(row)) next.delete(row);
    else next.set(row, value);
    app.set({ w: formatChanged(next) });
  };
  // The sliders that are moved stay, whichever they are.
  const first = usable.slice(0, MOST_SLIDERS);
  const shown = [...first, ...[...changed.keys()].filter((row) => !first.includes(row))];
  const others = usable.filter((row) => !shown.includes(row));
  const moved = new Map([...changed].filter(([row]) => observed.has(row)));
  const known = rules.filter((rule) => rule.rows.every((row) => observed.has(row)));
  const noun = run.meta.entity_noun;
  return (
    <section class="screen-only" aria-labelledby="what-if">
      <h3 id="what-if">What if?</h3>
      <p class="note">
        Rules only: the attributes of this {noun} are moved and the rules about attributes
        are told again. The network is not asked, so its neurons stay as they were observed
        and their rules are not changed; nor do other attributes follow.
      </p>
      <div class="sliders">
        {shown
          .filter((row) => observed.has(row))
          .map((row) => (
            <Slider
              key={row}
              row={row}
              observed={observed.get(row) ?? Number.NaN}
              value={changed.get(row) ?? null}
              onChange={(value) => set(row, value)}
            />
          ))}
      </div>
      <p class="toolbar">
        {others.length > 0 && (
          <label>
            Move another attribute{" "}
            <select
              value=""
              onChange={(e) => {
                const row = Number(e.currentTarget.value);
                const start = attributes.categories[row]?.length
                  ? 0
                  : (attributes.mean[row] ?? 0);
                set(row, start);
              }}
            >
              <option value="" />
              {others.map((row) => (
                <option key={row} value={row}>
                  {shortened(attributes.words[row] ?? "", 60)}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="button" disabled={!moved.size} onClick={() => app.set({ w: "" })}>
          Back to what was observed
        </button>
      </p>
      {moved.size > 0 && <Outcomes outcomes={outcomesOf(run, known, observed, moved)} />}
    </section>
  );
}

interface SliderProps {
  readonly row: number;
  readonly observed: number;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function Slider({ row, observed, value, onChange }: SliderProps) {
  const { run } = useView();
  const { attributes } = run.tables;
  const categories = attributes.categories[row] ?? [];
  const id = `what-if-${row}`;
  const text = (at: number): string => {
    if (Number.isNaN(at)) return "missing";
    return categories.length ? shortened(categories[at] ?? "", 40) : valueText(at);
  };
  const low = defined(attributes.minimum[row]) ?? 0;
  const high = defined(attributes.maximum[row]) ?? 1;
  const at = value ?? (Number.isNaN(observed) ? low : observed);
  return (
    <div class={value === null ? "slider" : "slider moved"}>
      <label for={id}>
        <Name text={attributes.words[row] ?? ""} longest={60} />
      </label>
      {categories.length > 0 ? (
        <select
          id={id}
          value={value ?? observed}
          onChange={(e) => onChange(Number(e.currentTarget.value))}
        >
          {Number.isNaN(observed) && <option value={Number.NaN}>missing</option>}
          {categories.map((category, code) => (
            <option key={category} value={code}>
              {shortened(category, 40)}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="range"
          min={low}
          max={high}
          step="any"
          value={at}
          aria-valuetext={text(at)}
          onInput={(e) => onChange(shortNumber(Number(e.currentTarget.value), high - low))}
          onKeyDown={(e) => step(e, at, [low, high], onChange)}
        />
      )}
      <span class="slider-values">
        {value === null ? (
          text(observed)
        ) : (
          <>
            <strong>{text(value)}</strong>{" "}
            <button type="button" class="quiet" onClick={() => onChange(null)}>
              was {text(observed)}
            </button>
          </>
        )}
      </span>
    </div>
  );
}

/** Arrow keys move by a hundredth of the range: a slider without steps has none. */
function step(
  event: KeyboardEvent,
  at: number,
  [low, high]: readonly [number, number],
  onChange: (value: number) => void,
): void {
  const signs: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -10,
    PageUp: 10,
  };
  const sign = signs[event.key];
  if (sign === undefined) return;
  event.preventDefault();
  const next = Math.min(high, Math.max(low, at + (sign * (high - low)) / 100));
  onChange(shortNumber(next, high - low));
}

function Outcomes({ outcomes }: { outcomes: readonly Outcome[] }) {
  const { run, route } = useView();
  const { findings } = run.tables;
  const changed = outcomes.filter(({ before, after }) => before !== after);
  const ordered = [...changed].sort(
    (a, b) => rank(a.after) - rank(b.after) || a.rule.finding - b.rule.finding,
  );
  const count = (truth: Truth) => changed.filter(({ after }) => after === truth).length;
  return (
    <>
      <p role="status">
        Of {countText(outcomes.length)} rules about what was moved,{" "}
        <strong>{countText(count(true))}</strong> now hold and did not before,{" "}
        <strong>{countText(count(false))}</strong> no longer hold.
      </p>
      {ordered.length > 0 && (
        <PlainTable
          caption="Attribute rules that change; the neuron rules beside them do not follow"
          head={["finding", "explains", "attribute rule", "observed", "now", "J"]}
          numeric={[5]}
          limit={50}
          rows={ordered.map(({ rule, before, after }) => [
            <a key="f" href={linkTo(route, "r", findings.id[rule.finding])}>
              {findings.id[rule.finding]}
            </a>,
            <Name key="t" text={findings.target[rule.finding] ?? ""} longest={60} />,
            <span key="r" class="finding-text">
              <Rule query={rule.query} words={wordsOf(run, rule)} />
            </span>,
            told(before),
            told(after),
            jaccardText(
              defined(findings.jaccard[rule.finding]) ??
                findings.jaccard_mined[rule.finding],
            ),
          ])}
        />
      )}
    </>
  );
}

function wordsOf(run: Run, { finding, query }: AttributeRule): string | undefined {
  const { queries, words } = run.tables.findings;
  return words[finding]?.[queries[finding]?.indexOf(query) ?? -1];
}

function rank(truth: Truth): number {
  return truth === true ? 0 : truth === false ? 1 : 2;
}

function told(truth: Truth): string {
  if (truth === null) return "not known";
  return truth ? "holds" : "does not hold";
}
