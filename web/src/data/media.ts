// Pictures and texts of the entities, read block by block when a page shows them.
import type { Provider } from "./provider";
import type { Meta } from "./schema";

/** A text, perhaps shortened, and how many characters all of it has. */
export interface Text {
  readonly text: string;
  readonly length: number;
}

export class Media {
  readonly hasPictures: boolean;
  readonly hasTexts: boolean;
  readonly #pictures: Blocks<string>;
  readonly #texts: Blocks<Text>;

  constructor(provider: Provider, meta: Meta) {
    const { pictures, texts, per_block } = meta.media;
    this.hasPictures = pictures > 0;
    this.hasTexts = texts > 0;
    const block = { provider, perBlock: per_block };
    this.#pictures = new Blocks({ ...block, name: "pictures", n: pictures }, picturesIn);
    this.#texts = new Blocks({ ...block, name: "texts", n: texts }, textsIn);
  }

  /** A picture as an address that holds it; null where the file has none. */
  picture(entity: number): Promise<string | null> {
    return this.#pictures.of(entity);
  }

  text(entity: number): Promise<Text | null> {
    return this.#texts.of(entity);
  }
}

interface Source {
  readonly provider: Provider;
  readonly name: string;
  readonly n: number;
  readonly perBlock: number;
}

/** What entities have, in numbered blocks; an index says where. */
class Blocks<T> {
  readonly #source: Source;
  readonly #read: (content: ArrayBuffer) => readonly T[];
  readonly #blocks = new Map<number, Promise<readonly T[]>>();
  #index: Promise<ReadonlyMap<number, number>> | null = null;

  constructor(source: Source, read: (content: ArrayBuffer) => readonly T[]) {
    this.#source = source;
    this.#read = read;
  }

  async of(entity: number): Promise<T | null> {
    if (this.#source.n === 0) return null;
    this.#index ??= this.#loadIndex();
    const slot = (await this.#index).get(entity);
    if (slot === undefined) return null;
    const number = Math.floor(slot / this.#source.perBlock);
    const known = this.#blocks.get(number) ?? this.#load(number);
    this.#blocks.set(number, known);
    return (await known)[slot % this.#source.perBlock] ?? null;
  }

  async #loadIndex(): Promise<ReadonlyMap<number, number>> {
    const content = await this.#source.provider.numbers(`${this.#source.name}-index`);
    const entities = new Uint32Array(content ?? new ArrayBuffer(0));
    // Slots behind the last one that is shown were cut.
    const shown = [...entities.subarray(0, this.#source.n)];
    return new Map(shown.map((entity, slot) => [entity, slot]));
  }

  async #load(number: number): Promise<readonly T[]> {
    const content = await this.#source.provider.numbers(`${this.#source.name}-${number}`);
    return content === null ? [] : this.#read(content);
  }
}

/** What `pictures_block` of Python has written: a number, sizes, pictures. */
export function picturesIn(content: ArrayBuffer): string[] {
  const n = new DataView(content).getUint32(0, true);
  const sizes = new Uint32Array(content, 4, n);
  let position = 4 + 4 * n;
  return Array.from(sizes, (size) => {
    const bytes = new Uint8Array(content, position, size);
    position += size;
    return `data:image/webp;base64,${btoa(String.fromCharCode(...bytes))}`;
  });
}

function textsIn(content: ArrayBuffer): Text[] {
  const pairs = JSON.parse(new TextDecoder().decode(content)) as [string, number][];
  return pairs.map(([text, length]) => ({ text, length }));
}
