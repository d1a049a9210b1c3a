// Parallel coordinates of what a finding names: one line per entity, by part.

import { partName } from "../components/parts";
import { Name, shortened } from "../components/text";
import { PARTS } from "../data/agreement";
import { positions } from "../data/bits";
import { valueText } from "../data/format";
import { attributesOf } from "../data/queries";
import { seededSample } from "../data/sampling";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { EChart } from "./echart";
import { Figure } from "./figure";

const MOST = 400;

export function ParallelCoordinates({ finding }: { finding: number }) {
  const { app, run } = useView();
  const queries = run.tables.findings.queries[finding] ?? [];
  const { attributes } = run.tables;
  const rows = queries.flatMap((query) =>
    attributesOf(query.terms).flatMap((name) => run.attributeOf(query.view, name) ?? []),
  );
  const loaded = useLoaded(async () => {
    const parts = await run.partsOf(finding, run.scope(app.scope));
    const columns = await Promise.all(rows.map((row) => run.column(row)));
    return parts && columns.every((column) => column !== null) ? { parts, columns } : null;
  }, [run, finding, app.scope]);
  if (!loaded || rows.length < 2) return null;
  const total = PARTS.reduce((sum, part) => sum + positions(loaded.parts[part]).length, 0);
  // As many of each part as its share of the whole.
  const lines = PARTS.filter((part) => part !== "unknown").map((part) => {
    const members = positions(loaded.parts[part]);
    const n = Math.ceil((MOST * members.length) / Math.max(MOST, total));
    return { part, entities: seededSample(members, n, 1) };
  });
  const drawn = lines.reduce((sum, { entities }) => sum + entities.length, 0);
  const value = (column: ArrayLike<number> | null, entity: number) => {
    const number = column?.[entity] ?? Number.NaN;
    return Number.isNaN(number) ? null : number;
  };
  return (
    <section aria-labelledby="parallel-heading">
      <h3 id="parallel-heading">All conditions together</h3>
      <Figure
        title="Parallel coordinates"
        summary={`${drawn} ${run.meta.entity_nouns} as lines over ${rows.length} attributes, coloured by the part of the finding.`}
        head={["part", ...rows.map((row) => shortened(attributes.name[row] ?? "", 30))]}
        rows={() =>
          lines.flatMap(({ part, entities }) =>
            entities.map((entity) => [
              partName(part, queries.length),
              ...loaded.columns.map((column) => valueText(value(column, entity))),
            ]),
          )
        }
        note={
          drawn < total
            ? `${drawn} of ${total} ${run.meta.entity_nouns}, drawn at random in proportion to the parts.`
            : undefined
        }
        wide
      >
        <EChart
          label={`Parallel coordinates of ${rows.length} attributes`}
          height={320}
          keys={[finding, loaded, app.scope]}
          option={(colours) => ({
            legend: { top: 0, textStyle: { color: colours.text } },
            parallel: { left: 40, right: 60, top: 64, bottom: 28 },
            parallelAxis: rows.map((row, dim) => ({
              dim,
              name: shortened(attributes.name[row] ?? "", rows.length > 4 ? 16 : 24),
              nameTextStyle: { color: colours.text },
              axisLabel: { color: colours.muted },
              axisLine: { lineStyle: { color: colours.muted } },
              ...((attributes.categories[row]?.length ?? 0) > 0 && {
                type: "category",
                data: attributes.categories[row]?.map((text) => shortened(text, 16)),
              }),
              ...((attributes.categories[row]?.length ?? 0) === 0 && { scale: true }),
            })),
            series: lines.map(({ part, entities }) => ({
              type: "parallel",
              name: partName(part, queries.length),
              lineStyle: {
                color: colours[part],
                opacity: part === "neither" ? 0.25 : 0.5,
                width: 1,
                type: part === "left" ? "dashed" : part === "right" ? "dotted" : "solid",
              },
              itemStyle: { color: colours[part] },
              data: entities.map((e) => loaded.columns.map((column) => value(column, e))),
            })),
            tooltip: { show: false },
          })}
        />
      </Figure>
      <p class="note">
        Axes:{" "}
        {rows.map((row, i) => (
          <span key={row}>
            {i > 0 && ", "}
            <Name text={attributes.words[row] ?? ""} longest={80} />
          </span>
        ))}
      </p>
    </section>
  );
}
