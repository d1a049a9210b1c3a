// The bytes of a column: every digit, or the step that a value is in.
import type { Column } from "./provider";

/** A column as float32 where that is exact, else as float64. */
export function wholeColumn(content: ArrayBuffer, nEntities: number): Column {
  const isShort = content.byteLength === 4 * nEntities;
  return isShort ? new Float32Array(content) : new Float64Array(content);
}

/**
 * A column of `rounded_column` of Python: entities of a step are spread evenly over it, in
 * their order. So every value is in its step, and counts between steps are interpolated.
 */
export function roundedColumn(content: ArrayBuffer): Column {
  const [nSteps = 0, codeBytes = 1] = new Uint32Array(content, 0, 2);
  const lows = new Float64Array(content, 8, nSteps);
  const highs = new Float64Array(content, 8 + 8 * nSteps, nSteps);
  const start = 8 + 16 * nSteps;
  const codes =
    codeBytes === 1 ? new Uint8Array(content, start) : new Uint16Array(content, start);
  const sizes = new Uint32Array(nSteps + 1);
  for (const code of codes) sizes[code] = (sizes[code] ?? 0) + 1;
  const seen = new Uint32Array(nSteps + 1);
  return Float64Array.from(codes, (code) => {
    if (code === nSteps) return Number.NaN;
    const [low = 0, high = 0] = [lows[code], highs[code]];
    const position = seen[code] ?? 0;
    seen[code] = position + 1;
    return low + ((high - low) * (position + 0.5)) / (sizes[code] ?? 1);
  });
}
