import { describe, expect, it } from "vitest";
import { byDifference, changesOf, countsOf } from "../src/data/changes";
import { jaccardText } from "../src/data/format";
import type { Run } from "../src/data/run";

const NAN = Number.NaN;

function run(tested: boolean): Run {
  const findings = {
    jaccard: Float64Array.of(0.9, 0.5, NAN),
    jaccard_mined: Float64Array.of(0.95, 0.6, 0.7),
    log10_q: Float64Array.of(-4, -2, NAN),
    confirmed: Uint8Array.of(1, 0, 2),
  };
  const changes = {
    rows: 4,
    change: ["kept", "changed", "added", "lost"],
    target: ["a", "b", "c", "d"],
    explained: Uint8Array.of(1, 1, 0, 1),
    id: ["R1", "R2", "R3", ""],
    other_id: ["R7", "R8", "", "R9"],
    other_jaccard: Float64Array.of(0.8, 0.9, NAN, 0.4),
    other_jaccard_mined: Float64Array.of(0.85, 0.6, NAN, 0.45),
    other_log10_q: Float64Array.of(-3, -5, NAN, -1),
    other_confirmed: Uint8Array.of(1, 1, 2, 0),
  };
  const ids = ["R1", "R2", "R3"];
  return {
    meta: { compared: { tested } },
    tables: { findings, changes },
    findingOf: (id: string) => (ids.includes(id) ? ids.indexOf(id) : null),
  } as unknown as Run;
}

describe("changes between two runs", () => {
  it("have both sides, the other run first", () => {
    const [kept, changed, added, lost] = changesOf(run(true), false);
    expect([kept?.before?.id, kept?.after?.id]).toEqual(["R7", "R1"]);
    expect(kept?.difference).toBeCloseTo(0.1);
    expect(changed?.difference).toBeCloseTo(-0.4);
    expect([added?.before, added?.after?.jaccard, added?.explained]).toEqual([
      null,
      null,
      false,
    ]);
    expect([lost?.after, lost?.before?.isHere]).toEqual([null, false]);
  });

  it("turn around when the runs are swapped", () => {
    const there = changesOf(run(true), false);
    const back = changesOf(run(true), true);
    expect(back.map((change) => change.kind)).toEqual(["kept", "changed", "lost", "added"]);
    expect(back.map((change) => change.before?.id)).toEqual(["R1", "R2", "R3", undefined]);
    expect(back.map((c) => c.difference)).toEqual(
      there.map((c) => (c.difference === null ? null : -c.difference)),
    );
    expect(countsOf(back)).toEqual({ kept: 1, changed: 1, added: 1, lost: 1 });
  });

  it("compare mined numbers where a run has no hold-out", () => {
    const [kept, , added] = changesOf(run(false), false);
    expect(kept?.difference).toBeCloseTo(0.1);
    expect(added?.after?.jaccard).toBe(0.7);
  });

  it("stand with the largest difference first, those without one last", () => {
    const rows = byDifference(changesOf(run(true), false)).map((change) => change.row);
    expect(rows).toEqual([1, 0, 2, 3]);
  });
});

it("prints J as Python does, ties to even digits", () => {
  const values = [0.125, 0.375, 0.625, 0.875, -0.125, 0.025, 0.995, 1];
  const texts = ["0.12", "0.38", "0.62", "0.88", "-0.12", "0.03", "0.99", "1.00"];
  expect(values.map(jaccardText)).toEqual(texts);
});
