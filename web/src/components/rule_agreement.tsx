// Rules against network: which class each gives, counted; disagreements can be selected.
import { has, type Words } from "../data/bits";
import { countText } from "../data/format";
import { answerOf, NO_ANSWER } from "../data/rules";
import { percent, type Shown } from "../pages/rules";
import { useView } from "../state/app";
import { idsSpec, MAX_LINKED_IDS } from "../state/selection";
import { PlainTable } from "./plain_table";
import { Name } from "./text";

export function Agreements({ shown }: { shown: Shown }) {
  const { set, now, nouns } = shown;
  const { classes } = set;
  const some = now.table.some((row) => (row[classes.length] ?? 0) > 0);
  const columns = [...classes.keys(), ...(some ? [classes.length] : [])];
  const answers = columns.map((k) => classes[k] ?? "no answer");
  return (
    <section aria-labelledby="agreement">
      <h3 id="agreement">Rules against network</h3>
      <PlainTable
        caption={`Counts of the ${nouns}, with the rules that are on`}
        head={[
          "network",
          ...answers.map((name) => `rules: ${name}`),
          "recall",
          "precision",
        ]}
        numeric={[...answers.map((_, i) => i + 1), answers.length + 1, answers.length + 2]}
        rows={now.table.map((row, k) => {
          const total = row.reduce((a, b) => a + b, 0);
          const answered = now.table.reduce((sum, other) => sum + (other[k] ?? 0), 0);
          const both = row[k] ?? 0;
          return [
            <Name key="c" text={classes[k] ?? ""} longest={60} />,
            ...columns.map((column) => (
              <Cell
                key={column}
                shown={shown}
                wanted={k}
                column={column}
                n={row[column] ?? 0}
              />
            )),
            percent(total ? both / total : null),
            percent(answered ? both / answered : null),
          ];
        })}
      />
    </section>
  );
}

interface CellProps {
  readonly shown: Shown;
  readonly wanted: number;
  readonly column: number;
  readonly n: number;
}

function Cell({ shown, wanted, column, n }: CellProps) {
  const { app, run } = useView();
  const { set, data, kept, within } = shown;
  if (n === 0 || n > MAX_LINKED_IDS) return <>{countText(n)}</>;
  const code = column === set.classes.length ? NO_ANSWER : column;
  const select = () => {
    const ids = run.tables.entities.id.filter(
      (_, i) =>
        has(within, i) &&
        data.answers[i] === wanted &&
        answerOf(set, kept, (rule) => has(data.fires[rule] as Words, i)).code === code,
    );
    app.select(idsSpec(ids));
  };
  const name = set.classes[column] ?? "no answer";
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`Select the ${n} to which the network gives ${set.classes[wanted]} and the rules ${name}`}
      onClick={select}
    >
      {countText(n)}
    </button>
  );
}
