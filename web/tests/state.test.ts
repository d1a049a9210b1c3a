import { describe, expect, it } from "vitest";
import { binned, shortNumber } from "../src/charts/bins";
import { toCsv } from "../src/components/export";
import { jaccardText, pText, shareText, visible } from "../src/data/format";
import { shareBelow, valueAtShare } from "../src/data/print";
import { seededSample } from "../src/data/sampling";
import { parseExpression, type Row } from "../src/state/expression";
import { formatRanges, parseRanges } from "../src/state/filters";
import { NotesStore } from "../src/state/notes";
import { termsOf, termsSpec } from "../src/state/selection";
import { Undo } from "../src/state/undo";
import { formatHash, linkTo, parseHash, withParams } from "../src/state/url";

describe("the address", () => {
  it.each(["", "r", "r/R1", "n/a@b:7|max", 'n/x:"a/b?c&d=e#f"', "e/100 %"])(
    "%s",
    (place) => {
      const [page = "", ...rest] = place.split("/");
      const route = { page, id: rest.join("/"), params: new Map([["q", 'J > 0.6 & "ä"']]) };
      expect(parseHash(formatHash(route))).toEqual(route);
    },
  );

  it("holds only what is not the default", () => {
    const route = withParams(parseHash("#/r?q=a&s=R1%3Aboth"), { q: "" });
    expect(formatHash(route)).toBe("#/r?s=R1%3Aboth");
    expect(linkTo(parseHash("#/r?q=a&s=x&rules=symbols"), "n", "a:b")).toBe(
      "#/n/a%3Ab?s=x&rules=symbols",
    );
  });

  it("survives a link that was cut", () => {
    expect(parseHash("#/n/%E0%A4%A?s").id).toBe("%E0%A4%A");
  });
});

describe("the query box", () => {
  const row: Row = {
    everything: "labels diagnosis malignant layer4",
    number: (name) => ({ jaccard: 0.7, q: 1e-9, none: null })[name],
    text: (name) => ({ target: "a:7" })[name],
  };
  it.each([
    ["", true],
    ["jaccard > 0.6 and q < 0.01", true],
    ["jaccard > 0.6 and q > 0.01", false],
    ["jaccard >= 0.7 jaccard <= 0.7", true],
    ["jaccard < 0.6 or layer4", true],
    ["not (jaccard < 0.6 or layer4)", false],
    ["none > 0", false],
    ["none < 1e9", false],
    ["target = a:7", true],
    ["target != a:7", false],
    ["target ~ 7", true],
    ["layer4 and label=malignant and q<1e-6", true],
    ["layer4 and label=benign", false],
    ['"layer4" MALIGNANT', true],
  ])("%s", (text, passes) => {
    expect(parseExpression(text)(row)).toBe(passes);
  });

  it.each(["jaccard >", "> 3", "(jaccard > 1", "jaccard > x", "nothing > 1", "and", ")"])(
    "“%s” is refused",
    (text) => {
      expect(() => parseExpression(text)(row)).toThrow();
    },
  );
});

it("ranges are texts and back", () => {
  const text = "jaccard:0.6~1,length:~3";
  expect(formatRanges(parseRanges(text))).toBe(text);
  expect(parseRanges("nothing:1~2,jaccard:x~y")).toEqual({});
});

it("selections by a query name their view, whatever it is called", () => {
  const terms = [
    {
      negated: false,
      literals: [
        {
          attribute: "a::b",
          low: 1,
          high: null,
          low_closed: false,
          high_closed: true,
          values: null,
        },
      ],
    },
  ];
  for (const view of ["x", 'a::"b', "a:b"]) {
    expect(termsOf(termsSpec(view, terms))).toEqual({ view, terms });
  }
  expect(termsOf("R1:both")).toBeNull();
  expect(termsOf("x::a >")).toBeNull();
});

