// Find a finding, a neuron, an attribute or an entity by its name.
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Run } from "../data/run";
import { useView } from "../state/app";
import { linkTo, type Route } from "../state/url";
import { shortened } from "./text";

const MOST = 12;

interface Hit {
  readonly kind: string;
  readonly text: string;
  readonly href: string;
}

export function Search({ onClose }: { onClose: () => void }) {
  const { app, run, route } = useView();
  const [text, setText] = useState("");
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  // Before the next paint, so that no key that follows "/" is lost.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const hits = useMemo(() => search(run, route, text), [run, route, text]);
  const open = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    app.open(hit.href);
    onClose();
  };
  return (
    <dialog ref={dialog} class="search" aria-label="Search" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // What stands in the field: the hits shown may be those of the key before.
          open(search(run, route, input.current?.value ?? "")[0]);
        }}
      >
        <label for="search-text">
          Search findings, neurons, attributes and {run.meta.entity_nouns}
        </label>
        <input
          ref={input}
          id="search-text"
          type="search"
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </form>
      <ul class="hits" aria-live="polite">
        {hits.map((hit) => (
          <li key={hit.href}>
            <a href={hit.href} onClick={onClose}>
              <span class="source">{hit.kind}</span> <bdi>{hit.text}</bdi>
            </a>
          </li>
        ))}
        {text !== "" && hits.length === 0 && <li>Nothing has this name.</li>}
      </ul>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}

function search(run: Run, route: Route, text: string): Hit[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  const { findings, attributes, entities } = run.tables;
  const hits: Hit[] = [];
  const add = (kind: string, name: string, href: string) => {
    if (hits.length < MOST) hits.push({ kind, text: shortened(name, 160), href });
  };
  const exact = run.findingOf(text.trim().toUpperCase());
  if (exact !== null) {
    const id = findings.id[exact] ?? "";
    add("finding", `${id} ${findings.target[exact]}`, linkTo(route, "r", id));
  }
  for (let i = 0; i < attributes.rows && hits.length < MOST; i++) {
    const names = `${attributes.target[i]} ${attributes.words[i]}`.toLowerCase();
    if (names.includes(wanted)) {
      const kind = attributes.neuron[i] === 1 ? "neuron" : "attribute";
      add(kind, attributes.target[i] ?? "", linkTo(route, "n", attributes.target[i]));
    }
  }
  for (let i = 0; i < findings.rows && hits.length < MOST; i++) {
    const texts = (findings.queries[i] ?? []).map((query) => query.text).join(" ⇔ ");
    if (i !== exact && texts.toLowerCase().includes(wanted)) {
      add("finding", `${findings.id[i]} ${texts}`, linkTo(route, "r", findings.id[i]));
    }
  }
  for (let i = 0; i < entities.rows && hits.length < MOST; i++) {
    const id = entities.id[i] ?? "";
    if (id.toLowerCase().includes(wanted)) {
      add(run.meta.entity_noun, id, linkTo(route, "e", id));
    }
  }
  return hits;
}
