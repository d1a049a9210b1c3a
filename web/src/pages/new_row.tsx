// A new row of attributes: which rules of the findings hold for it. Needs a server.
import { useRef, useState } from "preact/hooks";
import { PlainTable } from "../components/plain_table";
import { Name, Rule } from "../components/text";
import { countText, defined, jaccardText } from "../data/format";
import { parseRow, rowOfEntity } from "../data/new_row";
import type { Server } from "../data/provider";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";

const MOST = 200;

export function NewRow() {
  const { app, run, route } = useView();
  const views = viewsOf(run);
  const view = views.find((name) => name === route.params.get("view")) ?? views[0] ?? "";
  const text = route.params.get("row") ?? "";
  const box = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState("");
  const noun = run.meta.entity_noun;
  const fill = async (id: string) => {
    const entity = run.tables.entities.id.indexOf(id);
    setProblem(entity < 0 ? `There is no ${noun} ${id}.` : "");
    if (entity >= 0) app.set({ row: await rowOfEntity(run, view, entity) });
  };
  return (
    <>
      <h2>New row</h2>
      <p class="lead">
        Enter what is known of a new {noun}: the rules about it that hold say what else to
        expect, as far as the findings generalise.
      </p>
      <form
        class="new-row"
        onSubmit={(event) => {
          event.preventDefault();
          app.set({ row: box.current?.value ?? "" });
        }}
      >
        <div class="toolbar">
          <label>
            View{" "}
            <select
              value={view}
              onChange={(e) => app.set({ view: e.currentTarget.value, row: "" })}
            >
              {views.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <label>
            start from {noun}{" "}
            <input
              type="text"
              size={12}
              placeholder="id"
              onChange={(e) => void fill(e.currentTarget.value)}
            />
          </label>
        </div>
        <label for="new-row">
          One value per line: name = value. What is left out is missing.
        </label>
        <textarea id="new-row" ref={box} rows={8} spellcheck={false} value={text} />
        <p>
          <button type="submit">Which rules hold?</button>
        </p>
      </form>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {text && run.server && <Fired server={run.server} view={view} text={text} />}
    </>
  );
}

interface FiredProps {
  readonly server: Server;
  readonly view: string;
  readonly text: string;
}

function Fired({ server, view, text }: FiredProps) {
  const { run, route } = useView();
  const { findings } = run.tables;
  const states = useLoaded(
    () => ask(server, view, text).catch((error: Error) => error),
    [server, view, text],
  );
  if (states === undefined) return <p aria-busy="true">…</p>;
  if (states instanceof Error) {
    return (
      <p class="problem" role="alert">
        {states.message}
      </p>
    );
  }
  const position = findings.queries.map((all) => all.findIndex((q) => q.view === view));
  const state = position.map((at, i) => (at < 0 ? undefined : states[i]?.[at]));
  const count = (wanted: boolean | null) => state.filter((s) => s === wanted).length;
  const fired = state.flatMap((s, i) => (s === true ? [i] : []));
  return (
    <section aria-label="Rules that hold" aria-live="polite">
      <p>
        Of {countText(count(true) + count(false) + count(null))} findings with a rule about{" "}
        <Name text={view} />, it holds in{" "}
        <strong data-test="fired">{countText(fired.length)}</strong>, does not in{" "}
        {countText(count(false))}, and is unknown in {countText(count(null))}.
      </p>
      {fired.length > 0 && (
        <PlainTable
          caption="Rules that hold, and what then is to be expected"
          head={["id", "holds", "expect", "J", "confirmed"]}
          numeric={[3]}
          limit={MOST}
          rows={fired.map((i) => {
            const at = position[i] ?? 0;
            const queries = findings.queries[i] ?? [];
            const words = findings.words[i] ?? [];
            const rules = queries.map((q, k) => (
              <Rule key={k} query={q} words={words[k]} />
            ));
            const others = rules.filter((_, k) => k !== at);
            return [
              <a key="id" href={linkTo(route, "r", findings.id[i])}>
                {findings.id[i]}
              </a>,
              rules[at],
              others.flatMap((rule, k) => (k > 0 ? [" and ", rule] : [rule])),
              jaccardText(defined(findings.jaccard[i]) ?? findings.jaccard_mined[i]),
              ["no", "yes", "not tested"][findings.confirmed[i] ?? 2],
            ];
          })}
        />
      )}
    </section>
  );
}

async function ask(server: Server, view: string, text: string) {
  return server.fire({ [view]: parseRow(text) });
}

/** Views with rules in findings; a new row rather brings attributes than activations. */
function viewsOf(run: Run): string[] {
  const used = new Set(run.tables.findings.queries.flat().map((query) => query.view));
  return run.meta.views
    .filter((view) => used.has(view.name))
    .sort((a, b) => Number(a.network) - Number(b.network))
    .map((view) => view.name);
}
