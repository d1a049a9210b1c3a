// Entities as pictures and texts; a picture that the file lacks leaves its place empty.
import { useState } from "preact/hooks";
import { visible } from "../data/format";
import type { Text } from "../data/media";
import { useView } from "../state/app";
import { useLoaded } from "../state/store";
import { linkTo } from "../state/url";
import { Name } from "./text";

const SNIPPET = 220;
const TINY = 40;

export interface Card {
  readonly entity: number;
  /** What is known beside its name: part, value, class. */
  readonly facts: readonly string[];
}

interface Props {
  readonly cards: readonly Card[];
  readonly onPoint?: ((entity: number | null) => void) | undefined;
}

export function Cards({ cards, onPoint }: Props) {
  const { run, route } = useView();
  const loaded = useLoaded(
    () =>
      Promise.all(
        cards.map(async ({ entity }) => ({
          picture: await run.media.picture(entity),
          text: await run.media.text(entity),
        })),
      ),
    [run, cards.map((card) => card.entity).join()],
  );
  return (
    <ul class={run.media.hasTexts ? "cards with-texts" : "cards"}>
      {cards.map(({ entity, facts }, i) => {
        const found = loaded?.[i];
        const id = run.tables.entities.id[entity] ?? "";
        return (
          <li
            key={entity}
            onMouseEnter={() => onPoint?.(entity)}
            onMouseLeave={() => onPoint?.(null)}
          >
            {run.media.hasPictures && (
              <Picture address={found?.picture} entity={entity} facts={facts} />
            )}
            {found?.text && <Snippet text={found.text} />}
            <a
              href={linkTo(route, "e", id)}
              onFocus={() => onPoint?.(entity)}
              onBlur={() => onPoint?.(null)}
            >
              <Name text={id} longest={60} />
            </a>
            {facts.map((fact) => (
              <span key={fact} class="fact">
                {fact}
              </span>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

interface PictureProps {
  /** Undefined while it is read, null where there is none. */
  readonly address: string | null | undefined;
  readonly entity: number;
  readonly facts?: readonly string[];
}

export function Picture({ address, entity, facts = [] }: PictureProps) {
  const { run } = useView();
  const [isTiny, setTiny] = useState(false);
  if (address === undefined) return <span class="picture" />;
  if (address === null) return <span class="picture none">no picture in this file</span>;
  const id = visible(run.tables.entities.id[entity] ?? "").slice(0, 100);
  const about = [`${run.meta.entity_noun} ${id}`, ...facts];
  return (
    <img
      class={isTiny ? "picture tiny" : "picture"}
      src={address}
      alt={about.join(", ")}
      onLoad={(e) => setTiny(e.currentTarget.naturalWidth <= TINY)}
    />
  );
}

function Snippet({ text }: { text: Text }) {
  const start = readable(text.text).replace(/\s+/g, " ").trim();
  const isCut = start.length > SNIPPET || text.length > text.text.length;
  return (
    <p class="snippet" dir="auto">
      {isCut ? `${[...start].slice(0, SNIPPET).join("").trimEnd()}…` : start}
    </p>
  );
}

/** The whole text of an entity, as far as the file has it. */
export function FullText({ text }: { text: Text }) {
  const shown = [...text.text].length;
  return (
    <section aria-labelledby="entity-text">
      <h3 id="entity-text">Text</h3>
      <section class="full-text" dir="auto" aria-label="All of the text" tabIndex={0}>
        {readable(text.text)}
      </section>
      {shown < text.length && (
        <p class="note">
          These are the first {shown.toLocaleString("en-US")} of{" "}
          {text.length.toLocaleString("en-US")} characters.
        </p>
      )}
    </section>
  );
}

/** A text with its line breaks; marks of direction go, what would turn lines is shown. */
export function readable(text: string): string {
  return text
    .replace(/[\u061c\u200e\u200f]/gu, "")
    .split(/\r\n|\n|\r/)
    .map(visible)
    .join("\n");
}
