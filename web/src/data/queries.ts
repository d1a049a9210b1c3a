// Queries on columns: literals, Kleene's logic, exactly as in Python.
import { add, and, emptyWords, or, type Words } from "./bits";
import type { Column } from "./provider";
import type { LiteralRecord, QueryRecord, TermRecord } from "./schema";
import type { Support } from "./supports";

/** What a literal asks of an attribute: its values and the names of its categories. */
export interface Attribute {
  readonly values: Column;
  readonly categories: readonly string[];
}

export type Terms = readonly TermRecord[];

export function literalHolds(literal: LiteralRecord, value: number): boolean {
  const { low, high } = literal;
  const above = low === null || (literal.low_closed ? value >= low : value > low);
  const below = high === null || (literal.high_closed ? value <= high : value < high);
  return above && below;
}

export function supportOfLiteral(literal: LiteralRecord, attribute: Attribute): Support {
  const { values, categories } = attribute;
  const satisfied = emptyWords(values.length);
  const unknown = emptyWords(values.length);
  const wanted =
    literal.values === null
      ? null
      : new Set(literal.values.map((text) => categories.indexOf(text)));
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) add(unknown, i);
    else if (wanted === null ? literalHolds(literal, value) : wanted.has(value)) {
      add(satisfied, i);
    }
  }
  return { satisfied, unknown };
}

/** The support of an OR of terms; `attribute` finds the columns of its view. */
export function supportOfTerms(
  terms: Terms,
  attribute: (name: string) => Attribute,
  nEntities: number,
): Support {
  return terms
    .map((term) => supportOfTerm(term, attribute, nEntities))
    .reduce((a, b) => {
      const satisfied = or(a.satisfied, b.satisfied);
      return { satisfied, unknown: without(or(a.unknown, b.unknown), satisfied) };
    });
}

/** The support of a query whose columns are at hand. */
export function supportOfQuery(
  query: QueryRecord,
  columns: ReadonlyMap<string, Attribute>,
  nEntities: number,
): Support {
  const find = (name: string): Attribute => {
    const attribute = columns.get(name);
    if (attribute === undefined) throw new Error(`There is no attribute ${name}.`);
    return attribute;
  };
  return supportOfTerms(query.terms, find, nEntities);
}

function supportOfTerm(
  term: TermRecord,
  attribute: (name: string) => Attribute,
  nEntities: number,
): Support {
  const found = term.literals
    .map((literal) => supportOfLiteral(literal, attribute(literal.attribute)))
    .reduce((a, b) => {
      // Known to be false as soon as one literal is.
      const possible = and(or(a.satisfied, a.unknown), or(b.satisfied, b.unknown));
      const satisfied = and(a.satisfied, b.satisfied);
      return { satisfied, unknown: without(possible, satisfied) };
    });
  if (!term.negated) return found;
  const known = or(found.satisfied, found.unknown);
  const satisfied = emptyWords(nEntities);
  for (let i = 0; i < nEntities; i++) {
    if ((((known[i >>> 5] as number) >>> (i & 31)) & 1) === 0) add(satisfied, i);
  }
  return { satisfied, unknown: found.unknown };
}

function without(a: Words, b: Words): Words {
  return a.map((word, i) => word & ~(b[i] as number));
}

/** Names of the attributes that occur, each once. */
export function attributesOf(terms: Terms): string[] {
  const names = terms.flatMap((term) => term.literals.map((l) => l.attribute));
  return [...new Set(names)];
}

/** The query with one literal replaced. */
export function withLiteral(
  query: QueryRecord,
  term: number,
  position: number,
  literal: LiteralRecord,
): QueryRecord {
  const terms = query.terms.map((t, i) =>
    i === term
      ? { ...t, literals: t.literals.map((l, j) => (j === position ? literal : l)) }
      : t,
  );
  return { ...query, terms };
}

/** The query without one literal; null where nothing would be left. */
export function withoutLiteral(
  query: QueryRecord,
  term: number,
  position: number,
): QueryRecord | null {
  const terms = query.terms
    .map((t, i) =>
      i === term ? { ...t, literals: t.literals.filter((_, j) => j !== position) } : t,
    )
    .filter((t) => t.literals.length > 0);
  return terms.length ? { ...query, terms } : null;
}
