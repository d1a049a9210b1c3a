// Ask the rules: one row by hand, or a table from a file.
import { useId, useMemo, useState } from "preact/hooks";
import { has } from "../data/bits";
import { columnsOf, parseSheet, type Sheet, TableProblem, type Wanted } from "../data/csv";
import { countText } from "../data/format";
import { formatExact } from "../data/grammar";
import { attributesOf, supportOfQuery } from "../data/queries";
import { type Answer, answerOf, isList, NO_ANSWER, type RuleSet } from "../data/rules";
import type { Support } from "../data/supports";
import type { Shown } from "../pages/rules";
import { useView } from "../state/app";
import { downloadRows } from "./export";
import { PlainTable } from "./plain_table";
import { Name, Rule, shortened } from "./text";

const MOST_ROWS = 200;

export function RuleTry({ shown }: { shown: Shown }) {
  const wanted = useWanted(shown.set);
  return (
    <section aria-labelledby="rule-try">
      <h3 id="rule-try">Try the rules</h3>
      <p>
        These are the rules, not the network. Only what the rules ask for counts; an empty
        field is missing, and a rule that it leaves open does not hold.
      </p>
      <ByHand shown={shown} wanted={wanted} />
      <Upload shown={shown} wanted={wanted} />
    </section>
  );
}

/** The attributes that the rules of a set name, those that are off too. */
function useWanted(set: RuleSet): readonly Wanted[] {
  const { run } = useView();
  return useMemo(() => {
    const names = new Set(set.rules.flatMap((rule) => attributesOf(rule.query.terms)));
    return [...names].map((name) => {
      const row = run.attributeOf(set.view, name);
      const { kind, categories } = run.tables.attributes;
      return {
        name,
        kind: row === null ? "numeric" : (kind[row] ?? "numeric"),
        categories: row === null ? [] : (categories[row] ?? []),
      };
    });
  }, [run, set]);
}

/** Where each rule holds among the rows of a sheet, and where that is open. */
function supportsIn(set: RuleSet, sheet: Sheet, wanted: readonly Wanted[]): Support[] {
  const columns = columnsOf(sheet, wanted);
  return set.rules.map((rule) => supportOfQuery(rule.query, columns, sheet.rows.length));
}

function ByHand({ shown, wanted }: { shown: Shown; wanted: readonly Wanted[] }) {
  const { app, run, route } = useView();
  const { set, kept } = shown;
  const [problem, setProblem] = useState("");
  const given = readRow(route.params.get("row") ?? "");
  const enter = (values: Readonly<Record<string, string>>) => {
    const known = Object.entries(values).filter(([, text]) => text.trim() !== "");
    app.set({ row: known.length ? JSON.stringify(Object.fromEntries(known)) : "" });
  };
  const take = async (id: string) => {
    const entity = run.tables.entities.id.indexOf(id.trim());
    if (entity < 0) {
      setProblem(`There is no ${run.meta.entity_noun} ${JSON.stringify(id)}.`);
      return;
    }
    const texts: Record<string, string> = {};
    for (const { name, categories } of wanted) {
      const row = run.attributeOf(set.view, name);
      const column = row === null ? null : await run.column(row);
      if (column === null) {
        setProblem("The values that these rules need did not fit into the file.");
        return;
      }
      const value = column[entity] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      texts[name] = categories[value] ?? formatExact(value);
    }
    setProblem("");
    enter(texts);
  };
  let answer: Answer | null = null;
  let open: number[] = [];
  let wrong = "";
  try {
    const head = wanted.map(({ name }) => name);
    const sheet = { head, rows: [head.map((name) => given[name] ?? "")] };
    const supports = supportsIn(set, sheet, wanted);
    answer = answerOf(set, kept, (rule) => holds(supports, rule, 0));
    open = kept.filter((rule) => has((supports[rule] as Support).unknown, 0));
  } catch (error) {
    if (!(error instanceof TableProblem)) throw error;
    wrong = error.message.replace("Row 1, column ", "");
  }
  return (
    <form
      class="card try-card"
      aria-label="One row by hand"
      onSubmit={(event) => event.preventDefault()}
    >
      <TakeOver onTake={(id) => void take(id)} onClear={() => enter({})} />
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="try-fields">
        {wanted.map((attribute) => (
          <Field
            key={attribute.name}
            attribute={attribute}
            text={given[attribute.name] ?? ""}
            onText={(text) => enter({ ...given, [attribute.name]: text })}
          />
        ))}
      </div>
      {wrong && (
        <p class="problem" role="alert">
          {wrong}
        </p>
      )}
      {answer && <Outcome set={set} answer={answer} open={open} />}
    </form>
  );
}

function TakeOver(props: { onTake: (id: string) => void; onClear: () => void }) {
  const { run } = useView();
  const [id, setId] = useState("");
  return (
    <div class="toolbar">
      <label>
        Values of the {run.meta.entity_noun}{" "}
        <input
          type="text"
          size={12}
          value={id}
          placeholder={shortened(run.tables.entities.id[0] ?? "", 20)}
          onInput={(event) => setId(event.currentTarget.value)}
        />
      </label>
      <button
        type="button"
        onClick={() => props.onTake(id || (run.tables.entities.id[0] ?? ""))}
      >
        take over
      </button>
      <button type="button" onClick={props.onClear}>
        clear
      </button>
    </div>
  );
}

