// Tags, notes and cohorts: kept in this browser, exported as JSON.
import { Store } from "./store";

export interface Cohort {
  readonly name: string;
  readonly how: string;
  readonly ids: readonly string[];
}

export interface Notes {
  readonly tags: Readonly<Record<string, readonly string[]>>;
  readonly notes: Readonly<Record<string, string>>;
  readonly cohorts: readonly Cohort[];
  readonly pinned: readonly string[];
}

const NOTHING: Notes = { tags: {}, notes: {}, cohorts: [], pinned: [] };

/** Where notes are kept; a browser may refuse, then they live as long as the page. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export class NotesStore extends Store<Notes> {
  readonly #shelf: Shelf | null;
  readonly #key: string;

  constructor(shelf: Shelf | null, run: string) {
    const key = `redescribe:${run}`;
    super(read(shelf, key));
    this.#shelf = shelf;
    this.#key = key;
  }

  override set(value: Notes): void {
    super.set(value);
    try {
      this.#shelf?.setItem(this.#key, JSON.stringify(value));
    } catch {
      // Full or forbidden: the notes stay on the page and can be exported.
    }
  }

  tag(id: string, tags: readonly string[]): void {
    this.set({ ...this.value, tags: { ...this.value.tags, [id]: tags } });
  }

  note(id: string, text: string): void {
    this.set({ ...this.value, notes: { ...this.value.notes, [id]: text } });
  }

  pin(id: string): void {
    const { pinned } = this.value;
    const next = pinned.includes(id) ? pinned.filter((p) => p !== id) : [...pinned, id];
    this.set({ ...this.value, pinned: next.slice(-4) });
  }

  saveCohort(cohort: Cohort): void {
    const others = this.value.cohorts.filter((c) => c.name !== cohort.name);
    this.set({ ...this.value, cohorts: [...others, cohort] });
  }

  /** Take over what was exported; what is no such file changes nothing. */
  load(text: string): void {
    const notes = parse(text);
    if (notes !== null) this.set(notes);
  }

  removeCohort(name: string): void {
    const cohorts = this.value.cohorts.filter((c) => c.name !== name);
    this.set({ ...this.value, cohorts });
  }
}

function read(shelf: Shelf | null, key: string): Notes {
  try {
    return parse(shelf?.getItem(key) ?? "") ?? NOTHING;
  } catch {
    return NOTHING; // the browser keeps nothing for this page
  }
}

function parse(text: string): Notes | null {
  try {
    const { tags, notes, cohorts, pinned } = JSON.parse(text) as Partial<Notes>;
    const isRecord = (value: unknown) => typeof value === "object" && value !== null;
    if (!isRecord(tags) || !isRecord(notes) || !Array.isArray(cohorts)) return null;
    const known = cohorts.filter((c) => typeof c.name === "string" && Array.isArray(c.ids));
    return { ...NOTHING, tags, notes, cohorts: known, pinned: pinned ?? [] } as Notes;
  } catch {
    return null;
  }
}
