import { describe, expect, it } from "vitest";
import { readable } from "../src/components/cards";
import { Media, picturesIn } from "../src/data/media";
import { choose } from "../src/data/ordering";
import type { Provider } from "../src/data/provider";
import { seededSample } from "../src/data/sampling";
import type { Meta } from "../src/data/schema";

const utf8 = new TextEncoder();

function pictures(...contents: string[]): ArrayBuffer {
  const bytes = contents.map((text) => utf8.encode(text));
  const header = new Uint32Array([bytes.length, ...bytes.map((b) => b.length)]);
  const joined = [new Uint8Array(header.buffer), ...bytes].flatMap((part) => [...part]);
  return new Uint8Array(joined).buffer;
}

function media(blocks: Record<string, ArrayBuffer>, counts: object): Media {
  const provider = {
    numbers: async (name: string) => blocks[name] ?? null,
  } as unknown as Provider;
  const meta = { media: { pictures: 0, texts: 0, per_block: 2, ...counts } };
  return new Media(provider, meta as unknown as Meta);
}

describe("pictures and texts", () => {
  it("reads what Python has written", () => {
    expect(picturesIn(pictures("ab", "", "c"))).toEqual([
      "data:image/webp;base64,YWI=",
      "data:image/webp;base64,",
      "data:image/webp;base64,Yw==",
    ]);
  });

  it("finds the picture of an entity, and null where it was cut", async () => {
    const index = new Uint32Array([7, 2, 5, 9]).buffer;
    const blocks = {
      "pictures-index": index,
      "pictures-0": pictures("a", "b"),
      "pictures-1": pictures("c", "d"),
    };
    const found = media(blocks, { pictures: 3 });
    const shown = await Promise.all([7, 2, 5, 9, 1].map((i) => found.picture(i)));
    const texts = shown.map((url) => url && atob(url.split(",")[1] ?? ""));
    expect(texts).toEqual(["a", "b", "c", null, null]);
    expect(found.hasPictures).toBe(true);
    expect(found.hasTexts).toBe(false);
    expect(await found.text(7)).toBeNull();
  });

  it("finds texts", async () => {
    const json = utf8.encode(JSON.stringify([["eins", 4]])).buffer as ArrayBuffer;
    const index = new Uint32Array([3]).buffer;
    const found = media({ "texts-index": index, "texts-0": json }, { texts: 1 });
    expect(await found.text(3)).toEqual({ text: "eins", length: 4 });
  });

  it("keeps line breaks and lets no text turn lines around", () => {
    expect(readable("a\r\nb\u200f\u202ec\td")).toBe("a\nb\ufffdc d");
  });
});

describe("examples", () => {
  it("are chosen as Python expects", () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i % 10 ? i : Number.NaN));
    const all = [...values.keys()];
    expect(choose(all, values, "largest").slice(0, 3)).toEqual([99, 98, 97]);
    expect(choose(all, values, "smallest").slice(0, 3)).toEqual([1, 2, 3]);
    const spread = choose(all, values, "across quantiles");
    expect([spread[0], spread.length, spread[11]]).toEqual([99, 12, 1]);
    expect(choose(all, null, "largest")).toEqual(all.slice(0, 12));
  });

  it("are the same at random", () => {
    // The same numbers stand in tests/report/test_media.py.
    const drawn = seededSample(
      Array.from({ length: 1000 }, (_, i) => i),
      12,
      1,
    );
    expect(drawn).toEqual([3, 284, 430, 460, 494, 528, 615, 627, 722, 968, 981, 994]);
  });
});