interface FieldProps {
  readonly attribute: Wanted;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function Field({ attribute, text, onText }: FieldProps) {
  const { name, categories } = attribute;
  const id = useId();
  return (
    <div class="try-field">
      <label for={id}>
        <Name text={name} longest={60} />
      </label>
      {attribute.kind === "numeric" ? (
        <input
          id={id}
          type="text"
          inputMode="decimal"
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      ) : (
        <select
          id={id}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        >
          <option value="">missing</option>
          {categories.map((category) => (
            <option key={category} value={category}>
              {shortened(category, 60)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function Outcome(props: { set: RuleSet; answer: Answer; open: readonly number[] }) {
  const { set, answer, open } = props;
  const value = set.values[answer.code];
  return (
    <div role="status" class="outcome">
      <p>
        The rules answer{" "}
        <strong>
          {answer.code === NO_ANSWER ? (
            "nothing"
          ) : (
            <Name text={set.classes[answer.code] ?? ""} longest={60} />
          )}
        </strong>
        {value !== undefined && ` (mean output ${value.toPrecision(4)})`}
        {answer.fired.length === 0 ? ": no rule holds." : "."}
        {open.length > 0 && ` Left open by missing values: rules ${numbers(open)}.`}
      </p>
      {answer.fired.length > 0 && (
        <ul>
          {answer.fired.map((i) => {
            const rule = set.rules[i];
            if (rule === undefined) return null;
            return (
              <li key={i}>
                Rule {i + 1}: <Rule query={rule.query} words={rule.words} /> →{" "}
                {rule.weight < 0 && "not "}
                <Name text={set.classes[rule.label] ?? ""} longest={60} />
              </li>
            );
          })}
        </ul>
      )}
      {!isList(set) && (
        <p class="note">
          Scores:{" "}
          {set.classes
            .map(
              (name, k) =>
                `${shortened(name, 40)} ${(answer.scores[k] ?? 0).toPrecision(4)}`,
            )
            .join(", ")}
        </p>
      )}
    </div>
  );
}

interface Uploaded {
  readonly name: string;
  readonly sheet: Sheet;
  readonly supports: readonly Support[];
}

function Upload({ shown, wanted }: { shown: Shown; wanted: readonly Wanted[] }) {
  const { set, kept } = shown;
  const [found, setFound] = useState<Uploaded | null>(null);
  const [problem, setProblem] = useState("");
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      const sheet = parseSheet(await file.text());
      setFound({ name: file.name, sheet, supports: supportsIn(set, sheet, wanted) });
      setProblem("");
    } catch (error) {
      if (!(error instanceof TableProblem)) throw error;
      setFound(null);
      setProblem(error.message);
    }
  };
  const answers = useMemo(
    () =>
      found?.sheet.rows.map((_, row) =>
        answerOf(set, kept, (rule) => holds(found.supports, rule, row)),
      ) ?? [],
    [set, kept, found],
  );
  const named = (code: number) => (code === NO_ANSWER ? "" : (set.classes[code] ?? ""));
  const rows = () =>
    answers.map(({ code, fired }, row) => ({
      row: row + 1,
      [found?.sheet.head[0] ?? "first"]: found?.sheet.rows[row]?.[0] ?? "",
      answer: named(code),
      fired: numbers(fired),
    }));
  return (
    <div class="card try-card">
      <label class="file">
        A table (CSV), with the columns of the rules by name; it stays in this browser{" "}
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          onChange={(event) => void read(event.currentTarget.files?.[0])}
        />
      </label>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {found && (
        <>
          <p role="status">
            {countText(answers.length)} rows: {tally(answers, set)}.
          </p>
          <button type="button" onClick={() => downloadRows("answers", rows(), "csv")}>
            save the answers as CSV
          </button>
          <PlainTable
            caption={`Answers for ${shortened(found.name, 60)}`}
            head={[
              "row",
              `first column: ${shortened(found.sheet.head[0] ?? "", 40)}`,
              "answer",
              "rules that hold",
            ]}
            numeric={[0]}
            limit={MOST_ROWS}
            rows={answers
              .slice(0, MOST_ROWS + 1)
              .map(({ code, fired }, row) => [
                row + 1,
                <Name key="f" text={found.sheet.rows[row]?.[0] ?? ""} longest={60} />,
                named(code) || "no answer",
                numbers(fired) || "none",
              ])}
          />
        </>
      )}
    </div>
  );
}

function tally(answers: readonly Answer[], set: RuleSet): string {
  const counts = new Map<number, number>();
  for (const { code } of answers) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(
      ([code, n]) => `${shortened(set.classes[code] ?? "no answer", 40)} ${countText(n)}`,
    )
    .join(", ");
}

function holds(supports: readonly Support[], rule: number, row: number): boolean {
  return has((supports[rule] as Support).satisfied, row);
}

function numbers(rules: readonly number[]): string {
  return rules.map((i) => i + 1).join(", ");
}

/** The values in an address; what is broken there counts as nothing. */
function readRow(text: string): Record<string, string> {
  try {
    const found: unknown = JSON.parse(text || "{}");
    if (typeof found !== "object" || found === null) return {};
    const texts = Object.entries(found).filter(([, value]) => typeof value === "string");
    return Object.fromEntries(texts) as Record<string, string>;
  } catch {
    return {};
  }
}
