// The rules of a set: each can be switched off, and tells what is lost without it.
import { useMemo } from "preact/hooks";
import { has, type Words } from "../data/bits";
import { countText, valueText } from "../data/format";
import { answerOf, evidenceOf, isList, measuresOf, NO_ANSWER } from "../data/rules";
import type { RuleEvidenceRecord, RuleRecord } from "../data/schema";
import { percent, type Shown } from "../pages/rules";
import { useView } from "../state/app";
import { termsSpec } from "../state/selection";
import { Name, Rule } from "./text";

export function RuleList({ shown }: { shown: Shown }) {
  const { app, run } = useView();
  const { set, off, nouns } = shown;
  const tested = run.isTested;
  const without = useMemo(() => withoutEach(shown), [shown]);
  const part = tested ? "held out" : "mined";
  const setOff = (next: ReadonlySet<number>) =>
    app.set({ off: [...next].sort((a, b) => a - b).join(",") });
  const toggle = (number: number) => {
    const next = new Set(off);
    if (!next.delete(number)) next.add(number);
    setOff(next);
  };
  return (
    <section aria-labelledby="rule-list">
      <h3 id="rule-list">The rules</h3>
      <div class="toolbar">
        <button type="button" disabled={!off.size} onClick={() => setOff(new Set())}>
          All rules on
        </button>
        <p>
          {off.size
            ? `${off.size} of ${set.rules.length} rules are off.`
            : "Switch rules off to see what they are for."}
        </p>
      </div>
      <section class="table-scroll" aria-label="Rules" tabIndex={0}>
        <table class="plain rules-table">
          <caption>
            Covers and right: of the {nouns}; right is the share of what a rule covers to
            which the network gives its class. Without it: fidelity of the rules that are
            on, but for this one.
          </caption>
          <thead>
            <tr>
              <th scope="col">on</th>
              <th scope="col">rule</th>
              <th scope="col">class</th>
              <th scope="col" class="number">
                weight
              </th>
              <th scope="col" class="number">
                covers
              </th>
              <th scope="col" class="number">
                right
              </th>
              {tested && (
                <th scope="col" class="number">
                  right, mined
                </th>
              )}
              <th scope="col" class="number">
                without it
              </th>
              <th scope="col">{run.meta.entity_nouns}</th>
            </tr>
          </thead>
          <tbody>
            {set.rules.map((rule, i) => (
              <tr key={rule.query.support} class={off.has(i + 1) ? "rule-off" : undefined}>
                <td>
                  <label>
                    <input
                      type="checkbox"
                      aria-label={`Rule ${i + 1}`}
                      checked={!off.has(i + 1)}
                      onChange={() => toggle(i + 1)}
                    />{" "}
                    {i + 1}
                  </label>
                </td>
                <td>
                  <Rule query={rule.query} words={rule.words} />
                </td>
                <td>
                  {rule.weight < 0 && "not "}
                  <Name text={set.classes[rule.label] ?? ""} longest={60} />
                </td>
                <td class="number">{valueText(Math.abs(rule.weight))}</td>
                <td class="number">{percent(covers(evidence(rule, tested)))}</td>
                <td class="number">{percent(right(evidence(rule, tested)))}</td>
                {tested && <td class="number">{percent(right(rule.mined))}</td>}
                <td class="number">
                  {off.has(i + 1) ? "" : percent(without.get(i) ?? null)}
                </td>
                <td>
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Select where rule ${i + 1} holds`}
                    onClick={() => app.select(termsSpec(set.view, rule.query.terms))}
                  >
                    select
                  </button>
                </td>
              </tr>
            ))}
            <Otherwise shown={shown} part={part} />
          </tbody>
        </table>
      </section>
    </section>
  );
}

/** What is answered where no rule that is on holds. */
function Otherwise({ shown, part }: { shown: Shown; part: string }) {
  const { run } = useView();
  const { set, data, kept, within } = shown;
  const { code } = answerOf(set, kept, () => false);
  const isFree = (i: number) => !kept.some((rule) => has(data.fires[rule] as Words, i));
  const found = evidenceOf(isFree, code, data, within);
  const base = set.base.some((score) => score !== 0) && !isList(set);
  return (
    <tr class="default-rule">
      <td />
      <td>
        otherwise{" "}
        <span class="note">
          (no rule holds
          {base &&
            `; scores before any rule: ${set.classes
              .map((name, k) => `${name} ${valueText(set.base[k])}`)
              .join(", ")}`}
          )
        </span>
      </td>
      <td>
        {code === NO_ANSWER ? (
          "no answer"
        ) : (
          <Name text={set.classes[code] ?? ""} longest={60} />
        )}
      </td>
      <td />
      <td class="number">{percent(found.n ? found.covered / found.n : null)}</td>
      <td class="number">
        {percent(found.covered ? found.correct / found.covered : null)}
      </td>
      {run.isTested && <td />}
      <td />
      <td>
        <span class="note">{`${countText(found.covered)} ${part}`}</span>
      </td>
    </tr>
  );
}

/** Fidelity of the rules that are on but for each of them. */
function withoutEach({
  set,
  data,
  kept,
  within,
}: Shown): ReadonlyMap<number, number | null> {
  return new Map(
    kept.map((rule) => {
      const others = kept.filter((one) => one !== rule);
      return [rule, measuresOf(set, data, others, within).fidelity];
    }),
  );
}

function evidence(rule: RuleRecord, tested: boolean): RuleEvidenceRecord | null {
  return tested ? rule.hold_out : rule.mined;
}

function covers(found: RuleEvidenceRecord | null): number | null {
  return found?.n_entities ? found.n_covered / found.n_entities : null;
}

function right(found: RuleEvidenceRecord | null): number | null {
  return found?.n_covered ? found.n_correct / found.n_covered : null;
}
