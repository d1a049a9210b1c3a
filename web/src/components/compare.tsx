// Up to four pinned findings beside each other, and how much their entities overlap.
import { intersectionSize, size, type Words } from "../data/bits";
import { countText, jaccardText, pText } from "../data/format";
import { useView } from "../state/app";
import { useLoaded, useStore } from "../state/store";
import { linkTo } from "../state/url";
import { PlainTable } from "./plain_table";
import { FindingText } from "./text";

export function Compare() {
  const { app, run, route } = useView();
  const { pinned } = useStore(app.notes);
  const found = pinned.flatMap((id) => {
    const finding = run.findingOf(id);
    return finding === null ? [] : [{ id, finding }];
  });
  const sets = useLoaded(async () => {
    const all = await run.intersections();
    const n = run.everything.length;
    return found.map(({ finding }) => all.subarray(finding * n, (finding + 1) * n));
  }, [run, pinned.join()]);
  if (found.length === 0) return null;
  const { findings } = run.tables;
  return (
    <section class="compare" aria-label="Pinned findings">
      <h3>Pinned findings</h3>
      <PlainTable
        caption={`Pinned findings; the last columns are the overlap of their ${run.meta.entity_nouns}`}
        head={[
          "id",
          "rules",
          "J",
          "q",
          "in all rules",
          ...found.map(({ id }) => `∩ ${id}`),
          "pin",
        ]}
        numeric={[2, 3, 4, ...found.map((_, i) => 5 + i)]}
        rows={found.map(({ id, finding }, row) => [
          <a key="id" href={linkTo(route, "r", id)}>
            {id}
          </a>,
          <FindingText key="rules" finding={finding} />,
          jaccardText(findings.jaccard[finding] ?? findings.jaccard_mined[finding]),
          pText(findings.log10_q[finding]),
          countText(sets?.[row] ? size(sets[row] as Words) : null),
          ...found.map((_, other) => shared(sets?.[row], sets?.[other])),
          <button key="pin" type="button" class="quiet" onClick={() => app.notes.pin(id)}>
            remove {id}
          </button>,
        ])}
      />
    </section>
  );
}

function shared(a: Words | undefined, b: Words | undefined): string {
  return a && b ? countText(intersectionSize(a, b)) : "";
}
