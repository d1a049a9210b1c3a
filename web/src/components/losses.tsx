// What each condition of a rule does: J without it.
import { type Agreement, agreementOf } from "../data/agreement";
import { jaccardText, valueText } from "../data/format";
import { formatTerms } from "../data/grammar";
import { type Attribute, supportOfQuery, withoutLiteral } from "../data/queries";
import type { QueryRecord } from "../data/schema";
import type { Support } from "../data/supports";
import { useView } from "../state/app";
import { PlainTable } from "./plain_table";
import { Name } from "./text";

interface LossProps {
  readonly queries: readonly QueryRecord[];
  readonly columns: readonly ReadonlyMap<string, Attribute>[];
  readonly supports: readonly Support[];
  readonly now: Agreement;
  readonly policy: string;
}

/** What J would be without each literal. */
export function Losses({ queries, columns, supports, now, policy }: LossProps) {
  const { run } = useView();
  const rows = queries.flatMap((query, q) =>
    query.terms.flatMap((term, t) =>
      term.literals.map((literal, l) => {
        const rest = withoutLiteral(query, t, l);
        const name = formatTerms([{ negated: term.negated, literals: [literal] }]);
        if (rest === null) return { view: query.view, name, without: null };
        const changed = supports.map((support, i) =>
          i === q
            ? supportOfQuery(rest, columns[q] ?? new Map(), run.meta.n_entities)
            : support,
        );
        const without = agreementOf(changed, run.mined, policy).jaccard;
        return { view: query.view, name, without };
      }),
    ),
  );
  return (
    <PlainTable
      caption="What each condition does: J mined without it"
      head={["condition", "view", "J without it", "loss"]}
      numeric={[2, 3]}
      rows={rows.map(({ view, name, without }) => [
        <Name key="n" text={name} />,
        <Name key="v" text={view} />,
        without === null ? "the whole rule" : jaccardText(without),
        without === null ? "" : valueText(now.jaccard - without),
      ])}
    />
  );
}
