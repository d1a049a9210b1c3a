// The supports of all queries: which entities satisfy them, and for which they are unknown.
import { emptyWords, type Words } from "./bits";
import type { Provider } from "./provider";
import { type Meta, NO_BASE } from "./schema";

/** One query on all entities. The two sets are disjoint. */
export interface Support {
  readonly satisfied: Words;
  readonly unknown: Words;
}

export class Supports {
  readonly nWords: number;
  readonly #satisfied: Words;
  readonly #unknown: ReadonlyMap<number, Words>;
  readonly #none: Words;

  constructor(satisfied: Words, unknown: ReadonlyMap<number, Words>, nEntities: number) {
    this.#none = emptyWords(nEntities);
    this.nWords = this.#none.length;
    this.#satisfied = satisfied;
    this.#unknown = unknown;
  }

  /** The support of a row; null where the report was made without it. */
  of(row: number): Support | null {
    const end = (row + 1) * this.nWords;
    if (end > this.#satisfied.length) return null;
    return {
      satisfied: this.#satisfied.subarray(end - this.nWords, end),
      unknown: this.#unknown.get(row) ?? this.#none,
    };
  }
}

/** Unpack all blocks: rows were stored as differences to an earlier row. */
export async function loadSupports(provider: Provider, meta: Meta): Promise<Supports> {
  const nWords = emptyWords(meta.n_entities).length;
  const nBlocks = Math.ceil(meta.queries / Math.max(1, meta.supports_per_block));
  const names = Array.from({ length: nBlocks }, (_, i) => `supports-${i}`);
  const blocks = await Promise.all(names.map((name) => provider.numbers(name)));
  // What does not fit the file is cut from the end.
  const kept = blocks.filter((block) => block !== null).map((b) => new Uint32Array(b));
  const satisfied = new Uint32Array(kept.reduce((sum, block) => sum + block.length, 0));
  let position = 0;
  for (const block of kept) {
    satisfied.set(block, position);
    position += block.length;
  }
  const bases = new Uint32Array((await provider.numbers("bases")) ?? new ArrayBuffer(0));
  addBases(satisfied, bases, nWords);
  const rows = new Uint32Array((await provider.numbers("unknown-rows")) ?? []);
  const hidden = new Uint32Array((await provider.numbers("unknown")) ?? new ArrayBuffer(0));
  const unknown = new Map<number, Words>();
  for (const [i, row] of rows.entries()) {
    unknown.set(row, hidden.subarray(i * nWords, (i + 1) * nWords));
  }
  return new Supports(satisfied, unknown, meta.n_entities);
}

export function addBases(words: Words, bases: Uint32Array, nWords: number): void {
  const n = nWords ? words.length / nWords : 0;
  for (let row = 0; row < n; row++) {
    const base = bases[row];
    if (base === undefined || base === NO_BASE) continue;
    for (let i = 0; i < nWords; i++) {
      const at = row * nWords + i;
      words[at] = (words[at] as number) ^ (words[base * nWords + i] as number);
    }
  }
}
