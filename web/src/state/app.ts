// What all pages share: the run, the route, the selection, the reader's choices.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Rules, Scale } from "../data/print";
import type { Run, Scope } from "../data/run";
import { NotesStore, type Shelf } from "./notes";
import { resolve, type Selection, type Spec } from "./selection";
import { Store, useStore } from "./store";
import { Undo } from "./undo";
import { formatHash, parseHash, type Route, withParams } from "./url";

export const THEMES = ["auto", "light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

export class App {
  readonly run: Run;
  readonly route: Store<Route>;
  readonly selection = new Store<Selection | null>(null);
  readonly theme: Store<Theme>;
  readonly notes: NotesStore;
  readonly #shelf: Shelf | null;
  readonly #selections: Undo<Spec>;
  readonly #window: Window;

  constructor(run: Run, window: Window, shelf: Shelf | null) {
    this.run = run;
    this.#window = window;
    this.#shelf = shelf;
    this.route = new Store(parseHash(window.location.hash));
    this.#selections = new Undo(this.route.value.params.get("s") ?? "");
    this.notes = new NotesStore(
      shelf,
      `${run.meta.title} ${run.tables.findings.key[0] ?? ""}`,
    );
    this.theme = new Store(themeOf(shelf));
    window.addEventListener("hashchange", () => this.#follow());
    this.notes.subscribe(() => void this.#select());
    void this.#select();
  }

  get rules(): Rules {
    return this.route.value.params.get("rules") === "symbols" ? "symbols" : "words";
  }

  get scale(): Scale {
    return this.route.value.params.get("scale") === "quantiles" ? "quantiles" : "raw";
  }

  /** Which entities charts and tables show. */
  get scope(): Scope {
    const part = this.route.value.params.get("part");
    return part === "mined" || part === "held out" ? part : "all";
  }

  get canUndo(): boolean {
    return this.#selections.canUndo;
  }

  /** Change parameters of the address; a link to the new state is there at once. */
  set(changed: Readonly<Record<string, string>>): void {
    const route = withParams(this.route.value, changed);
    const hash = formatHash(route);
    if (hash === formatHash(this.route.value)) return;
    this.#window.history.replaceState(null, "", hash);
    this.#follow();
  }

  open(hash: string): void {
    this.#window.location.hash = hash;
  }

  select(spec: Spec): void {
    this.set({ s: spec });
  }

  undo(): void {
    this.set({ s: this.#selections.undo() });
  }

  setTheme(theme: Theme): void {
    this.theme.set(theme);
    try {
      this.#shelf?.setItem("redescribe:theme", theme);
    } catch {
      // The theme then holds for this page only.
    }
  }

  #follow(): void {
    const route = parseHash(this.#window.location.hash);
    const spec = route.params.get("s") ?? "";
    const isNew = spec !== this.#selections.present;
    if (isNew) this.#selections.do(spec);
    this.route.set(route);
    if (spec !== (this.selection.value?.spec ?? "")) void this.#select();
  }

  async #select(): Promise<void> {
    const spec = this.route.value.params.get("s") ?? "";
    const found = await resolve(this.run, spec, this.notes.value.cohorts);
    if (spec === (this.route.value.params.get("s") ?? "")) this.selection.set(found);
  }
}

function themeOf(shelf: Shelf | null): Theme {
  try {
    const kept = shelf?.getItem("redescribe:theme");
    return THEMES.find((theme) => theme === kept) ?? "auto";
  } catch {
    return "auto";
  }
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error("There is no app above this component.");
  return app;
}

/** The app, drawn again whenever the address or the selection changes. */
export function useView(): {
  app: App;
  run: Run;
  route: Route;
  selection: Selection | null;
} {
  const app = useApp();
  const route = useStore(app.route);
  const selection = useStore(app.selection);
  return { app, run: app.run, route, selection };
}
