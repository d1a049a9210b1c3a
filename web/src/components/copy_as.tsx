// The rules as text to take along.
import { useState } from "preact/hooks";
import { toLatex, toPython, toSql } from "../data/code";
import { visible } from "../data/format";
import { useView } from "../state/app";

const FORMS = ["words", "symbols", "LaTeX", "SQL", "Python"] as const;
type Form = (typeof FORMS)[number];

export function CopyAs({ finding }: { finding: number }) {
  const { run } = useView();
  const [form, setForm] = useState<Form>("words");
  const [copied, setCopied] = useState(false);
  const queries = run.tables.findings.queries[finding] ?? [];
  const words = run.tables.findings.words[finding] ?? [];
  const text = {
    words: words.join("\n⇔ "),
    symbols: queries.map((query) => query.text).join(" <=> "),
    LaTeX: toLatex(queries),
    SQL: toSql(queries),
    Python: toPython(queries),
  }[form];
  return (
    <section class="screen-only" aria-labelledby="copy-heading">
      <h3 id="copy-heading">Copy as</h3>
      <div class="tabs" role="group" aria-label="Form">
        {FORMS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === form}
            onClick={() => {
              setForm(name);
              setCopied(false);
            }}
          >
            {name}
          </button>
        ))}
        <button
          type="button"
          onClick={() => {
            navigator.clipboard?.writeText(text).then(
              () => setCopied(true),
              () => setCopied(false),
            );
          }}
        >
          {copied ? "copied" : "copy"}
        </button>
      </div>
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
