// Layer by layer: how well one is described by another, and which neurons match.
import { Figure } from "../charts/figure";
import { Heatmap } from "../charts/heatmap";
import { PlainTable } from "../components/plain_table";
import { Name } from "../components/text";
import { countText, defined, jaccardText, valueText } from "../data/format";
import { useView } from "../state/app";
import { linkTo } from "../state/url";

export function Layers() {
  const { app, run, route } = useView();
  const { layers } = run.tables;
  const rows = Array.from({ length: layers.rows }, (_, i) => i);
  const targets = [...new Set(layers.target)];
  const partners = [...new Set(layers.partner)];
  const cells = rows.flatMap((i) => {
    const value = defined(layers.best[i]);
    if (value === null) return [];
    return [{ row: layers.target[i] ?? "", column: layers.partner[i] ?? "", value }];
  });
  const findings = (target: string, partner: string) =>
    linkTo(route, "r", "", { q: `${JSON.stringify(target)} ${JSON.stringify(partner)}` });
  return (
    <>
      <h2>Layers and models</h2>
      <p>
        Rows are explained, columns explain. Only{" "}
        {run.isTested
          ? "confirmed findings count; J is on the hold-out."
          : "mined values are known."}
      </p>
      <Figure
        title="Best J of a finding that joins two layers"
        summary={`Heatmap of ${targets.length} explained by ${partners.length} explaining layers.`}
        head={["layer", "explained by", "J"]}
        rows={() =>
          cells.map((cell) => [
            <Name key="t" text={cell.row} />,
            <Name key="p" text={cell.column} />,
            jaccardText(cell.value),
          ])
        }
        wide
      >
        <Heatmap
          label="Layers by layers"
          rows={targets}
          columns={partners}
          cells={cells}
          onOpen={(cell) => app.open(findings(cell.row, cell.column))}
        />
      </Figure>
      <PlainTable
        caption="Every pair of layers"
        head={[
          "layer",
          "explained by",
          "described",
          "findings",
          "confirmed",
          "best J",
          "mean adjusted J",
        ]}
        numeric={[2, 3, 4, 5, 6]}
        limit={400}
        rows={rows.map((i) => [
          <Name key="t" text={layers.target[i] ?? ""} />,
          <Name key="p" text={layers.partner[i] ?? ""} />,
          `${countText(layers.n_described[i])} of ${countText(layers.n_describable[i])}`,
          <a key="f" href={findings(layers.target[i] ?? "", layers.partner[i] ?? "")}>
            {countText(layers.n_findings[i])}
          </a>,
          countText(defined(layers.n_confirmed[i])),
          jaccardText(defined(layers.best[i])),
          valueText(defined(layers.mean_adjusted[i])),
        ])}
      />
      <Matchings />
    </>
  );
}

function Matchings() {
  const { run, route } = useView();
  const { matchings, matches } = run.tables;
  if (!matchings.rows) return null;
  const rows = Array.from({ length: matchings.rows }, (_, i) => i);
  return (
    <section aria-labelledby="matchings">
      <h3 id="matchings">Matched neurons</h3>
      <PlainTable
        caption="Layers whose neurons findings match one to one, beside what correlation alone matches"
        head={[
          "layer",
          "layer",
          "neurons",
          "matched",
          "mean |r| of matches",
          "mean |r| of the best matching",
          "CKA",
        ]}
        numeric={[2, 3, 4, 5, 6]}
        rows={rows.map((i) => [
          <Name key="l" text={matchings.left_place[i] ?? ""} />,
          <Name key="r" text={matchings.right_place[i] ?? ""} />,
          `${countText(matchings.n_left[i])} and ${countText(matchings.n_right[i])}`,
          countText(
            matches.left_place.filter(
              (name, m) =>
                name === matchings.left_place[i] &&
                matches.right_place[m] === matchings.right_place[i],
            ).length,
          ),
          valueText(defined(matchings.matched[i])),
          valueText(defined(matchings.correlation[i])),
          valueText(defined(matchings.cka[i])),
        ])}
      />
      <PlainTable
        caption={`One-to-one matches: ${countText(matches.rows)}`}
        head={["neuron", "neuron", "finding", "J", "adjusted J", "r", "most correlated"]}
        numeric={[3, 4, 5]}
        rows={Array.from({ length: matches.rows }, (_, i) => [
          <a key="l" href={linkTo(route, "n", matches.left[i])}>
            <Name text={matches.left[i] ?? ""} longest={80} />
          </a>,
          <a key="r" href={linkTo(route, "n", matches.right[i])}>
            <Name text={matches.right[i] ?? ""} longest={80} />
          </a>,
          <a key="f" href={linkTo(route, "r", matches.finding[i])}>
            {matches.finding[i]}
          </a>,
          jaccardText(defined(matches.jaccard[i])),
          valueText(defined(matches.adjusted_jaccard[i])),
          valueText(defined(matches.correlation[i])),
          <Name key="c" text={matches.correlated[i] ?? ""} longest={80} />,
        ])}
      />
    </section>
  );
}
