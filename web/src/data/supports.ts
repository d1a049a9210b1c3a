// The supports of all queries: which entities satisfy them, and for which they are unknown.
import { emptyWords, type Words } from "./bits";
import type { Provider } from "./provider";
import { type Meta, NO_BASE } from "./schema";

/** One query on all entities. The two sets are disjoint. */
export interface Support {
  readonly satisfied: Words;
  readonly unknown: Words;
}

/** Rows in blocks, which are loaded when they are needed and then kept. */
export class Supports {
  readonly nWords: number;
  readonly #provider: Provider;
  readonly #perBlock: number;
  readonly #nBlocks: number;
  readonly #bases: Uint32Array;
  readonly #unknown: ReadonlyMap<number, Words>;
  readonly #none: Words;
  readonly #loading = new Map<number, Promise<Words | null>>();
  readonly #loaded = new Map<number, Words>();

  private constructor(
    provider: Provider,
    meta: Meta,
    bases: Uint32Array,
    unknown: ReadonlyMap<number, Words>,
  ) {
    this.#provider = provider;
    this.#perBlock = Math.max(1, meta.supports_per_block);
    this.#nBlocks = Math.ceil(meta.queries / this.#perBlock);
    this.#bases = bases;
    this.#unknown = unknown;
    this.#none = emptyWords(meta.n_entities);
    this.nWords = this.#none.length;
  }

  static async open(provider: Provider, meta: Meta): Promise<Supports> {
    const names = ["bases", "unknown-rows", "unknown"];
    const found = await Promise.all(names.map((name) => provider.numbers(name)));
    const [bases, rows, hidden] = found.map(
      (content) => new Uint32Array(content ?? new ArrayBuffer(0)),
    );
    const nWords = emptyWords(meta.n_entities).length;
    const unknown = new Map<number, Words>();
    for (const [i, row] of rows?.entries() ?? []) {
      unknown.set(row, hidden?.subarray(i * nWords, (i + 1) * nWords) ?? emptyWords(0));
    }
    return new Supports(provider, meta, bases ?? new Uint32Array(0), unknown);
  }

  /** Make these rows ready for `of`. */
  async load(rows: readonly number[]): Promise<void> {
    const blocks = new Set(rows.map((row) => Math.floor(row / this.#perBlock)));
    await Promise.all([...blocks].map((block) => this.#block(block)));
  }

  async loadAll(): Promise<void> {
    await Promise.all(Array.from({ length: this.#nBlocks }, (_, i) => this.#block(i)));
  }

  /** The support of a loaded row; null where the report was made without it. */
  of(row: number): Support | null {
    const satisfied = this.#words(row);
    if (satisfied === null) return null;
    return { satisfied, unknown: this.#unknown.get(row) ?? this.#none };
  }

  #words(row: number): Words | null {
    const block = this.#loaded.get(Math.floor(row / this.#perBlock));
    if (block === undefined) return null;
    const start = (row % this.#perBlock) * this.nWords;
    return block.subarray(start, start + this.nWords);
  }

  #block(number: number): Promise<Words | null> {
    const known = this.#loading.get(number);
    if (known !== undefined) return known;
    const loading = this.#decoded(number);
    this.#loading.set(number, loading);
    return loading;
  }

  /** A block with its bases put back; null where the report was made without it. */
  async #decoded(number: number): Promise<Words | null> {
    const content = await this.#provider.numbers(`supports-${number}`);
    if (content === null) return null;
    const words = new Uint32Array(content);
    const first = number * this.#perBlock;
    const bases = this.#bases.subarray(first, first + words.length / this.nWords);
    // Blocks are cut from the end, and bases are earlier rows: those are there.
    await this.load([...bases].filter((base) => base !== NO_BASE && base < first));
    this.#loaded.set(number, words);
    for (const [i, base] of bases.entries()) {
      const other = base === NO_BASE ? null : this.#words(base);
      if (other !== null) xorInto(words, i * this.nWords, other);
    }
    return words;
  }
}

function xorInto(words: Words, start: number, other: Words): void {
  for (let i = 0; i < other.length; i++) {
    words[start + i] = (words[start + i] as number) ^ (other[i] as number);
  }
}
