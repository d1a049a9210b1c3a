// Says so where values in view were rounded to fit into the file.
import { useView } from "../state/app";
import { Name } from "./text";

/** A note about those of the loaded columns that were rounded; nothing where none was. */
export function Rounded({ rows }: { rows: readonly number[] }) {
  const { run } = useView();
  const [first, ...others] = rows.filter((row) => run.isRounded(row));
  if (first === undefined) return null;
  return (
    <p class="note" data-test="rounded">
      To fit into the file, the values of{" "}
      <Name text={run.tables.attributes.target[first] ?? ""} longest={60} />
      {others.length > 0 && ` and ${others.length} more`} are kept in steps of 5 % of the{" "}
      {run.meta.entity_nouns} and spread evenly in each. The rules of the findings are
      counted exactly, and the most extreme values are exact; for another bound, counts may
      be off by half a step. <kbd>redescribe serve</kbd> has all digits.
    </p>
  );
}
