// What is selected now, how it came about, and what can be done with it.
import { useState } from "preact/hooks";
import { intersectionSize, positions } from "../data/bits";
import { countText } from "../data/format";
import { useView } from "../state/app";
import { useStore } from "../state/store";
import { linkTo } from "../state/url";
import { shortened } from "./text";

export function SelectionBar() {
  const { app, run, route, selection } = useView();
  const notes = useStore(app.notes);
  const [name, setName] = useState("");
  const spec = route.params.get("s") ?? "";
  if (!selection) {
    const broken = spec !== "";
    return (
      <div class="selection-bar empty" role="status">
        {broken && (
          <span>The selection of this link is not in this report or browser. </span>
        )}
        {app.canUndo && (
          <button type="button" class="quiet" onClick={() => app.undo()}>
            undo the last selection
          </button>
        )}
        {broken && (
          <button type="button" class="quiet" onClick={() => app.select("")}>
            clear
          </button>
        )}
      </div>
    );
  }
  const held = intersectionSize(selection.words, run.heldOut);
  const save = () => {
    if (!name.trim()) return;
    const ids = positions(selection.words).map((i) => run.tables.entities.id[i] ?? "");
    app.notes.saveCohort({ name: name.trim(), how: selection.how, ids });
    setName("");
  };
  return (
    <section class="selection-bar" aria-label="Selection">
      <p role="status">
        <strong>{countText(selection.n)}</strong> {run.meta.entity_nouns} selected:{" "}
        <bdi>{shortened(selection.how, 160)}</bdi>
        {run.isTested && <span class="note"> ({countText(held)} held out)</span>}
      </p>
      <div class="selection-actions">
        {app.canUndo && (
          <button type="button" class="quiet" onClick={() => app.undo()}>
            undo
          </button>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <input
            type="text"
            aria-label="Name of the cohort"
            placeholder="name"
            size={12}
            value={name}
            onInput={(e) => setName(e.currentTarget.value)}
          />
          <button type="submit">save</button>
        </form>
        {notes.cohorts.length > 0 && (
          <label>
            <span class="visually-hidden">Open a saved cohort</span>
            <select
              value=""
              onChange={(e) => app.select(`cohort:${e.currentTarget.value}`)}
            >
              <option value="">saved …</option>
              {notes.cohorts.map((cohort) => (
                <option key={cohort.name} value={cohort.name}>
                  {shortened(cohort.name, 40)} ({cohort.ids.length})
                </option>
              ))}
            </select>
          </label>
        )}
        <a href={linkTo(route, "r")}>findings by overlap</a>
        <button type="button" onClick={() => app.select("")}>
          clear
        </button>
      </div>
    </section>
  );
}
