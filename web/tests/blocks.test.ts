import { describe, expect, it } from "vitest";
import { allWords, size, wordsWhere } from "../src/data/bits";
import { roundedColumn, wholeColumn } from "../src/data/columns";
import { bitsOf } from "../src/data/gaps";
import { parseRow } from "../src/data/new_row";
import type { Provider } from "../src/data/provider";
import { type Meta, NO_BASE } from "../src/data/schema";
import { Supports } from "../src/data/supports";

function bytes(hex: string): ArrayBuffer {
  return Uint8Array.from(hex.split(" "), (text) => Number.parseInt(text, 16)).buffer;
}

describe("packed bits", () => {
  it.each([
    ["02 00 00 00 00 01 0c", [0b101, 0b10000000]],
    ["01 00 00 00", [0]],
    // 300 zeros: 0xac 0x02.
    ["26 00 00 00 ac 02", [...new Array(37).fill(0), 16]],
  ])("%s", (hex, expected) => {
    expect([...new Uint8Array(bitsOf(bytes(hex)))]).toEqual(expected);
  });
});

describe("columns", () => {
  it("are whole where they fit", () => {
    expect(wholeColumn(new Float32Array([0.5, 1]).buffer, 2)).toEqual(
      new Float32Array([0.5, 1]),
    );
    expect([...wholeColumn(new Float64Array([0.1]).buffer, 1)]).toEqual([0.1]);
  });

  it("are spread over their steps where they do not", () => {
    const parts = [
      new Uint32Array([2, 1]),
      new Float64Array([1, 5, 3, 5]), // 1 to 3, and 5 alone
      new Uint8Array([0, 1, 2, 0, 1]),
    ].map((part) => new Uint8Array(part.buffer));
    const content = Uint8Array.from(parts.flatMap((part) => [...part])).buffer;
    expect([...roundedColumn(content)]).toEqual([1.5, 5, Number.NaN, 2.5, 5]);
  });
});

describe("supports", () => {
  const rows = [allWords(3), wordsWhere(3, (i) => i === 1), wordsWhere(3, (i) => i < 2)];
  const asked: string[] = [];
  function provider(bases: number[], stored: Uint32Array[]): Provider {
    const blocks: Record<string, Uint32Array> = { bases: Uint32Array.from(bases) };
    stored.forEach((words, i) => {
      blocks[`supports-${i}`] = words;
    });
    const numbers = async (name: string) => {
      asked.push(name);
      return (blocks[name]?.slice().buffer as ArrayBuffer | undefined) ?? null;
    };
    return { numbers, server: null } as unknown as Provider;
  }
  const meta = { n_entities: 3, queries: 3, supports_per_block: 1 } as Meta;
  const alone = [NO_BASE, NO_BASE, NO_BASE];
  const sizes = (all: Supports) =>
    [0, 1, 2].map((row) => {
      const support = all.of(row);
      return support && size(support.satisfied);
    });

  it("come block by block where rows stand alone", async () => {
    asked.length = 0;
    const found = await Supports.open(provider(alone, rows), meta);
    await found.load([1]);
    await found.load([1]);
    expect(asked.filter((name) => name.startsWith("supports"))).toEqual(["supports-1"]);
    expect(sizes(found)).toEqual([null, 1, null]);
  });

  it("bring the rows that they differ from", async () => {
    const different = rows.map((row, i) => row.map((w, k) => w ^ (rows[i - 1]?.[k] ?? 0)));
    const found = await Supports.open(provider([NO_BASE, 0, 1], different), meta);
    await found.load([2]);
    expect(sizes(found)).toEqual([3, 1, 2]);
  });

  it("are null where they were cut", async () => {
    const found = await Supports.open(provider(alone, rows.slice(0, 2)), meta);
    await found.loadAll();
    expect(sizes(found)).toEqual([3, 1, null]);
  });
});

describe("a new row", () => {
  it("has a value a line; blank ones are missing", () => {
    const lines = ["a = 1.5", '"b = c" = x', "", "d =", " e=-2 ", 's = "two = words"'];
    expect(parseRow([...lines, "__proto__ = 007"].join("\n"))).toEqual(
      Object.fromEntries([
        ["a", "1.5"],
        ["b = c", "x"],
        ["e", "-2"],
        ["s", "two = words"],
        ["__proto__", "007"],
      ]),
    );
  });

  it("says which line is none", () => {
    expect(() => parseRow("a = 1\nb")).toThrow('Got "b"');
  });
});
