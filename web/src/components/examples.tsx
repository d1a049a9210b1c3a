// Entities of each part of a finding: the largest activations, quantiles, and at random.
import { useState } from "preact/hooks";
import { Figure } from "../charts/figure";
import { PARTS, type Part } from "../data/agreement";
import { positions, size } from "../data/bits";
import { countText, valueText } from "../data/format";
import { choose, ORDERS, type Order } from "../data/ordering";
import { attributesOf } from "../data/queries";
import { useView } from "../state/app";
import { partSpec } from "../state/selection";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";
import { Cards } from "./cards";
import { partName, Swatch } from "./parts";
import { PlainTable } from "./plain_table";
import { Rounded } from "./rounded";
import { Name, shortened } from "./text";

export function Examples({ finding }: { finding: number }) {
  const { app, run } = useView();
  const [part, setPart] = useState<Part>("both");
  const { findings } = run.tables;
  const parts = useLoaded(
    () => run.partsOf(finding, run.scope(app.scope)),
    [run, finding, app.scope],
  );
  if (!parts) return null;
  const queries = findings.queries[finding] ?? [];
  const shown = PARTS.filter((p) => size(parts[p]) > 0);
  const current = shown.includes(part) ? part : (shown[0] ?? "both");
  const columns = queries.flatMap((query) =>
    attributesOf(query.terms).flatMap((name) => run.attributeOf(query.view, name) ?? []),
  );
  const id = findings.id[finding] ?? "";
  return (
    <section class="screen-only" aria-labelledby="examples-heading">
      <h3 id="examples-heading">Examples of each part</h3>
      <div class="tabs" role="group" aria-label="Part">
        {shown.map((p) => (
          <button
            key={p}
            type="button"
            aria-pressed={p === current}
            onClick={() => setPart(p)}
          >
            <Swatch part={p} /> {partName(p, queries.length)} {countText(size(parts[p]))}
          </button>
        ))}
        <button
          type="button"
          class="quiet"
          onClick={() => app.select(partSpec(id, current))}
        >
          select these
        </button>
      </div>
      <EntityTable entities={positions(parts[current])} columns={columns} />
    </section>
  );
}

interface Props {
  readonly entities: readonly number[];
  /** Rows of attributes; the first one orders the entities. */
  readonly columns: readonly number[];
  /** Hears which entity is pointed at. */
  readonly onPoint?: (entity: number | null) => void;
}

export function EntityTable({ entities, columns, onPoint }: Props) {
  const { run, route } = useView();
  const [order, setOrder] = useState<Order>("largest");
  const { attributes, entities: table } = run.tables;
  const labels = labelColumns(run.tables.attributes, columns);
  const all = [...columns, ...labels];
  const loaded = useLoaded(
    () => Promise.all(all.map((row) => run.column(row))),
    [run, all.join()],
  );
  const first = loaded?.[0] ?? null;
  const chosen = choose(entities, first, order);
  const text = (row: number, entity: number, values: ArrayLike<number> | null): string => {
    const value = values?.[entity];
    if (value === undefined || Number.isNaN(value)) return "";
    const category = attributes.categories[row]?.[value];
    return category === undefined ? valueText(value) : shortened(category, 40);
  };
  const caption = `${chosen.length} of ${countText(entities.length)} ${run.meta.entity_nouns}${first && columns[0] !== undefined ? `, by ${shortened(attributes.words[columns[0]] ?? "", 60)}` : ""}`;
  const part = (entity: number) => (table.held_out[entity] === 1 ? "held out" : "mined");
  const twin = {
    head: [
      run.meta.entity_noun,
      "part",
      ...all.map((row) => shortened(attributes.name[row] ?? "", 40)),
    ],
    numeric: columns.map((_, i) => i + 2),
  };
  const rows = () =>
    chosen.map((entity) => [
      <a
        key="id"
        href={linkTo(route, "e", table.id[entity])}
        onMouseEnter={() => onPoint?.(entity)}
        onMouseLeave={() => onPoint?.(null)}
        onFocus={() => onPoint?.(entity)}
        onBlur={() => onPoint?.(null)}
      >
        <Name text={table.id[entity] ?? ""} longest={60} />
      </a>,
      part(entity),
      ...all.map((row, i) => text(row, entity, loaded?.[i] ?? null)),
    ]);
  const facts = (entity: number) => {
    const named = [columns[0], ...labels].flatMap((row) => {
      const shown = row === undefined ? "" : text(row, entity, valuesOf(row));
      return shown
        ? [`${shortened(attributes.name[row as number] ?? "", 30)} ${shown}`]
        : [];
    });
    return [part(entity), ...new Set(named)];
  };
  const valuesOf = (row: number) => loaded?.[all.indexOf(row)] ?? null;
  return (
    <>
      <label>
        Show{" "}
        <select value={order} onChange={(e) => setOrder(e.currentTarget.value as Order)}>
          {ORDERS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {run.media.hasPictures || run.media.hasTexts ? (
        <Figure title={caption} summary="" {...twin} rows={rows} wide>
          <Cards
            cards={chosen.map((entity) => ({ entity, facts: facts(entity) }))}
            onPoint={onPoint}
          />
        </Figure>
      ) : (
        <PlainTable caption={caption} {...twin} rows={rows()} />
      )}
      <Rounded rows={all} />
    </>
  );
}

/** Columns of classes, so that a reader sees what an entity is. */
function labelColumns(
  attributes: { kind: readonly string[]; rows: number },
  known: readonly number[],
): number[] {
  const rows = Array.from({ length: attributes.rows }, (_, i) => i);
  return rows
    .filter((i) => attributes.kind[i] !== "numeric" && !known.includes(i))
    .slice(0, 3);
}
