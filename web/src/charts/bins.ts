// Values -> bins of equal width, or one per value where there are few whole numbers.

export interface Bins {
  readonly edges: readonly number[];
  readonly all: readonly number[];
  readonly marked: readonly number[];
}

const FEW = 40;

export interface Sample {
  readonly length: number;
  readonly [index: number]: number;
}

/** Count values, NaN left out; `marked` says which are counted twice. */
export function binned(
  values: Sample,
  marked: (index: number) => boolean,
  within: (index: number) => boolean = () => true,
  nBins = 30,
): Bins {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    whole &&= Number.isInteger(value);
  }
  if (low > high) return { edges: [0, 1], all: [0], marked: [0] };
  const edges = edgesOf(low, high, whole, nBins);
  const all = new Array<number>(edges.length - 1).fill(0);
  const of = new Array<number>(edges.length - 1).fill(0);
  const first = edges[0] as number;
  const width = ((edges[edges.length - 1] as number) - first) / all.length;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value) || !within(i)) continue;
    const bin = Math.min(all.length - 1, Math.floor((value - first) / width));
    all[bin] = (all[bin] ?? 0) + 1;
    if (marked(i)) of[bin] = (of[bin] ?? 0) + 1;
  }
  return { edges, all, marked: of };
}

function edgesOf(low: number, high: number, whole: boolean, nBins: number): number[] {
  if (whole && high - low < FEW) {
    const first = low - 0.5;
    return Array.from({ length: high - low + 2 }, (_, i) => first + i);
  }
  if (low === high) return [low - 0.5, low + 0.5];
  return Array.from({ length: nBins + 1 }, (_, i) => low + ((high - low) * i) / nBins);
}

/** A number near a value that is as short as the width of the axis allows. */
export function shortNumber(value: number, width: number): number {
  if (!width || !Number.isFinite(value)) return value;
  const digits = Math.max(0, 3 - Math.floor(Math.log10(width)));
  return digits > 15 ? value : Number(value.toFixed(digits));
}
