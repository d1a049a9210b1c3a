// Attributes that were learned with the network: for which classes they count, what they mean.
import { Figure } from "../charts/figure";
import { RelevanceMap } from "../charts/relevance";
import { cardId, LearnedCard } from "../components/learned_card";
import { ConcisenessChart, Explained, Losses } from "../components/learned_charts";
import { PlainTable } from "../components/plain_table";
import { Name } from "../components/text";
import { Tile, Tiles } from "../components/tiles";
import { countText, defined, jaccardText, shareText, valueText } from "../data/format";
import { type Relevance, relevancesOf, rowsOf, SOURCES } from "../data/learned";
import type { DictionaryRecord } from "../data/schema";
import { useView } from "../state/app";
import { linkTo } from "../state/url";

export function Learned() {
  const { app, run, route } = useView();
  const { dictionaries } = run.meta;
  const chosen = route.params.get("view") ?? "";
  const dictionary = dictionaries.find((one) => one.view === chosen) ?? dictionaries[0];
  if (dictionary === undefined) return null;
  const rows = rowsOf(run, dictionary.view);
  const relevances = relevancesOf(run, dictionary.view);
  return (
    <>
      <h2>Learned attributes</h2>
      <p class="lead">
        A small dictionary of attributes was learned together with the network, or after it
        (FLINT), with an interpreter that imitates the network by these attributes alone.
      </p>
      {dictionaries.length > 1 && (
        <p class="toolbar">
          <label>
            Dictionary{" "}
            <select
              value={dictionary.view}
              onChange={(e) => app.set({ view: e.currentTarget.value })}
            >
              {dictionaries.map((one) => (
                <option key={one.view} value={one.view}>
                  {one.view}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
      <Summary dictionary={dictionary} rows={rows} />
      {relevances.length > 0 && (
        <RelevanceFigure dictionary={dictionary} rows={rows} relevances={relevances} />
      )}
      <div class="charts">
        <Explained dictionary={dictionary} rows={rows} />
        <ConcisenessChart dictionary={dictionary} />
        <Losses dictionary={dictionary} />
      </div>
      <Detectors dictionary={dictionary} rows={rows} />
      <Cards dictionary={dictionary} rows={rows} relevances={relevances} />
    </>
  );
}

interface Props {
  readonly dictionary: DictionaryRecord;
  readonly rows: readonly number[];
}

function Summary({ dictionary, rows }: Props) {
  const { run } = useView();
  const { learned } = run.tables;
  const dead = rows.filter((i) => learned.dead[i] === 1);
  const numbers = dead.map((i) => learned.number[i]).join(", ");
  if (!dictionary.measured) {
    return (
      <p class="warning">
        How this dictionary was learned is not known here. Relevances, losses and pictures
        are shown after <code>redescribe report RUN --flint FOLDER</code>, with the folder
        of the training.
      </p>
    );
  }
  const { accuracy_f, accuracy_g, accuracy_where_agreed, accuracy_where_not } = dictionary;
  const apart = accuracy_where_not === null ? "" : shareText(accuracy_where_not);
  return (
    <>
      <Tiles>
        <Tile
          value={shareText(dictionary.fidelity)}
          label="fidelity: the interpreter says what the network says"
          note={`${countText(dictionary.n_disagreements)} of ${countText(dictionary.n_entities)} differ`}
        />
        {accuracy_f !== null && (
          <Tile
            value={shareText(accuracy_f)}
            label="accuracy of the network"
            note={`interpreter ${shareText(accuracy_g)}`}
          />
        )}
        {accuracy_where_agreed !== null && apart && (
          <Tile
            value={apart}
            label="accuracy of the network where both differ"
            note={`${shareText(accuracy_where_agreed)} where they agree`}
          />
        )}
        <Tile
          value={`${countText(rows.length - dead.length)} of ${countText(rows.length)}`}
          label="attributes are alive"
          note={`tapped: ${dictionary.layers.join(", ")}`}
        />
      </Tiles>
      {dead.length > 0 && (
        <p class="note">
          Dead, never above 0.001: attribute{dead.length > 1 ? "s" : ""} {numbers}.
        </p>
      )}
    </>
  );
}

function RelevanceFigure({
  dictionary,
  rows,
  relevances,
}: Props & { relevances: readonly Relevance[] }) {
  const { run } = useView();
  const { learned } = run.tables;
  const alive = rows
    .filter((i) => learned.dead[i] !== 1)
    .map((i) => learned.number[i] ?? 0);
  const shown = relevances.filter((r) => alive.includes(r.attribute));
  const empty = dictionary.classes.filter((_, c) => !dictionary.entities_of_class[c]);
  const strong = [...shown].sort((a, b) => b.relevance - a.relevance);
  return (
    <Figure
      title="Relevance of attributes for classes"
      summary={`Heat map of ${alive.length} attributes by ${dictionary.classes.length} classes, from -1 (against) to 1 (for).`}
      head={["attribute", "class", "relevance"]}
      rows={() =>
        strong.map((r) => [
          r.attribute,
          <Name key="c" text={dictionary.classes[r.cls] ?? ""} longest={60} />,
          valueText(Number(r.relevance.toFixed(3))),
        ])
      }
      note={`Mean share of an attribute in the decision for a class, relative to the strongest. Above ${valueText(1 / dictionary.tau)} it counts for the class.${empty.length ? ` Predicted for nobody: ${empty.join(", ")}.` : ""} A click opens the card of the attribute.`}
      wide
    >
      <RelevanceMap
        attributes={alive}
        classes={dictionary.classes}
        cells={shown}
        onOpen={(number) => {
          const card = document.getElementById(cardId(number));
          card?.scrollIntoView();
          card?.focus({ preventScroll: true });
        }}
      />
    </Figure>
  );
}

/** Attributes that say little more than a class, apart from all others. */
function Detectors({ dictionary, rows }: Props) {
  const { run, route } = useView();
  const { learned } = run.tables;
  const detectors = rows.filter((i) => learned.detector[i] === 1);
  if (!detectors.length) return null;
  return (
    <section aria-labelledby="detectors">
      <h3 id="detectors">Class detectors</h3>
      <p>
        These are on for one class and hardly for any other (J above{" "}
        {dictionary.detector_limit} with the predictions), so their findings describe the
        class. What parts them from each other is found within a class.
      </p>
      <PlainTable
        caption="Attributes that are hardly more than a class"
        head={["attribute", "class", "J"]}
        numeric={[2]}
        rows={detectors.map((i) => {
          const title = `Attribute ${learned.number[i]}`;
          const target = learned.target[i];
          return [
            target ? (
              <a key="a" href={linkTo(route, "n", target)}>
                {title}
              </a>
            ) : (
              title
            ),
            <Name key="c" text={learned.class_like[i] ?? ""} longest={60} />,
            jaccardText(defined(learned.class_jaccard[i])),
          ];
        })}
      />
    </section>
  );
}

function Cards({
  dictionary,
  rows,
  relevances,
}: Props & { relevances: readonly Relevance[] }) {
  const { app, run, route } = useView();
  const { learned } = run.tables;
  const by = route.params.get("by") ?? "";
  const alive = rows.filter((i) => learned.dead[i] !== 1);
  const shown = alive.filter(
    (i) =>
      !by || learned.explained_by[i] === by || (by === "more" && learned.detector[i] !== 1),
  );
  return (
    <section aria-labelledby="cards">
      <h3 id="cards">What the attributes mean</h3>
      <div class="toolbar filters">
        <label>
          Show{" "}
          <select value={by} onChange={(e) => app.set({ by: e.currentTarget.value })}>
            <option value="">all that are alive</option>
            <option value="more">no class detectors</option>
            {SOURCES.map(([source, name]) => (
              <option key={source} value={source}>
                explained by {name}
              </option>
            ))}
          </select>
        </label>
        <p role="status">
          <strong>{countText(shown.length)}</strong> of {countText(rows.length)}
        </p>
      </div>
      <ul class="learned-cards">
        {shown.map((i) => (
          <LearnedCard key={i} dictionary={dictionary} relevances={relevances} row={i} />
        ))}
      </ul>
    </section>
  );
}
