// All pages by the first part of the address. A new page is one line here.
import type { FunctionComponent } from "preact";
import type { Run } from "../data/run";
import { Downloads } from "./downloads";
import { FindingPage } from "./finding";
import { Findings } from "./findings";
import { Methods } from "./methods";
import { NeuronPage } from "./neuron";
import { Neurons } from "./neurons";
import { Overview } from "./overview";

export interface Page {
  /** First part of the address; with an `id`, the page about one thing. */
  readonly path: string;
  readonly about: "list" | "one";
  readonly title: string;
  readonly component: FunctionComponent<{ id: string }>;
  /** Whether a run has anything for it. */
  readonly isFor?: (run: Run) => boolean;
}

export const PAGES: readonly Page[] = [
  { path: "", about: "list", title: "Overview", component: Overview },
  { path: "r", about: "list", title: "Findings", component: Findings },
  { path: "r", about: "one", title: "Finding", component: FindingPage },
  { path: "n", about: "list", title: "Neurons", component: Neurons },
  { path: "n", about: "one", title: "Neuron", component: NeuronPage },
  { path: "m", about: "list", title: "Methods & trust", component: Methods },
  { path: "d", about: "list", title: "Downloads", component: Downloads },
];

export function pageOf(path: string, id: string): Page | null {
  const about = id ? "one" : "list";
  return PAGES.find((page) => page.path === path && page.about === about) ?? null;
}
