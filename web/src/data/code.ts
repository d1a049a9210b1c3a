// A finding as text for other places: LaTeX, SQL, Python.
import { formatExact } from "./grammar";
import type { LiteralRecord, QueryRecord, TermRecord } from "./schema";

type Literal = (literal: LiteralRecord) => string;

interface Language {
  readonly literal: Literal;
  readonly and: string;
  readonly or: string;
  readonly not: (text: string) => string;
}

function write(terms: readonly TermRecord[], language: Language): string {
  const texts = terms.map((term) => {
    const text = term.literals.map(language.literal).join(language.and);
    if (term.negated) return language.not(text);
    return terms.length > 1 && term.literals.length > 1 ? `(${text})` : text;
  });
  return texts.join(language.or);
}

const SQL: Language = {
  literal: (literal) => {
    const name = `"${literal.attribute.replaceAll('"', '""')}"`;
    if (literal.values !== null) {
      return `${name} IN (${literal.values.map((v) => `'${v.replaceAll("'", "''")}'`).join(", ")})`;
    }
    return bounds(literal, name, " AND ");
  },
  and: " AND ",
  or: " OR ",
  not: (text) => `NOT (${text})`,
};

const PYTHON: Language = {
  literal: (literal) => {
    const name = `row[${JSON.stringify(literal.attribute)}]`;
    if (literal.values !== null)
      return `${name} in {${literal.values.map((v) => JSON.stringify(v)).join(", ")}}`;
    return bounds(literal, name, " and ");
  },
  and: " and ",
  or: " or ",
  not: (text) => `not (${text})`,
};

const LATEX: Language = {
  literal: (literal) => {
    const name = `\\text{${escapeLatex(literal.attribute)}}`;
    if (literal.values !== null) {
      const values = literal.values.map((v) => `\\text{${escapeLatex(v)}}`);
      return values.length === 1
        ? `${name} = ${values[0]}`
        : `${name} \\in \\{${values.join(", ")}\\}`;
    }
    const low =
      literal.low === null
        ? ""
        : `${formatExact(literal.low)} ${literal.low_closed ? "\\le" : "<"} `;
    const high =
      literal.high === null
        ? ""
        : ` ${literal.high_closed ? "\\le" : "<"} ${formatExact(literal.high)}`;
    return low && !high
      ? `${name} ${literal.low_closed ? "\\ge" : ">"} ${formatExact(literal.low ?? 0)}`
      : `${low}${name}${high}`;
  },
  and: " \\land ",
  or: " \\lor ",
  not: (text) => `\\lnot (${text})`,
};

export function toSql(queries: readonly QueryRecord[]): string {
  return queries
    .map(
      (query) =>
        `CASE WHEN ${write(query.terms, SQL)} THEN 1 ELSE 0 END  -- ${oneLine(query.view)}`,
    )
    .join("\n");
}

export function toPython(queries: readonly QueryRecord[]): string {
  return queries
    .map(
      (query, i) =>
        `def rule_${i + 1}(row):  # ${oneLine(query.view)}\n    return ${write(query.terms, PYTHON)}`,
    )
    .join("\n\n");
}

export function toLatex(queries: readonly QueryRecord[]): string {
  return `$${queries.map((query) => write(query.terms, LATEX)).join(" \\Leftrightarrow ")}$`;
}

function bounds(literal: LiteralRecord, name: string, and: string): string {
  const low =
    literal.low === null
      ? []
      : [`${name} ${literal.low_closed ? ">=" : ">"} ${formatExact(literal.low)}`];
  const high =
    literal.high === null
      ? []
      : [`${name} ${literal.high_closed ? "<=" : "<"} ${formatExact(literal.high)}`];
  return [...low, ...high].join(and);
}

function escapeLatex(text: string): string {
  const special: Readonly<Record<string, string>> = {
    "\\": "\\textbackslash{}",
    "^": "\\textasciicircum{}",
    "~": "\\textasciitilde{}",
  };
  return text.replace(/[\\&%$#_{}~^]/g, (c) => special[c] ?? `\\${c}`);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
