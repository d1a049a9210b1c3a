// What else could be said: near duplicates, shorter rules, other findings of the target.
import { countText, defined, jaccardText } from "../data/format";
import { useView } from "../state/app";
import { linkTo } from "../state/url";
import { PlainTable } from "./plain_table";
import { FindingText, Name } from "./text";

export function Alternatives({ finding }: { finding: number }) {
  const { run, route } = useView();
  const { findings, targets } = run.tables;
  const near = findings.near_duplicates[finding] ?? [];
  const target = run.targetOf(findings.target[finding] ?? "");
  const front = target === null ? [] : (targets.front[target] ?? []);
  const others = findingsOf(findings.target, findings.target[finding] ?? "", finding);
  return (
    <section class="screen-only" aria-labelledby="alternatives-heading">
      <h3 id="alternatives-heading">Alternatives</h3>
      {others.length > 0 && (
        <PlainTable
          caption="Other findings of the same target"
          head={["id", "rules", "J", "J mined"]}
          numeric={[2, 3]}
          limit={30}
          rows={others.map((i) => [
            <a key="id" href={linkTo(route, "r", findings.id[i])}>
              {findings.id[i]}
            </a>,
            <FindingText key="r" finding={i} />,
            jaccardText(defined(findings.jaccard[i])),
            jaccardText(findings.jaccard_mined[i]),
          ])}
        />
      )}
      {near.length > 0 && (
        <PlainTable
          caption={`What this finding stands for: rules of nearly the same ${run.meta.entity_nouns}; not tested`}
          head={["rules", "J of the entities", "J mined"]}
          numeric={[1, 2]}
          limit={30}
          rows={near.map((n) => [
            <Name key="t" text={n.text} longest={600} />,
            jaccardText(n.support_jaccard_mined),
            jaccardText(n.jaccard_mined),
          ])}
        />
      )}
      {front.length > 0 && (
        <PlainTable
          caption="The best pair of each length for this target; chosen by J mined, not tested"
          head={["conditions", "rules", "J mined", "J held out", "length"]}
          numeric={[0, 2, 3]}
          rows={front.map((point) => [
            countText(point.length),
            <Name key="t" text={point.text} longest={600} />,
            jaccardText(point.jaccard_mined),
            jaccardText(point.jaccard),
            point.pays ? "pays" : "",
          ])}
        />
      )}
      {!others.length && !near.length && !front.length && <p>There is none.</p>}
    </section>
  );
}

function findingsOf(all: readonly string[], target: string, without: number): number[] {
  return all.flatMap((name, i) => (name === target && i !== without ? [i] : []));
}
