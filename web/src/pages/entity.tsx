// One entity: the findings that hold for it, those that it breaks, and who is like it.
import { FullText, Picture } from "../components/cards";
import { PlainTable } from "../components/plain_table";
import { Rounded } from "../components/rounded";
import { FindingText, Name, shortened } from "../components/text";
import { WhatIf } from "../components/what_if";
import { coverage, neighbours } from "../data/coverage";
import { countText, defined, jaccardText, shareText, valueText } from "../data/format";
import { formatLiteral } from "../data/grammar";
import { standingOf } from "../data/nearly";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";
import { NotFound } from "./not_found";

const MOST = 50;
const MOST_VALUES = 200;

export function EntityPage({ id }: { id: string }) {
  const { run } = useView();
  const entity = run.tables.entities.id.indexOf(id);
  if (entity < 0) return <NotFound what={run.meta.entity_noun} id={id} />;
  const { entities } = run.tables;
  return (
    <>
      <h2>
        <Name text={id} longest={200} />
      </h2>
      <p class="note">
        {entities.held_out[entity] === 1 ? "held out" : "mined"}
        {entities.group[entity] && (
          <>
            {" "}
            · group <Name text={entities.group[entity] ?? ""} longest={100} />
          </>
        )}
      </p>
      <Portrait entity={entity} />
      <Findings entity={entity} />
      <WhatIf entity={entity} />
      <Neighbours entity={entity} />
      <Values entity={entity} />
    </>
  );
}

/** What it looks like, and its whole text. */
function Portrait({ entity }: { entity: number }) {
  const { run } = useView();
  const picture = useLoaded(() => run.media.picture(entity), [run, entity]);
  const text = useLoaded(() => run.media.text(entity), [run, entity]);
  return (
    <>
      {run.media.hasPictures && (
        <p class="portrait">
          <Picture address={picture} entity={entity} />
        </p>
      )}
      {text && <FullText text={text} />}
    </>
  );
}

function Findings({ entity }: { entity: number }) {
  const { run, route } = useView();
  const { findings } = run.tables;
  const standing = useLoaded(
    async () => standingOf(run, await run.supports(), entity),
    [run, entity],
  );
  if (!standing) return <p aria-busy="true">…</p>;
  const link = (i: number) => (
    <a key="id" href={linkTo(route, "r", findings.id[i])}>
      {findings.id[i]}
    </a>
  );
  const jaccard = (i: number) =>
    jaccardText(defined(findings.jaccard[i]) ?? findings.jaccard_mined[i]);
  return (
    <section aria-labelledby="entity-findings">
      <h3 id="entity-findings">Findings here</h3>
      <PlainTable
        caption={`All rules hold: ${countText(standing.holds.length)} findings`}
        head={["id", "rules", "J"]}
        numeric={[2]}
        limit={MOST}
        rows={standing.holds.map((i) => [
          link(i),
          <FindingText key="t" finding={i} />,
          jaccard(i),
        ])}
      />
      {standing.breaks.length > 0 && (
        <PlainTable
          caption={`One rule does not hold, the nearest first: ${countText(standing.breaks.length)} findings`}
          head={["id", "rules", "J", "fails", "value", "off by"]}
          numeric={[2, 4, 5]}
          limit={MOST}
          rows={standing.breaks.map((miss) => [
            link(miss.finding),
            <FindingText key="t" finding={miss.finding} />,
            jaccard(miss.finding),
            miss.literal ? (
              <Name key="l" text={formatLiteral(miss.literal)} />
            ) : (
              "several conditions"
            ),
            valueText(miss.literal?.values === null ? miss.value : null),
            miss.distance === null ? "" : `${shareText(miss.distance)} of the range`,
          ])}
        />
      )}
    </section>
  );
}

function Neighbours({ entity }: { entity: number }) {
  const { run, route } = useView();
  const { entities } = run.tables;
  const found = useLoaded(async () => {
    const rows = await run.intersections();
    const nWords = run.everything.length;
    const counts = coverage(rows, nWords, run.meta.n_entities);
    return neighbours(rows, nWords, entity, counts, 12);
  }, [run, entity]);
  if (!found?.length) return null;
  return (
    <section aria-labelledby="neighbours">
      <h3 id="neighbours">Most alike by shared findings</h3>
      <PlainTable
        caption="Jaccard of the sets of findings that hold"
        head={[run.meta.entity_noun, "part", "J"]}
        numeric={[2]}
        rows={found.map(({ entity: other, jaccard }) => [
          <a key="n" href={linkTo(route, "e", entities.id[other])}>
            <Name text={entities.id[other] ?? ""} longest={80} />
          </a>,
          entities.held_out[other] === 1 ? "held out" : "mined",
          jaccardText(jaccard),
        ])}
      />
    </section>
  );
}

function Values({ entity }: { entity: number }) {
  const { run, route } = useView();
  const { attributes } = run.tables;
  const rows = Array.from({ length: attributes.rows }, (_, i) => i)
    .sort((a, b) => (attributes.neuron[a] ?? 0) - (attributes.neuron[b] ?? 0) || a - b)
    .slice(0, MOST_VALUES);
  const columns = useLoaded(() => Promise.all(rows.map((i) => run.column(i))), [run]);
  if (!columns) return null;
  const known = rows.flatMap((row, k) => {
    const value = columns[k]?.[entity];
    return value === undefined ? [] : [{ row, value }];
  });
  return (
    <section aria-labelledby="entity-values">
      <h3 id="entity-values">Values</h3>
      <Rounded rows={known.map(({ row }) => row)} />
      <PlainTable
        caption={`${countText(known.length)} of ${countText(attributes.rows)} attributes`}
        head={["attribute", "view", "value"]}
        numeric={[2]}
        limit={MOST_VALUES}
        rows={known.map(({ row, value }) => [
          <a key="a" href={linkTo(route, "n", attributes.target[row])}>
            <Name text={attributes.words[row] ?? ""} longest={100} />
          </a>,
          <Name key="v" text={attributes.view[row] ?? ""} longest={60} />,
          Number.isNaN(value)
            ? "missing"
            : shortened(attributes.categories[row]?.[value] ?? valueText(value), 60),
        ])}
      />
    </section>
  );
}
