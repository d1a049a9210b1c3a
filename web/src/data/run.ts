// A run as the pages read it: tables in memory, columns and supports when they are needed.
import { agreementOf, type Part, partsOf } from "./agreement";
import { allWords, emptyWords, type Words, wordsWhere } from "./bits";
import { roundedColumn, wholeColumn } from "./columns";
import { Media } from "./media";
import type { Column, Provider, Server } from "./provider";
import { type Attribute, attributesOf, supportOfQuery, type Terms } from "./queries";
import { loadRuleData, type RuleData } from "./rules";
import type { Meta, Tables } from "./schema";
import { type Support, Supports } from "./supports";

export type Scope = "all" | "mined" | "held out";

export class Run {
  readonly meta: Meta;
  readonly tables: Tables;
  readonly media: Media;
  readonly everything: Words;
  readonly heldOut: Words;
  readonly mined: Words;
  /** Where the page came from; null where it is a file. */
  readonly server: Server | null;
  readonly #provider: Provider;
  readonly #columns = new Map<number, Promise<Column | null>>();
  readonly #rounded = new Set<number>();
  readonly #attributes = new Map<string, number>();
  readonly #findings = new Map<string, number>();
  readonly #targets = new Map<string, number>();
  readonly #rules = new Map<number, Promise<RuleData>>();
  #supports: Promise<Supports> | null = null;
  #intersections: Promise<Words> | null = null;

  constructor(provider: Provider, meta: Meta, tables: Tables) {
    this.#provider = provider;
    this.server = provider.server;
    this.meta = meta;
    this.tables = tables;
    this.media = new Media(provider, meta);
    const held = tables.entities.held_out;
    this.everything = allWords(meta.n_entities);
    this.heldOut = wordsWhere(meta.n_entities, (i) => held[i] === 1);
    this.mined = wordsWhere(meta.n_entities, (i) => held[i] !== 1);
    tables.findings.id.forEach((id, i) => {
      this.#findings.set(id, i);
    });
    tables.targets.target.forEach((name, i) => {
      this.#targets.set(name, i);
    });
    for (let i = 0; i < tables.attributes.rows; i++) {
      const key = JSON.stringify([tables.attributes.view[i], tables.attributes.name[i]]);
      this.#attributes.set(key, i);
    }
  }

  static async load(provider: Provider): Promise<Run> {
    const names = [
      ...(["findings", "targets", "attributes", "entities"] as const),
      ...(["layers", "links", "matchings", "matches", "nulls", "effects"] as const),
      ...(["changes", "learned", "relevances", "rule_sets"] as const),
    ];
    const meta = await provider.meta();
    const tables = await Promise.all(names.map((name) => provider.table(name)));
    const named = Object.fromEntries(names.map((name, i) => [name, tables[i]]));
    return new Run(provider, meta, named as unknown as Tables);
  }

  /** Whether findings were tested on entities that the search never saw. */
  get isTested(): boolean {
    return this.meta.n_hold_out > 0;
  }

  findingOf(id: string): number | null {
    return this.#findings.get(id) ?? null;
  }

  targetOf(name: string): number | null {
    return this.#targets.get(name) ?? null;
  }

  attributeOf(view: string, name: string): number | null {
    return this.#attributes.get(JSON.stringify([view, name])) ?? null;
  }

  scope(scope: Scope): Words {
    return { all: this.everything, mined: this.mined, "held out": this.heldOut }[scope];
  }

  /** The entities that evidence is about: held-out ones, or all where none are. */
  get evidence(): Words {
    return this.isTested ? this.heldOut : this.everything;
  }

  /** Values of an attribute by its row; null where the report was made without them. */
  column(row: number): Promise<Column | null> {
    const known = this.#columns.get(row);
    if (known !== undefined) return known;
    const view = this.meta.views.findIndex(
      (v) => row >= v.first && row < v.first + v.n_attributes,
    );
    const position = row - (this.meta.views[view]?.first ?? 0);
    const loading = this.#column(row, `${view}-${position}`);
    this.#columns.set(row, loading);
    return loading;
  }

