// Queries as symbols or words, with raw thresholds or the share of entities below them.
import { shareText } from "./format";
import { formatExact, formatLiteral, formatName, formatTerms } from "./grammar";
import type { Run } from "./run";
import type { LiteralRecord, QueryRecord, TermRecord } from "./schema";

export type Rules = "symbols" | "words";
export type Scale = "raw" | "quantiles";

/** The share of known values at or below a value, from the quantiles of an attribute. */
export function shareBelow(quantiles: readonly number[], value: number): number {
  const last = quantiles.length - 1;
  if (last < 1) return 0;
  if (value < (quantiles[0] as number)) return 0;
  if (value >= (quantiles[last] as number)) return 1;
  let i = 0;
  while (i < last && (quantiles[i + 1] as number) <= value) i++;
  const low = quantiles[i] as number;
  const high = quantiles[Math.min(last, i + 1)] as number;
  const within = high > low ? (value - low) / (high - low) : 0;
  return (i + within) / last;
}

/** The value below which a share of the known values lies. */
export function valueAtShare(quantiles: readonly number[], share: number): number {
  const last = quantiles.length - 1;
  const place = Math.min(1, Math.max(0, share)) * last;
  const i = Math.min(last - 1, Math.floor(place));
  const [low, high] = [quantiles[i] ?? 0, quantiles[i + 1] ?? 0];
  return low + (high - low) * (place - i);
}

/** Print a query; `words` are those that Python wrote for raw thresholds, where known. */
export function printQuery(
  run: Run,
  query: QueryRecord,
  rules: Rules,
  scale: Scale,
  words?: string,
): string {
  if (rules === "words" && scale === "raw" && words !== undefined) return words;
  const threshold = (literal: LiteralRecord, value: number): string => {
    if (scale === "raw") return formatExact(value);
    const row = run.attributeOf(query.view, literal.attribute);
    const quantiles = row === null ? [] : (run.tables.attributes.quantiles[row] ?? []);
    return `the ${shareText(shareBelow(quantiles, value))} quantile`;
  };
  if (rules === "symbols") {
    return formatTerms(query.terms, (literal) => symbols(literal, threshold, scale));
  }
  const name = (attribute: string): string => {
    const row = run.attributeOf(query.view, attribute);
    return row === null ? attribute : (run.tables.attributes.words[row] ?? attribute);
  };
  return query.terms.map((term) => termInWords(term, name, threshold)).join(", or ");
}

type Threshold = (literal: LiteralRecord, value: number) => string;

function symbols(literal: LiteralRecord, threshold: Threshold, scale: Scale): string {
  if (literal.values !== null || scale === "raw") return formatLiteral(literal);
  const name = formatName(literal.attribute);
  const end = (value: number): string =>
    threshold(literal, value).replace("the ", "").replace(" quantile", "");
  const low = literal.low === null ? "" : end(literal.low);
  const high = literal.high === null ? "" : end(literal.high);
  if (!high) return `${name} ${literal.low_closed ? "≥" : ">"} ${low}`;
  const upper = `${name} ${literal.high_closed ? "≤" : "<"} ${high}`;
  return low ? `${low} ${literal.low_closed ? "≤" : "<"} ${upper}` : upper;
}

function termInWords(
  term: TermRecord,
  name: (attribute: string) => string,
  threshold: Threshold,
): string {
  const text = term.literals
    .map((literal) => literalInWords(literal, name(literal.attribute), threshold))
    .join(" and ");
  return term.negated ? `not (${text})` : text;
}

function literalInWords(
  literal: LiteralRecord,
  name: string,
  threshold: Threshold,
): string {
  const { low, high, values } = literal;
  if (values !== null) {
    if (values.length === 1 && values[0] === "true") return name;
    return `${name} is ${values.map((value) => JSON.stringify(value)).join(" or ")}`;
  }
  if (high === null) {
    const side = literal.low_closed ? "at least" : "above";
    return `${name} is ${side} ${threshold(literal, low ?? 0)}`;
  }
  if (low === null) {
    const side = literal.high_closed ? "at most" : "below";
    return `${name} is ${side} ${threshold(literal, high)}`;
  }
  return `${name} is between ${threshold(literal, low)} and ${threshold(literal, high)}`;
}
