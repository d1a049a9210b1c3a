// Rules that answer as the network does: what they reach, which of them matter, try them.
import { useMemo } from "preact/hooks";
import { TradeOffChart } from "../charts/trade_off";
import { Agreements } from "../components/rule_agreement";
import { RuleExport } from "../components/rule_export";
import { RuleList } from "../components/rule_list";
import { RuleTry } from "../components/rule_try";
import { Name } from "../components/text";
import { Tile, Tiles } from "../components/tiles";
import type { Words } from "../data/bits";
import { countText, plural } from "../data/format";
import {
  isList,
  type Measures,
  measuresOf,
  parseOff,
  type RuleData,
  type RuleSet,
  ruleSetOf,
} from "../data/rules";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";

/** What the parts of the page share. */
export interface Shown {
  readonly set: RuleSet;
  readonly data: RuleData;
  /** Positions of the rules that are on. */
  readonly kept: readonly number[];
  readonly off: ReadonlySet<number>;
  /** The entities that measures are about, and what these are called. */
  readonly within: Words;
  readonly nouns: string;
  /** With the rules that are on, and with all. */
  readonly now: Measures;
  readonly whole: Measures;
}

export function RulesPage() {
  const { app, run, route } = useView();
  const { rule_sets: table } = run.tables;
  const named = table.name.indexOf(route.params.get("set") ?? "");
  const row = Math.max(0, named);
  const set = useMemo(() => ruleSetOf(table, row), [table, row]);
  const data = useLoaded(() => run.rulesOf(row), [run, row]);
  return (
    <>
      <h2>Rules</h2>
      {table.rows > 1 && (
        <div class="toolbar filters">
          <label>
            Rule set{" "}
            <select
              value={set.name}
              onChange={(e) => app.set({ set: e.currentTarget.value, off: "", row: "" })}
            >
              {table.name.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      {data === undefined ? (
        <section class="pending" aria-busy="true" />
      ) : (
        <Content key={row} row={row} set={set} data={data} />
      )}
    </>
  );
}

function Content({ row, set, data }: { row: number; set: RuleSet; data: RuleData }) {
  const { run, route } = useView();
  const text = route.params.get("off") ?? "";
  const shown = useMemo<Shown>(() => {
    const off = parseOff(text, set.rules.length);
    const every = set.rules.map((_, i) => i);
    const kept = every.filter((i) => !off.has(i + 1));
    const within = run.evidence;
    const whole = measuresOf(set, data, every, within);
    const now = off.size ? measuresOf(set, data, kept, within) : whole;
    const kind = run.isTested ? "held-out" : "mined";
    return {
      set,
      data,
      kept,
      off,
      within,
      now,
      whole,
      nouns: `${kind} ${run.meta.entity_nouns}`,
    };
  }, [run, set, data, text]);
  return (
    <>
      <Lead shown={shown} />
      <MeasureTiles shown={shown} />
      <RuleList shown={shown} />
      <TradeOffChart shown={shown} />
      <Agreements shown={shown} />
      <RuleTry shown={shown} />
      <RuleExport shown={shown} row={row} />
    </>
  );
}

function Lead({ shown }: { shown: Shown }) {
  const { run } = useView();
  const { set, whole, nouns } = shown;
  const together = isList(set)
    ? "The first rule that holds answers."
    : "Rules that hold add their weights to the score of their class; the largest score answers.";
  return (
    <p class="lead">
      {counted(set.rules.length, "rule")} over <Name text={set.view} />{" "}
      {set.rules.length === 1 ? "answers" : "answer"} as{" "}
      <Name text={set.outputs || "the network"} /> does for{" "}
      <strong>{percent(whole.fidelity)}</strong> of {countText(whole.n)} {nouns}; its most
      frequent class alone would be right for {percent(majority(whole))}. {together}
      {!run.isTested && " Nothing was held out, so this is no test."}
    </p>
  );
}

function MeasureTiles({ shown }: { shown: Shown }) {
  const { now, whole, off, set } = shown;
  const was = (value: string, before: string) =>
    off.size && value !== before ? { note: `${before} with all rules` } : {};
  const tile = (label: string, value: string, before: string) => (
    <Tile label={label} value={value} {...was(value, before)} />
  );
  const literals = (m: Measures) =>
    `${counted(m.nRules, "rule")}, ${counted(m.nLiterals, "condition")}`;
  return (
    <>
      <Tiles>
        {tile(
          "fidelity: answers as the network",
          percent(now.fidelity),
          percent(whole.fidelity),
        )}
        {set.labels &&
          tile("accuracy: the true class", percent(now.accuracy), percent(whole.accuracy))}
        {tile("covered: some rule holds", percent(now.coverage), percent(whole.coverage))}
        {tile(
          "conflict: rules for several classes",
          percent(now.conflict),
          percent(whole.conflict),
        )}
        {tile("size", literals(now), literals(whole))}
      </Tiles>
      <p class="visually-hidden" role="status">
        {off.size
          ? `${off.size} rules are off. Fidelity ${percent(now.fidelity)}, before ${percent(whole.fidelity)}.`
          : ""}
      </p>
    </>
  );
}

function counted(n: number, noun: string): string {
  return `${countText(n)} ${plural(noun, n)}`;
}

/** A share with one digit; these differ by single entities. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

function majority(measures: Measures): number | null {
  const sizes = measures.table.map((row) => row.reduce((a, b) => a + b, 0));
  return measures.n ? Math.max(0, ...sizes) / measures.n : null;
}
