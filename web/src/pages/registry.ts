// All pages by the first part of the address. A new page is one line here.
import type { FunctionComponent } from "preact";
import type { Run } from "../data/run";
import { Attributes } from "./attributes";
import { CompareRuns } from "./compare";
import { Downloads } from "./downloads";
import { Entities } from "./entities";
import { EntityPage } from "./entity";
import { FindingPage } from "./finding";
import { Findings } from "./findings";
import { Interventions } from "./interventions";
import { Layers } from "./layers";
import { Learned } from "./learned";
import { Methods } from "./methods";
import { NeuronPage } from "./neuron";
import { Neurons } from "./neurons";
import { NewRow } from "./new_row";
import { Overview } from "./overview";
import { RulesPage } from "./rules";

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
  {
    path: "l",
    about: "list",
    title: "Layers & models",
    component: Layers,
    isFor: hasLayers,
  },
  { path: "a", about: "list", title: "Attributes & labels", component: Attributes },
  { path: "e", about: "list", title: "Samples & cohorts", component: Entities },
  { path: "e", about: "one", title: "Sample", component: EntityPage },
  {
    path: "x",
    about: "list",
    title: "Rules",
    component: RulesPage,
    isFor: (run) => run.tables.rule_sets.rows > 0,
  },
  {
    path: "i",
    about: "list",
    title: "Interventions",
    component: Interventions,
    isFor: (run) => run.tables.effects.rows > 0,
  },
  {
    path: "f",
    about: "list",
    title: "Learned attributes",
    component: Learned,
    isFor: (run) => run.meta.dictionaries.length > 0,
  },
  {
    path: "c",
    about: "list",
    title: "Compare runs",
    component: CompareRuns,
    isFor: (run) => run.meta.compared !== null,
  },
  {
    path: "t",
    about: "list",
    title: "New row",
    component: NewRow,
    isFor: (run) => run.server !== null,
  },
  { path: "m", about: "list", title: "Methods & trust", component: Methods },
  { path: "d", about: "list", title: "Downloads", component: Downloads },
];

function hasLayers(run: Run): boolean {
  return run.tables.layers.rows > 0;
}

export function pageOf(path: string, id: string): Page | null {
  const about = id ? "one" : "list";
  return PAGES.find((page) => page.path === path && page.about === about) ?? null;
}
