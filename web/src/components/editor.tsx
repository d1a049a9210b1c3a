// Intervals to drag: J and support of the changed rules, recounted on the mining part.
import { useMemo, useRef } from "preact/hooks";
import { type Agreement, agreementOf, PARTS, partsOf } from "../data/agreement";
import { size } from "../data/bits";
import { countText, jaccardText } from "../data/format";
import { formatTerms, parseTerms, SyntaxProblem } from "../data/grammar";
import { type Attribute, attributesOf, supportOfQuery, withLiteral } from "../data/queries";
import type { Run } from "../data/run";
import type { LiteralRecord, QueryRecord } from "../data/schema";
import type { Support } from "../data/supports";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { Undo } from "../state/undo";
import { BoundCurves } from "./bound_curves";
import { LiteralEditor } from "./literal_editor";
import { Losses } from "./losses";
import { type Counts, PartsBar } from "./parts";
import { Rounded } from "./rounded";
import { ServerRecount } from "./server_recount";
import { Name } from "./text";

type Columns = ReadonlyMap<string, Attribute>;

export function Editor({ finding }: { finding: number }) {
  const { app, run, route } = useView();
  const original = run.tables.findings.queries[finding] ?? [];
  const texts = original.map((query, i) => route.params.get(`e${i}`) ?? query.text);
  const history = useRef(new Undo(JSON.stringify(texts)));
  const { queries, problems } = readAll(run, original, texts);
  // Rules are shown with the columns that they were evaluated on, never with older ones.
  const loaded = useLoaded(async () => {
    const columns: Columns[] = [];
    for (const query of queries) {
      const found = await run.attributes(query.view, query.terms);
      if (found === null) return null;
      columns.push(found);
    }
    return { queries, columns };
  }, [run, finding, texts.join("\n")]);
  const show = (next: readonly string[]) => {
    const changed = next.map((text, i) => [
      `e${i}`,
      text === original[i]?.text ? "" : text,
    ]);
    app.set(Object.fromEntries(changed) as Record<string, string>);
  };
  const edit = (position: number, text: string, done: boolean) => {
    const next = texts.map((old, i) => (i === position ? text : old));
    if (done) history.current.do(JSON.stringify(next));
    show(next);
  };
  if (loaded === undefined) return <section class="pending" aria-busy="true" />;
  if (loaded === null) {
    return (
      <section>
        <h3>Change the rules</h3>
        <p class="note">
          The values that these rules need did not fit into the file: redescribe serve has
          them.
        </p>
        {texts.some((text, k) => text !== original[k]?.text) && (
          <button type="button" onClick={() => show(original.map((q) => q.text))}>
            Back to the finding
          </button>
        )}
      </section>
    );
  }
  return (
    <EditorView
      finding={finding}
      original={original}
      queries={loaded.queries}
      texts={texts}
      problems={problems}
      columns={loaded.columns}
      onEdit={edit}
      canUndo={history.current.canUndo}
      onUndo={() => show(JSON.parse(history.current.undo()) as string[])}
      onReset={() => {
        history.current.do(JSON.stringify(original.map((q) => q.text)));
        show(original.map((q) => q.text));
      }}
    />
  );
}

interface ViewProps {
  readonly finding: number;
  readonly original: readonly QueryRecord[];
  readonly queries: readonly QueryRecord[];
  readonly texts: readonly string[];
  readonly problems: readonly string[];
  readonly columns: readonly Columns[];
  readonly onEdit: (position: number, text: string, done: boolean) => void;
  readonly canUndo: boolean;
  readonly onUndo: () => void;
  readonly onReset: () => void;
}

function EditorView(props: ViewProps) {
  const { finding, original, queries, columns } = props;
  const { run } = useView();
  const policy = run.tables.findings.missing[finding] ?? "";
  const supports = useMemo(
    () =>
      queries.map((query, i) =>
        supportOfQuery(query, columns[i] as Columns, run.meta.n_entities),
      ),
    [queries.map((q) => q.text).join("\n"), columns],
  );
  const before = useMemo(
    () =>
      original.map((query, i) =>
        evaluateIf(query, columns[i] as Columns, run.meta.n_entities),
      ),
    [original, columns],
  );
  const now = agreementOf(supports, run.mined, policy);
  const known = before.filter((s) => s !== null);
  const then =
    known.length === before.length ? agreementOf(known, run.mined, policy) : null;
  const isChanged = queries.some((query, i) => query.text !== original[i]?.text);
  return (
    <section class="editor" aria-labelledby="editor-heading">
      <h3 id="editor-heading">Change the rules</h3>
      <p>
        Drag an interval, move its ends with the arrow keys, or edit the text. Counts are of
        the {countText(run.meta.n_mined)} mined {run.meta.entity_nouns}, so that the
        hold-out stays unseen.
      </p>
      <Recount now={now} then={isChanged ? then : null} supports={supports} />
      {isChanged && (
        <p class="warning small" role="note">
          Exploratory: the changed rules are outside the q-values.{" "}
          <button type="button" onClick={props.onUndo} disabled={!props.canUndo}>
            Undo
          </button>{" "}
          <button type="button" onClick={props.onReset}>
            Back to the finding
          </button>
        </p>
      )}
      <Rounded rows={rowsOf(run, queries)} />
      <ServerRecount queries={queries} policy={policy} />
      {queries.map((query, i) => (
        <QueryEditor
          key={query.view}
          query={query}
          text={props.texts[i] ?? ""}
          problem={props.problems[i] ?? ""}
          columns={columns[i] as Columns}
          supports={supports}
          onEdit={(text, done) => props.onEdit(i, text, done)}
        />
      ))}
      <Losses
        queries={queries}
        columns={columns}
        supports={supports}
        now={now}
        policy={policy}
      />
      <BoundCurves
        queries={queries}
        columns={columns}
        supports={supports}
        policy={policy}
      />
    </section>
  );
}

