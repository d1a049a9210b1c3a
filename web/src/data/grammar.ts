// Text -> query and back: the grammar of redescribe.core.grammar.
import type { LiteralRecord, TermRecord } from "./schema";

const KEYWORDS = new Set(["AND", "OR", "NOT", "in"]);
const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(<=>|<=|>=|<|>|=|\(|\)|\{|\}|,)|([^\s"(){}<>=,]+))/y;
const BARE = /^[^\s"(){}<>=,]+$/;

type Kind = "text" | "sign" | "word";

export class SyntaxProblem extends Error {}

/** Read the terms of one query. */
export function parseTerms(text: string): TermRecord[] {
  const parser = new Parser(text);
  const terms = parser.query();
  parser.expectEnd();
  return terms;
}

export function formatName(name: string): string {
  const bare = BARE.test(name) && !KEYWORDS.has(name) && !isNumber(name);
  return bare ? name : JSON.stringify(name);
}

/** The shortest text that reads back as the same number, as Python writes it. */
export function formatExact(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e16)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

export function formatLiteral(literal: LiteralRecord): string {
  const name = formatName(literal.attribute);
  const { low, high, values } = literal;
  if (values !== null) {
    if (values.length === 1 && values[0] === "true") return name;
    const texts = values.map((value) => JSON.stringify(value));
    return texts.length === 1
      ? `${name} = ${texts[0]}`
      : `${name} in {${texts.join(", ")}}`;
  }
  if (high === null) {
    return `${name} ${literal.low_closed ? ">=" : ">"} ${formatExact(low ?? 0)}`;
  }
  const upper = `${name} ${literal.high_closed ? "<=" : "<"} ${formatExact(high)}`;
  if (low === null) return upper;
  return `${formatExact(low)} ${literal.low_closed ? "<=" : "<"} ${upper}`;
}

export function formatTerms(
  terms: readonly TermRecord[],
  literal: (literal: LiteralRecord) => string = formatLiteral,
): string {
  const texts = terms.map((term) => {
    const text = term.literals.map(literal).join(" AND ");
    return term.negated ? `NOT (${text})` : text;
  });
  return texts.length === 1
    ? (texts[0] ?? "")
    : texts.map((text) => `(${text})`).join(" OR ");
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

class Parser {
  readonly #tokens: { kind: Kind; text: string; at: number }[] = [];
  readonly #text: string;
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    const end = text.trimEnd().length;
    TOKEN.lastIndex = 0;
    let at = 0;
    while (at < end) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(text);
      if (match === null)
        throw new SyntaxProblem(`Cannot read “${text.slice(at, at + 20)}”.`);
      const kind =
        match[1] !== undefined ? "text" : match[2] !== undefined ? "sign" : "word";
      this.#tokens.push({ kind, text: match[1] ?? match[2] ?? match[3] ?? "", at });
      at = TOKEN.lastIndex;
    }
  }

  query(): TermRecord[] {
    const terms = [this.#at("(") ? this.#bracketed() : this.#term()];
    while (this.#take("OR")) terms.push(this.#bracketed());
    return terms;
  }

  expectEnd(): void {
    if (this.#next < this.#tokens.length) throw this.#problem("an end");
  }

  #bracketed(): TermRecord {
    this.#expect("(");
    const term = this.#term();
    this.#expect(")");
    return term;
  }

  #term(): TermRecord {
    if (!this.#take("NOT")) return { negated: false, literals: this.#literals() };
    this.#expect("(");
    const literals = this.#literals();
    this.#expect(")");
    return { negated: true, literals };
  }

  #literals(): LiteralRecord[] {
    const literals = [this.#literal()];
    while (this.#take("AND")) literals.push(this.#literal());
    return literals;
  }

  #literal(): LiteralRecord {
    if (this.#isNumber()) {
      const low = this.#number();
      const lowSign = this.#sign(["<", "<="]);
      const name = this.#name();
      const highSign = this.#sign(["<", "<="]);
      return interval(name, low, this.#number(), lowSign === "<=", highSign === "<=");
    }
    const name = this.#name();
    if (this.#take("=")) return membership(name, [this.#quoted()]);
    if (this.#take("in")) {
      this.#expect("{");
      const values = [this.#quoted()];
      while (this.#take(",")) values.push(this.#quoted());
      this.#expect("}");
      return membership(name, values);
    }
    const token = this.#tokens[this.#next];
    if (token?.kind !== "sign" || !["<", "<=", ">", ">="].includes(token.text)) {
      return membership(name, ["true"]);
    }
    const sign = this.#advance();
    const number = this.#number();
    return sign.startsWith(">")
      ? interval(name, number, null, sign === ">=", true)
      : interval(name, null, number, false, sign === "<=");
  }

  #name(): string {
    const token = this.#tokens[this.#next];
    if (token?.kind === "text") return this.#quoted();
    if (token?.kind === "word" && !KEYWORDS.has(token.text)) return this.#advance();
    throw this.#problem("the name of an attribute");
  }

  #quoted(): string {
    if (this.#tokens[this.#next]?.kind !== "text") {
      throw this.#problem('a category in "quotation marks"');
    }
    return String(JSON.parse(this.#advance()));
  }

  #isNumber(): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === "word" && isNumber(token.text);
  }

  #number(): number {
    if (!this.#isNumber()) throw this.#problem("a number");
    return Number(this.#advance());
  }

  #sign(signs: readonly string[]): string {
    if (signs.some((sign) => this.#at(sign))) return this.#advance();
    throw this.#problem(`one of ${signs.join(" ")}`);
  }

  #at(text: string): boolean {
    const token = this.#tokens[this.#next];
    return token !== undefined && token.kind !== "text" && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#at(text)) return false;
    this.#next++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#problem(`“${text}”`);
  }

  #advance(): string {
    return this.#tokens[this.#next++]?.text ?? "";
  }

  #problem(needed: string): SyntaxProblem {
    const token = this.#tokens[this.#next];
    const rest = token === undefined ? "the end" : `“${this.#text.slice(token.at).trim()}”`;
    return new SyntaxProblem(`The rule needs ${needed} before ${rest}.`);
  }
}

export function interval(
  attribute: string,
  low: number | null,
  high: number | null,
  lowClosed = false,
  highClosed = true,
): LiteralRecord {
  const ends = { low_closed: lowClosed, high_closed: highClosed };
  const isEmpty =
    low !== null &&
    high !== null &&
    !(low < high || (low === high && lowClosed && highClosed));
  if (isEmpty) throw new SyntaxProblem(`No number lies between ${low} and ${high}.`);
  return { attribute, low, high, ...ends, values: null };
}

function membership(attribute: string, values: readonly string[]): LiteralRecord {
  const sorted = [...new Set(values)].sort();
  return {
    attribute,
    low: null,
    high: null,
    low_closed: false,
    high_closed: true,
    values: sorted,
  };
}
