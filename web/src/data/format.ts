// Numbers and names as people read them: redescribe.core.printing, in the browser.

const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
// Controls, lone surrogates, unassigned and private characters show as U+FFFD.
const HIDDEN = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}]/gu;

/** A name from the data as text that cannot turn the line around or hide. */
export function visible(text: string): string {
  return text
    .replace(/[\n\t]/g, " ")
    .replace(BIDI_CONTROLS, "\ufffd")
    .replace(HIDDEN, "\ufffd");
}

export function jaccardText(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "";
  // Python rounds ties to even digits; exact ones are odd eighths: 0.625 is 0.62.
  const isDown = Math.abs(value % 1) === 0.125 || Math.abs(value % 1) === 0.625;
  const shown = isDown ? value - 0.005 * Math.sign(value) : value;
  return (shown === 1 ? shown : Math.min(shown, 0.99)).toFixed(2);
}

/** A p- or q-value from its log10: never "0", blank where there is none. */
export function pText(log10: number | null | undefined): string {
  if (log10 === null || log10 === undefined || !Number.isFinite(log10)) return "";
  if (log10 >= -3) return String(Number(Math.min(1, 10 ** log10).toPrecision(2)));
  const exponent = Math.floor(log10);
  const digit = Math.round(10 ** (log10 - exponent));
  return digit < 10 ? `${digit}e${exponent}` : `1e${exponent + 1}`;
}

export function shareText(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "";
  if (share === 0 || share === 1) return `${100 * share} %`;
  if (share < 0.001) return "<0.1 %";
  if (share > 0.999) return ">99.9 %";
  return `${(100 * share).toFixed(share >= 0.0095 && share < 0.995 ? 0 : 1)} %`;
}

export function countText(count: number | null | undefined): string {
  if (count === null || count === undefined || Number.isNaN(count)) return "";
  return Math.round(count).toLocaleString("en-US");
}

/** A value of an attribute with few digits. */
export function valueText(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return value.toExponential(2).replace("e+", "e");
  }
  return String(Number(value.toPrecision(4)));
}

export function intervalText(low: number, high: number): string {
  const ends = [jaccardText(low), jaccardText(high)];
  return ends.every((end) => end !== "") ? ends.join("–") : "";
}

export function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

/** NaN, which columns have where nothing is defined, as null. */
export function defined(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
