// Two runs: what was kept, changed, added and lost, and whether the numbers compare.
import { PairedScatter } from "../charts/paired";
import { PlainTable } from "../components/plain_table";
import { FindingText, Name, shortened } from "../components/text";
import { Tile, Tiles } from "../components/tiles";
import {
  byDifference,
  CHANGES,
  type Change,
  type ChangeKind,
  changesOf,
  countsOf,
  type Side,
} from "../data/changes";
import { countText, jaccardText, pText } from "../data/format";
import type { ComparedRecord } from "../data/schema";
import { useView } from "../state/app";
import { linkTo } from "../state/url";

const MOST = 200;
const MEANINGS: Readonly<Record<ChangeKind, string>> = {
  kept: "the same rules in both",
  changed: "same target and views, other rules",
  added: "in the later run only",
  lost: "in the earlier run only",
};

export function CompareRuns() {
  const { app, run, route } = useView();
  const { compared } = run.meta;
  if (compared === null) return null;
  const swapped = route.params.get("swap") === "1";
  const shown = CHANGES.find((kind) => kind === route.params.get("show")) ?? null;
  const changes = changesOf(run, swapped);
  const counts = countsOf(changes);
  const titles = [compared.title, run.meta.title].map((title) => shortened(title, 80));
  // Two runs of one name are told apart by which of them this report is about.
  const names = titles[0] === titles[1] ? ["the other run", "this run"] : titles;
  const [before, after] = (swapped ? [names[1], names[0]] : names) as [string, string];
  const rows = byDifference(changes.filter((c) => shown === null || c.kind === shown));
  return (
    <>
      <div class="title-row">
        <h2>
          From <bdi>{before}</bdi> to <bdi>{after}</bdi>
        </h2>
        <button
          type="button"
          aria-pressed={swapped}
          onClick={() => app.set({ swap: swapped ? "" : "1" })}
        >
          ⇄ swap
        </button>
      </div>
      <Warnings compared={compared} />
      <Tiles>
        {CHANGES.map((kind) => (
          <Tile
            key={kind}
            value={countText(counts[kind])}
            label={kind}
            note={MEANINGS[kind]}
          />
        ))}
      </Tiles>
      <PairedScatter changes={changes} before={before} after={after} />
      <section aria-labelledby="changes-heading">
        <h3 id="changes-heading">Findings</h3>
        <label>
          Show{" "}
          <select
            value={shown ?? ""}
            onChange={(e) => app.set({ show: e.currentTarget.value })}
          >
            <option value="">all</option>
            {CHANGES.map((kind) => (
              <option key={kind} value={kind}>
                {kind} ({countText(counts[kind])})
              </option>
            ))}
          </select>
        </label>
        <Changes rows={rows} before={before} after={after} tested={compared.tested} />
      </section>
      <Settings compared={compared} swapped={swapped} names={[before, after]} />
    </>
  );
}

function Warnings({ compared }: { compared: ComparedRecord }) {
  if (!compared.warnings.length) return null;
  return (
    <aside class="warning" aria-label="Before you compare">
      <p>
        <strong>Before you compare.</strong> The other run is{" "}
        <Name text={compared.title} longest={80} />.
      </p>
      <ul>
        {compared.warnings.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </aside>
  );
}

interface ChangesProps {
  readonly rows: readonly Change[];
  readonly before: string;
  readonly after: string;
  readonly tested: boolean;
}

function Changes({ rows, before, after, tested }: ChangesProps) {
  const { run, route } = useView();
  const samples = tested ? "held-out" : "mined";
  return (
    <PlainTable
      caption={`${countText(rows.length)} findings, those whose J differs most first; J on the ${samples} ${run.meta.entity_nouns} of each run`}
      head={["change", "target", "rules", "J before", "J after", "difference", "q"]}
      numeric={[3, 4, 5, 6]}
      limit={MOST}
      rows={rows.map((change) => [
        <>
          {change.kind}
          {!change.explained && <span class="fact"> (not a target of the other run)</span>}
        </>,
        <a key="t" href={linkTo(route, "n", change.target)}>
          <Name text={change.target} longest={60} />
        </a>,
        <Sides key="r" change={change} names={[before, after]} />,
        jaccardText(change.before?.jaccard),
        jaccardText(change.after?.jaccard),
        differenceText(change.difference),
        [pText(change.before?.log10Q), pText(change.after?.log10Q)]
          .filter((text) => text !== "")
          .join(" → "),
      ])}
    />
  );
}

interface SidesProps {
  readonly change: Change;
  readonly names: readonly [before: string, after: string];
}

/** Both sides, one above the other; the rules once where they are the same. */
function Sides({ change, names }: SidesProps) {
  const { run } = useView();
  const { before, after, kind } = change;
  const here = before?.isHere ? before : after;
  const finding = run.findingOf(here?.id ?? "");
  if (kind === "kept" && before && after && finding !== null) {
    return (
      <>
        <SideId side={before} /> → <SideId side={after} /> <FindingText finding={finding} />
      </>
    );
  }
  return (
    <>
      <Rules change={change} side={before} name={names[0]} />
      <Rules change={change} side={after} name={names[1]} />
    </>
  );
}

interface RulesProps {
  readonly change: Change;
  readonly side: Side | null;
  readonly name: string;
}

/** The rules of one side, in this run or in the other one. */
function Rules({ change, side, name }: RulesProps) {
  const { app, run } = useView();
  if (side === null) {
    return <p class="side fact">not in {name}</p>;
  }
  const { changes } = run.tables;
  const finding = side.isHere ? run.findingOf(side.id) : null;
  const texts = app.rules === "words" ? changes.other_words : changes.other_rules;
  return (
    <p class="side">
      <SideId side={side} />{" "}
      {finding === null ? (
        <span class={`rule ${app.rules}`} dir="ltr">
          {shortened((texts[change.row] ?? []).join(" ⇔ "), 1000)}
        </span>
      ) : (
        <FindingText finding={finding} />
      )}
    </p>
  );
}

/** A link for findings of this run; those of the other one have no page here. */
function SideId({ side }: { side: Side }) {
  const { route } = useView();
  const text = `${side.id}${side.confirmed ? " ✓" : ""}`;
  if (!side.isHere) return <strong>{text}</strong>;
  return <a href={linkTo(route, "r", side.id)}>{text}</a>;
}

function differenceText(value: number | null): string {
  if (value === null) return "";
  const text = Math.abs(value).toFixed(2);
  if (text === "0.00") return "0.00";
  return `${value < 0 ? "−" : "+"}${text}`;
}

interface SettingsProps {
  readonly compared: ComparedRecord;
  readonly swapped: boolean;
  readonly names: readonly [string, string];
}

function Settings({ compared, swapped, names }: SettingsProps) {
  if (!compared.settings.length) {
    return <p class="note">No parameter and no version differs between the runs.</p>;
  }
  return (
    <section aria-labelledby="differing-settings">
      <h3 id="differing-settings">Settings that differ</h3>
      <PlainTable
        caption={`${countText(compared.settings.length)} parameters and versions`}
        head={["setting", `before: ${names[0]}`, `after: ${names[1]}`]}
        rows={compared.settings.map(({ name, other, here }) => [
          <Name key="n" text={name} longest={100} />,
          ...(swapped ? [here, other] : [other, here]).map((text, i) =>
            text === "" ? "–" : <Name key={i} text={text} longest={200} />,
          ),
        ])}
      />
    </section>
  );
}
