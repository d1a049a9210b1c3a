// Sets of entities as packed 32-bit words: entity i is bit i % 32 of word i / 32.

export type Words = Uint32Array;

export function emptyWords(nEntities: number): Words {
  // Python packs 64 bits to a word.
  return new Uint32Array(2 * Math.ceil(nEntities / 64));
}

/** All entities; the bits behind the last one stay zero. */
export function allWords(nEntities: number): Words {
  const words = emptyWords(nEntities);
  const whole = nEntities >>> 5;
  words.fill(0xffffffff, 0, whole);
  if (nEntities & 31) words[whole] = 2 ** (nEntities & 31) - 1;
  return words;
}

export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}

export function size(words: Words): number {
  let total = 0;
  for (let i = 0; i < words.length; i++) total += popcount(words[i] as number);
  return total;
}

export function intersectionSize(a: Words, b: Words): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) {
    total += popcount((a[i] as number) & (b[i] as number));
  }
  return total;
}

export function and(a: Words, b: Words): Words {
  return a.map((word, i) => word & (b[i] as number));
}

export function or(a: Words, b: Words): Words {
  return a.map((word, i) => word | (b[i] as number));
}

export function andNot(a: Words, b: Words): Words {
  return a.map((word, i) => word & ~(b[i] as number));
}

export function has(words: Words, entity: number): boolean {
  return (((words[entity >>> 5] ?? 0) >>> (entity & 31)) & 1) === 1;
}

export function add(words: Words, entity: number): void {
  words[entity >>> 5] = (words[entity >>> 5] ?? 0) | (1 << (entity & 31));
}

export function wordsWhere(nEntities: number, holds: (entity: number) => boolean): Words {
  const words = emptyWords(nEntities);
  for (let i = 0; i < nEntities; i++) if (holds(i)) add(words, i);
  return words;
}

/** The entities of a set, ascending. */
export function positions(words: Words): number[] {
  const found: number[] = [];
  for (let i = 0; i < words.length; i++) {
    let word = words[i] as number;
    while (word !== 0) {
      const lowest = 31 - Math.clz32(word & -word);
      found.push(32 * i + lowest);
      word &= word - 1;
    }
  }
  return found;
}

/** |row ∩ set| for each row of a matrix of packed rows. */
export function overlaps(rows: Words, nWords: number, set: Words): Uint32Array {
  const found = new Uint32Array(nWords ? rows.length / nWords : 0);
  for (let row = 0, at = 0; row < found.length; row++) {
    let total = 0;
    for (let i = 0; i < nWords; i++, at++) {
      total += popcount((rows[at] as number) & (set[i] as number));
    }
    found[row] = total;
  }
  return found;
}
