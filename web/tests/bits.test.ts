import { describe, expect, it } from "vitest";
import {
  add,
  allWords,
  and,
  andNot,
  emptyWords,
  has,
  intersectionSize,
  or,
  overlaps,
  popcount,
  positions,
  size,
  wordsWhere,
} from "../src/data/bits";

const SIZES = [1, 31, 32, 33, 63, 64, 65, 1000];

/** The same pseudo-random members every time. */
function members(n: number, every: number, offset = 0): Set<number> {
  return new Set(
    Array.from({ length: n }, (_, i) => i).filter((i) => (i * 7 + offset) % every < 2),
  );
}

function packed(n: number, set: ReadonlySet<number>) {
  return wordsWhere(n, (i) => set.has(i));
}

describe("packed sets agree with sets", () => {
  it.each(SIZES)("of %i entities", (n) => {
    const [a, b] = [members(n, 3), members(n, 5, 1)];
    const [x, y] = [packed(n, a), packed(n, b)];
    const both = [...a].filter((i) => b.has(i));
    expect(positions(x)).toEqual([...a]);
    expect(size(x)).toBe(a.size);
    expect(intersectionSize(x, y)).toBe(both.length);
    expect(positions(and(x, y))).toEqual(both);
    expect(size(or(x, y))).toBe(new Set([...a, ...b]).size);
    expect(positions(andNot(x, y))).toEqual([...a].filter((i) => !b.has(i)));
    expect([...a].every((i) => has(x, i))).toBe(true);
  });

  it.each(SIZES)("all of %i entities, and none behind the last", (n) => {
    expect(size(allWords(n))).toBe(n);
    expect(allWords(n).length % 2).toBe(0);
    expect(size(emptyWords(n))).toBe(0);
  });
});

it("counts the bits of any word", () => {
  for (const word of [0, 1, 0x80000000, 0xffffffff, 0x55555555, 0x12345678]) {
    expect(popcount(word)).toBe(word.toString(2).replaceAll("0", "").length);
  }
});

it("counts overlaps row by row", () => {
  const n = 70;
  const sets = [members(n, 3), members(n, 4), new Set<number>()];
  const rows = Uint32Array.from(sets.flatMap((set) => [...packed(n, set)]));
  const chosen = emptyWords(n);
  for (const i of [0, 31, 32, 69]) add(chosen, i);
  const expected = sets.map((set) => [0, 31, 32, 69].filter((i) => set.has(i)).length);
  expect([...overlaps(rows, chosen.length, chosen)]).toEqual(expected);
  expect(overlaps(new Uint32Array(0), 0, new Uint32Array(0)).length).toBe(0);
});
