// One learned attribute: what activates it, for which classes it counts, what it means.
import { defined, jaccardText, valueText } from "../data/format";
import { classesOf, findingsNaming, type Relevance, SOURCES } from "../data/learned";
import type { ConceptPictureRecord, DictionaryRecord } from "../data/schema";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";
import { FindingText, Name } from "./text";

const MOST_FINDINGS = 3;
const MOST_PICTURES = 3;

interface Props {
  readonly dictionary: DictionaryRecord;
  readonly relevances: readonly Relevance[];
  readonly row: number;
}

export function LearnedCard({ dictionary, relevances, row }: Props) {
  const { run, route } = useView();
  const { learned } = run.tables;
  const number = learned.number[row] ?? 0;
  const target = learned.target[row] ?? "";
  const classes = classesOf(dictionary, relevances, number);
  const pictures = learned.pictures[row] ?? [];
  const title = `Attribute ${number}`;
  return (
    <li class="card learned-card" id={cardId(number)} tabIndex={-1}>
      <h4>{target ? <a href={linkTo(route, "n", target)}>{title}</a> : title}</h4>
      {dictionary.measured && (
        <p class="note">
          {classes.length > 0 ? (
            <>
              counts for{" "}
              {classes.map((one, i) => (
                <>
                  {i > 0 && ", "}
                  <Name text={dictionary.classes[one.cls] ?? ""} longest={40} /> (
                  {valueText(Number(one.relevance.toFixed(2)))})
                </>
              ))}
            </>
          ) : (
            "counts for no class as a whole"
          )}
          {` · up to ${valueText(learned.maximum[row])}`}
        </p>
      )}
      {pictures.slice(0, MOST_PICTURES).map((picture) => (
        <Picture key={picture.block} picture={picture} attribute={number} />
      ))}
      <Meaning view={dictionary.view} row={row} />
    </li>
  );
}

export function cardId(number: number): string {
  return `attribute-${number}`;
}

function Meaning({ view, row }: { view: string; row: number }) {
  const { run, route } = useView();
  const { findings, learned } = run.tables;
  const name = learned.name[row] ?? "";
  if (!name) return <p class="note">Not in the view that was mined.</p>;
  const naming = findingsNaming(run, view, name);
  const by = SOURCES.find(([source]) => source === learned.explained_by[row]);
  return (
    <>
      {naming.length === 0 ? (
        <p>No finding names it.</p>
      ) : (
        <ul class="plain-list">
          {naming.slice(0, MOST_FINDINGS).map((i) => (
            <li key={findings.id[i]}>
              <a href={linkTo(route, "r", findings.id[i])}>{findings.id[i]}</a>{" "}
              <FindingText finding={i} />{" "}
              <span class="note">
                J {jaccardText(defined(findings.jaccard[i]) ?? findings.jaccard_mined[i])}
                {findings.confirmed[i] === 1 ? " ✓" : ""}
              </span>
            </li>
          ))}
        </ul>
      )}
      {naming.length > MOST_FINDINGS && (
        <p class="note">
          <a href={linkTo(route, "n", learned.target[row])}>all {naming.length} findings</a>
        </p>
      )}
      <p class="note">explained by {by?.[1] ?? "nothing"}</p>
    </>
  );
}

function Picture({
  picture,
  attribute,
}: {
  picture: ConceptPictureRecord;
  attribute: number;
}) {
  const { run } = useView();
  const source = useLoaded(() => run.picture(picture.block), [run, picture.block]);
  const nouns = picture.before.length === 1 ? run.meta.entity_noun : run.meta.entity_nouns;
  if (source === null) return <p class="note">A picture did not fit into the file.</p>;
  const text = `Class ${picture.cls}: ${picture.before.length} ${nouns} that activate attribute ${attribute} most (above), and what they were changed into to activate it more (below).`;
  return (
    <figure class="concept">
      {source && <img src={source} alt={text} />}
      <figcaption>
        <Name text={picture.cls} longest={40} />: {mean(picture.before)} →{" "}
        {mean(picture.after)}
      </figcaption>
    </figure>
  );
}

function mean(values: readonly number[]): string {
  const sum = values.reduce((total, value) => total + value, 0);
  return valueText(Number((sum / Math.max(1, values.length)).toPrecision(3)));
}