  async #column(row: number, place: string): Promise<Column | null> {
    const whole = await this.#provider.numbers(`column-${place}`);
    if (whole !== null) return wholeColumn(whole, this.meta.n_entities);
    const rounded = await this.#provider.numbers(`rounded-${place}`);
    if (rounded === null) return null;
    this.#rounded.add(row);
    return roundedColumn(rounded);
  }

  /** Whether a loaded column had to be rounded to fit into the file. */
  isRounded(row: number): boolean {
    return this.#rounded.has(row);
  }

  /** A picture as the source of an image; null where the report was made without it. */
  async picture(block: string): Promise<string | null> {
    const content = await this.#provider.numbers(block);
    if (content === null) return null;
    let binary = "";
    for (const byte of new Uint8Array(content)) binary += String.fromCharCode(byte);
    return `data:image/webp;base64,${btoa(binary)}`;
  }

  /** The supports of all queries. */
  async supports(): Promise<Supports> {
    const supports = await this.#opened();
    await supports.loadAll();
    return supports;
  }

  #opened(): Promise<Supports> {
    this.#supports ??= Supports.open(this.#provider, this.meta);
    return this.#supports;
  }

  /** Where the rules of a rule set hold, and the answers that it imitates. */
  rulesOf(row: number): Promise<RuleData> {
    const nRules = this.tables.rule_sets.rules[row]?.length ?? 0;
    const loading =
      this.#rules.get(row) ??
      loadRuleData(this.#provider, row, nRules, this.meta.n_entities);
    this.#rules.set(row, loading);
    return loading;
  }

  /** The supports of the queries of a finding; null where one was cut. */
  async supportsOf(finding: number): Promise<Support[] | null> {
    const supports = await this.#opened();
    const queries = this.tables.findings.queries[finding] ?? [];
    await supports.load(queries.map((query) => query.support));
    const found = queries.map((query) => supports.of(query.support));
    return found.every((support) => support !== null) ? found : null;
  }

  /** For every finding, the entities for which all its queries hold; 0 where cut. */
  intersections(): Promise<Words> {
    this.#intersections ??= this.supports().then((supports) => {
      const { queries, rows } = this.tables.findings;
      const { nWords } = supports;
      const all = new Uint32Array(rows * nWords);
      for (let row = 0; row < rows; row++) {
        const found = (queries[row] ?? []).map((query) => supports.of(query.support));
        if (found.some((support) => support === null)) continue;
        const target = all.subarray(row * nWords, (row + 1) * nWords).fill(0xffffffff);
        for (const support of found) {
          const words = support?.satisfied ?? emptyWords(0);
          for (let i = 0; i < nWords; i++) {
            target[i] = (target[i] as number) & (words[i] as number);
          }
        }
      }
      return all;
    });
    return this.#intersections;
  }

  async partsOf(finding: number, within: Words): Promise<Record<Part, Words> | null> {
    const supports = await this.supportsOf(finding);
    return supports === null ? null : partsOf(supports, within);
  }

  async agreementOf(finding: number, within: Words) {
    const supports = await this.supportsOf(finding);
    const policy = this.tables.findings.missing[finding] ?? "";
    return supports === null ? null : agreementOf(supports, within, policy);
  }

  /** What the literals of terms need; null where a column is unknown or was cut. */
  async attributes(view: string, terms: Terms): Promise<Map<string, Attribute> | null> {
    const found = new Map<string, Attribute>();
    for (const name of attributesOf(terms)) {
      const row = this.attributeOf(view, name);
      const values = row === null ? null : await this.column(row);
      if (row === null || values === null) return null;
      const categories = this.tables.attributes.categories[row] ?? [];
      found.set(name, { values, categories });
    }
    return found;
  }

  async supportOfTerms(view: string, terms: Terms): Promise<Support | null> {
    const columns = await this.attributes(view, terms);
    const query = { view, text: "", terms, support: 0 };
    return columns && supportOfQuery(query, columns, this.meta.n_entities);
  }
}