it("steps are taken back one by one", () => {
  const undo = new Undo("a");
  undo.do("b");
  undo.do("b");
  undo.do("c");
  expect([undo.undo(), undo.undo(), undo.undo(), undo.canUndo]).toEqual([
    "b",
    "a",
    "a",
    false,
  ]);
});

describe("notes", () => {
  it("are kept, exported and loaded", () => {
    const kept = new Map<string, string>();
    const shelf = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    const notes = new NotesStore(shelf, "run");
    notes.note("R1", "look");
    for (const id of ["R1", "R2", "R3", "R4", "R5"]) notes.pin(id);
    notes.pin("R5");
    notes.saveCohort({ name: "c", how: "", ids: ["1"] });
    const again = new NotesStore(shelf, "run").value;
    expect(again).toEqual(notes.value);
    expect(again.pinned).toEqual(["R2", "R3", "R4"]);
    notes.load("nonsense");
    notes.load('{"tags": 1}');
    expect(notes.value).toEqual(again);
  });

  it("live without a shelf, or on one that refuses", () => {
    const refusing = {
      getItem: () => {
        throw new Error("forbidden");
      },
      setItem: () => {
        throw new Error("full");
      },
    };
    for (const shelf of [null, refusing]) {
      const notes = new NotesStore(shelf, "run");
      notes.note("R1", "x");
      expect(notes.value.notes["R1"]).toBe("x");
    }
  });
});

describe("numbers and names read as in Python", () => {
  it("jaccard", () => {
    expect([0.894, 0.9985, 1, Number.NaN, null].map(jaccardText)).toEqual([
      "0.89",
      "0.99",
      "1.00",
      "",
      "",
    ]);
  });
  it("p", () => {
    expect([-33.2, -2.4, -5000.3, 0, null].map(pText)).toEqual([
      "6e-34",
      "0.004",
      "5e-5001",
      "1",
      "",
    ]);
  });
  it("shares", () => {
    expect([0.0603, 0.004, 1, 0.0001, 0.9998].map(shareText)).toEqual([
      "6 %",
      "0.4 %",
      "100 %",
      "<0.1 %",
      ">99.9 %",
    ]);
  });
  it("hidden characters show", () => {
    expect(visible("a\u202eb\u0000\ud800 \ud83e\udde0")).toBe("a\ufffdb\ufffd\ufffd 🧠");
  });
});

it("quantiles and values are each other's inverse", () => {
  const quantiles = [0, 1, 2, 4, 8];
  for (const value of [0.5, 1, 3, 7]) {
    expect(valueAtShare(quantiles, shareBelow(quantiles, value))).toBeCloseTo(value);
  }
  expect(shareBelow(quantiles, -1)).toBe(0);
  expect(shareBelow(quantiles, 9)).toBe(1);
});

it("bins hold every known value once", () => {
  const values = Float64Array.of(0, 0.5, 1, 1, Number.NaN);
  const bins = binned(
    values,
    (i) => i === 0,
    () => true,
    4,
  );
  expect(bins.all.reduce((a, b) => a + b)).toBe(4);
  expect(bins.marked.reduce((a, b) => a + b)).toBe(1);
  expect(binned([3, 3], () => false).all).toEqual([2]);
  expect(binned([Number.NaN], () => false).all).toEqual([0]);
  expect(shortNumber(1.23456, 10)).toBe(1.23);
});

it("samples are the same every time, without repetition", () => {
  const members = Array.from({ length: 100 }, (_, i) => i);
  const sample = seededSample(members, 10, 1);
  expect(sample).toEqual(seededSample(members, 10, 1));
  expect(new Set(sample).size).toBe(10);
  expect(seededSample([1, 2], 10, 1)).toEqual([1, 2]);
});

it("CSV quotes what needs it, and runs no formula", () => {
  const rows = [{ a: 'x"y', b: null, c: "=1+1", d: -2, e: ["p", "q"] }];
  expect(toCsv(rows)).toBe('a,b,c,d,e\r\n"x""y",,\'=1+1,-2,"[""p"",""q""]"\r\n');
});
