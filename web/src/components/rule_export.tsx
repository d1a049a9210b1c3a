// A rule set as text and as tables to take along.
import { useState } from "preact/hooks";
import { visible } from "../data/format";
import type { Shown } from "../pages/rules";
import { useView } from "../state/app";
import { download, downloadRows } from "./export";

const NAMES: Readonly<Record<string, string>> = {
  words: "words",
  text: "symbols",
  latex: "LaTeX",
  sql: "SQL",
  python: "Python",
};
const ENDINGS: Readonly<Record<string, string>> = {
  latex: "tex",
  sql: "sql",
  python: "py",
};

export function RuleExport({ shown, row }: { shown: Shown; row: number }) {
  const { run } = useView();
  const forms = run.tables.rule_sets.forms[row] ?? [];
  const [form, setForm] = useState("words");
  const text = forms.find((one) => one.name === form)?.text ?? "";
  const { set, kept, off } = shown;
  const rows = () =>
    kept.map((i) => {
      const rule = set.rules[i];
      return {
        rule: i + 1,
        query: rule?.query.text,
        class: set.classes[rule?.label ?? 0],
        weight: rule?.weight,
        n_literals: rule?.n_literals,
        n_covered_mined: rule?.mined.n_covered,
        n_correct_mined: rule?.mined.n_correct,
        n_covered: rule?.hold_out?.n_covered ?? null,
        n_correct: rule?.hold_out?.n_correct ?? null,
      };
    });
  return (
    <section class="screen-only" aria-labelledby="rule-export">
      <h3 id="rule-export">Take along</h3>
      <div class="tabs" role="group" aria-label="Form">
        {forms.map(({ name }) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === form}
            onClick={() => setForm(name)}
          >
            {NAMES[name] ?? name}
          </button>
        ))}
        <button
          type="button"
          onClick={() => download(`rules.${ENDINGS[form] ?? "txt"}`, text, "text/plain")}
        >
          save this text
        </button>
        {(["csv", "json"] as const).map((format) => (
          <button
            key={format}
            type="button"
            onClick={() => downloadRows("rules", rows(), format)}
          >
            rules that are on as {format.toUpperCase()}
          </button>
        ))}
      </div>
      {off.size > 0 && (
        <p class="note">
          The text is that of all rules. In Python, those that are on are{" "}
          <code>rules.without([{[...off].join(", ")}])</code>.
        </p>
      )}
      <pre class="copy" tabIndex={0}>
        <code>
          {visible(text.slice(0, 20_000).replaceAll("\n", "\u2028")).replaceAll(
            "\u2028",
            "\n",
          )}
        </code>
      </pre>
    </section>
  );
}
