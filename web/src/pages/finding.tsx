// One finding: its rules with intervals to drag, its evidence, its alternatives.

import { ParallelCoordinates } from "../charts/parallel";
import { Alternatives } from "../components/alternatives";
import { Composition } from "../components/composition";
import { CopyAs } from "../components/copy_as";
import { Editor } from "../components/editor";
import { Evidence } from "../components/evidence";
import { Examples } from "../components/examples";
import { NotesOf } from "../components/notes_of";
import { FindingParts, Numbers } from "../components/sentence";
import { Name, Rule } from "../components/text";
import { useView } from "../state/app";
import { useStore } from "../state/store";
import { linkTo } from "../state/url";
import { NotFound } from "./not_found";

export function FindingPage({ id }: { id: string }) {
  const { app, run, route } = useView();
  const notes = useStore(app.notes);
  const finding = run.findingOf(id);
  if (finding === null) return <NotFound what="finding" id={id} />;
  const { findings } = run.tables;
  const queries = findings.queries[finding] ?? [];
  const words = findings.words[finding] ?? [];
  const neighbour = (step: number) => findings.id[finding + step];
  const isPinned = notes.pinned.includes(id);
  return (
    <>
      <div class="title-row">
        <h2>Finding {id}</h2>
        <nav aria-label="Neighbouring findings">
          {neighbour(-1) && (
            <a href={linkTo(route, "r", neighbour(-1))}>← {neighbour(-1)}</a>
          )}{" "}
          {neighbour(1) && <a href={linkTo(route, "r", neighbour(1))}>{neighbour(1)} →</a>}
        </nav>
        <button type="button" aria-pressed={isPinned} onClick={() => app.notes.pin(id)}>
          {isPinned ? "★ pinned" : "☆ pin to compare"}
        </button>
      </div>
      <div class="finding-head card">
        {queries.map((query, i) => (
          <p key={query.view} class="rule-card">
            <span class="source">
              rule about <Name text={query.view} />
            </span>
            <Rule query={query} words={words[i]} />
          </p>
        ))}
        <p class="note">
          Explains{" "}
          <a href={linkTo(route, "n", findings.target[finding])}>
            <Name text={findings.target[finding] ?? ""} />
          </a>
          {findings.kind[finding] === "interaction" &&
            ", together with others of its layer"}
          . The parts below count {run.isTested ? "held-out" : "mined"}{" "}
          {run.meta.entity_nouns}; those for which only one rule holds are its exceptions.
        </p>
        <FindingParts finding={finding} />
        <Numbers finding={finding} />
      </div>
      <Editor key={id} finding={finding} />
      <Evidence finding={finding} />
      <ParallelCoordinates finding={finding} />
      <Composition finding={finding} />
      <Examples finding={finding} />
      <Alternatives finding={finding} />
      <CopyAs finding={finding} />
      <NotesOf id={id} />
    </>
  );
}
