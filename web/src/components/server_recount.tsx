// Changed rules counted on all entities by Python, when asked for.
import { useState } from "preact/hooks";
import { countText, jaccardText } from "../data/format";
import type { Recount } from "../data/provider";
import type { QueryRecord } from "../data/schema";
import { useView } from "../state/app";

/** Counts, or what is wrong with the question. */
interface Answer {
  readonly texts: string;
  readonly found: Recount | string;
}

interface Props {
  readonly queries: readonly QueryRecord[];
  readonly policy: string;
}

export function ServerRecount({ queries, policy }: Props) {
  const { run } = useView();
  const { server, meta } = run;
  const [answer, setAnswer] = useState<Answer | null>(null);
  const texts = queries.map((query) => query.text).join("\n");
  if (server === null) return null;
  // An answer is about the rules that were asked about, not about later ones.
  const found = answer?.texts === texts ? answer.found : null;
  const ask = () => {
    server
      .recount(
        queries.map(({ view, text }) => ({ view, text })),
        policy,
      )
      .catch((error: Error) => error.message)
      .then((found) => setAnswer({ texts, found }));
  };
  const nouns = meta.entity_nouns;
  return (
    <div class="server-recount" aria-live="polite">
      <button type="button" onClick={ask}>
        Count on all {countText(meta.n_entities)} {nouns}
      </button>
      {typeof found === "string" && (
        <p class="problem" role="alert">
          {found}
        </p>
      )}
      {found !== null && typeof found === "object" && (
        <p class="numbers">
          <span>
            all {nouns}: J{" "}
            <strong data-test="jaccard-all">{jaccardText(found.all.jaccard)}</strong>
          </span>
          <span>
            support <strong data-test="support-all">{found.all.support}</strong> of{" "}
            <strong data-test="union-all">{found.all.union}</strong>
          </span>
          <span>
            mined: J {jaccardText(found.mined.jaccard)}, support {found.mined.support} of{" "}
            {found.mined.union}
          </span>
          {run.isTested && (
            <span>
              Exploratory: the held-out {nouns} are among all, so what you change after
              looking here is no longer tested by them.
            </span>
          )}
        </p>
      )}
    </div>
  );
}