interface RecountProps {
  readonly now: Agreement;
  readonly then: Agreement | null;
  readonly supports: readonly Support[];
}

function Recount({ now, then, supports }: RecountProps) {
  const { run } = useView();
  const parts = partsOf(supports, run.mined);
  const counts = Object.fromEntries(
    PARTS.map((p) => [p, size(parts[p])]),
  ) as unknown as Counts;
  return (
    <div class="recount" aria-live="polite">
      <p class="numbers">
        <span>
          J mined <strong data-test="jaccard">{jaccardText(now.jaccard)}</strong>
        </span>
        <span>
          support <strong data-test="support">{now.support}</strong> of{" "}
          <strong data-test="union">{now.union}</strong>
        </span>
        {then && (
          <span>
            before: J {jaccardText(then.jaccard)}, support {then.support} of {then.union}
          </span>
        )}
      </p>
      <PartsBar counts={counts} nRules={supports.length} />
    </div>
  );
}

interface QueryEditorProps {
  readonly query: QueryRecord;
  readonly text: string;
  readonly problem: string;
  readonly columns: Columns;
  readonly supports: readonly Support[];
  readonly onEdit: (text: string, done: boolean) => void;
}

function QueryEditor({
  query,
  text,
  problem,
  columns,
  supports,
  onEdit,
}: QueryEditorProps) {
  const { run } = useView();
  const both = useMemo(() => partsOf(supports, run.everything).both, [supports]);
  const id = `rule-${run.meta.views.findIndex((v) => v.name === query.view)}`;
  const change = (term: number, position: number, literal: LiteralRecord, done: boolean) =>
    onEdit(formatTerms(withLiteral(query, term, position, literal).terms), done);
  return (
    <div class="query-editor">
      <label for={id}>
        rule about <Name text={query.view} />
      </label>
      <textarea
        id={id}
        rows={1}
        spellcheck={false}
        value={text}
        aria-invalid={problem !== ""}
        onInput={(event) => onEdit(event.currentTarget.value, false)}
        onBlur={(event) => onEdit(event.currentTarget.value, true)}
      />
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="literals">
        {query.terms.flatMap((term, t) =>
          term.literals.map((literal, l) => {
            const attribute = columns.get(literal.attribute);
            if (attribute === undefined) return null;
            return (
              <LiteralEditor
                key={`${t} ${l}`}
                view={query.view}
                literal={literal}
                negated={term.negated}
                attribute={attribute}
                both={both}
                onChange={(next, done) => change(t, l, next, done)}
              />
            );
          }),
        )}
      </div>
    </div>
  );
}

/** The attributes of rules, by their rows. */
function rowsOf(run: Run, queries: readonly QueryRecord[]): number[] {
  return queries.flatMap(({ view, terms }) =>
    attributesOf(terms).flatMap((name) => run.attributeOf(view, name) ?? []),
  );
}

function readAll(run: Run, original: readonly QueryRecord[], texts: readonly string[]) {
  const problems: string[] = [];
  const queries = original.map((query, i): QueryRecord => {
    const text = texts[i] ?? query.text;
    problems[i] = "";
    if (text === query.text) return query;
    try {
      const terms = parseTerms(text);
      for (const literal of terms.flatMap((term) => term.literals))
        check(run, query.view, literal);
      return { ...query, text, terms };
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      problems[i] = error.message;
      return query;
    }
  });
  return { queries, problems };
}

/** A literal must name an attribute of the view and fit its kind. */
function check(run: Run, view: string, literal: LiteralRecord): void {
  const row = run.attributeOf(view, literal.attribute);
  if (row === null) {
    throw new SyntaxProblem(`View ${view} has no attribute ${literal.attribute}.`);
  }
  const isNumeric = run.tables.attributes.kind[row] === "numeric";
  if (isNumeric !== (literal.values === null)) {
    const needed = isNumeric
      ? "numbers: compare it with > or <="
      : "categories: use = or in";
    throw new SyntaxProblem(`${literal.attribute} has ${needed}.`);
  }
}

function evaluateIf(
  query: QueryRecord,
  columns: Columns,
  nEntities: number,
): Support | null {
  const isKnown = query.terms.every((t) =>
    t.literals.every((l) => columns.has(l.attribute)),
  );
  return isKnown ? supportOfQuery(query, columns, nEntities) : null;
}
