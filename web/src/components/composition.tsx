// Which classes the entities of each part are of.
import { PARTS } from "../data/agreement";
import { has, size } from "../data/bits";
import { countText, shareText } from "../data/format";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { partName } from "./parts";
import { PlainTable } from "./plain_table";
import { Name, shortened } from "./text";

const MOST_CLASSES = 30;
const MOST_COLUMNS = 4;

export function Composition({ finding }: { finding: number }) {
  const { app, run } = useView();
  const { attributes, findings } = run.tables;
  const rows = Array.from({ length: attributes.rows }, (_, i) => i)
    .filter((i) => {
      const n = attributes.categories[i]?.length ?? 0;
      return n > 1 && n <= MOST_CLASSES;
    })
    .slice(0, MOST_COLUMNS);
  const loaded = useLoaded(async () => {
    const parts = await run.partsOf(finding, run.scope(app.scope));
    return (
      parts && { parts, columns: await Promise.all(rows.map((row) => run.column(row))) }
    );
  }, [run, finding, app.scope]);
  if (!loaded || !rows.length) return null;
  const nRules = findings.queries[finding]?.length ?? 2;
  const shown = PARTS.filter((part) => size(loaded.parts[part]) > 0);
  return (
    <section aria-labelledby="composition-heading">
      <h3 id="composition-heading">Who is in each part</h3>
      <div class="columns">
        {rows.map((row, c) => {
          const column = loaded.columns[c];
          if (!column) return null;
          const categories = attributes.categories[row] ?? [];
          const count = (part: (typeof PARTS)[number], code: number) => {
            let n = 0;
            for (let i = 0; i < column.length; i++) {
              if (column[i] === code && has(loaded.parts[part], i)) n++;
            }
            return n;
          };
          return (
            <PlainTable
              key={row}
              caption={`${shortened(attributes.words[row] ?? "", 60)} of the ${run.meta.entity_nouns} of each part`}
              head={["class", ...shown.map((part) => partName(part, nRules))]}
              numeric={shown.map((_, i) => i + 1)}
              rows={categories.map((category, code) => [
                <Name key="c" text={category} longest={60} />,
                ...shown.map((part) => {
                  const n = count(part, code);
                  return `${countText(n)} (${shareText(n / size(loaded.parts[part]))})`;
                }),
              ])}
            />
          );
        })}
      </div>
    </section>
  );
}
