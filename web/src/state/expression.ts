// The query box: `jaccard > 0.6 and q_value < 0.01`, words, brackets, and, or, not.
import { SyntaxProblem } from "../data/grammar";

/** What a filter asks of one row. */
export interface Row {
  /** A number by its name; undefined where there is no such column. */
  number(name: string): number | null | undefined;
  /** A text by its name; undefined where there is no such column. */
  text(name: string): string | undefined;
  /** All that is searched by a word alone, in lower case. */
  readonly everything: string;
}

export type Test = (row: Row) => boolean;

const TOKEN =
  /\s*(?:(<=|>=|!=|<|>|=|:|~|\(|\))|"((?:[^"\\]|\\.)*)"|([^\s()<>=!:~"]+(?:[:][^\s()<>=!~"]+)*))/y;

interface Token {
  readonly kind: "sign" | "text" | "word";
  readonly text: string;
}

/** Read a filter; an empty text lets everything through. */
export function parseExpression(text: string): Test {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return () => true;
  const parser = new Parser(tokens);
  const test = parser.any();
  parser.expectEnd();
  return test;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxProblem(`Cannot read “${text.slice(at).trim()}”.`);
    if (match[1] !== undefined) tokens.push({ kind: "sign", text: match[1] });
    else if (match[2] !== undefined) {
      tokens.push({ kind: "text", text: match[2].replace(/\\(.)/g, "$1") });
    } else tokens.push({ kind: "word", text: match[3] ?? "" });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  any(): Test {
    const tests = [this.#all()];
    while (this.#takeWord("or")) tests.push(this.#all());
    return (row) => tests.some((test) => test(row));
  }

  expectEnd(): void {
    const token = this.#tokens[this.#next];
    if (token !== undefined)
      throw new SyntaxProblem(`“${token.text}” does not belong there.`);
  }

  #all(): Test {
    const tests = [this.#one()];
    for (;;) {
      const token = this.#tokens[this.#next];
      const ends = token === undefined || this.#isWord("or") || token.text === ")";
      if (!this.#takeWord("and") && ends) break;
      tests.push(this.#one()); // words beside each other are joined by "and"
    }
    return (row) => tests.every((test) => test(row));
  }

  #one(): Test {
    if (this.#takeWord("not")) {
      const test = this.#one();
      return (row) => !test(row);
    }
    if (this.#takeSign("(")) {
      const test = this.any();
      if (!this.#takeSign(")")) throw new SyntaxProblem("A bracket is not closed.");
      return test;
    }
    if (this.#isWord("and") || this.#isWord("or")) {
      throw new SyntaxProblem("“and” and “or” stand between two conditions.");
    }
    const name = this.#word("a column or a word");
    const sign = this.#tokens[this.#next];
    if (sign?.kind !== "sign" || sign.text === "(" || sign.text === ")") {
      const wanted = name.text.toLowerCase();
      return (row) => row.everything.includes(wanted);
    }
    this.#next++;
    return comparison(
      name.text,
      sign.text,
      this.#word(`a value after “${sign.text}”`).text,
    );
  }

  #word(what: string): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined || token.kind === "sign") {
      throw new SyntaxProblem(`The filter needs ${what}.`);
    }
    this.#next++;
    return token;
  }

  #isWord(word: string): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === "word" && token.text.toLowerCase() === word;
  }

  #takeWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#next++;
    return true;
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== "sign" || token.text !== sign) return false;
    this.#next++;
    return true;
  }
}

function comparison(name: string, sign: string, value: string): Test {
  const number = Number(value);
  const isNumber = value.trim() !== "" && !Number.isNaN(number);
  const wanted = value.toLowerCase();
  return (row) => {
    const known = row.number(name);
    if (known !== undefined) {
      if (!isNumber) throw new SyntaxProblem(`“${name}” is a number; “${value}” is none.`);
      return known !== null && compare(known, sign, number);
    }
    const text = row.text(name)?.toLowerCase();
    if (text !== undefined) {
      if (sign === "=") return text === wanted;
      if (sign === "!=") return text !== wanted;
      if (sign === ":" || sign === "~") return text.includes(wanted);
      throw new SyntaxProblem(`“${name}” is a text: compare it with =, != or ~.`);
    }
    if (sign !== "=" && sign !== ":" && sign !== "~") {
      throw new SyntaxProblem(`There is no column “${name}”. The help (?) lists all.`);
    }
    // `label=malignant`: both words occur in the finding.
    return row.everything.includes(name.toLowerCase()) && row.everything.includes(wanted);
  };
}

function compare(value: number, sign: string, other: number): boolean {
  switch (sign) {
    case "<":
      return value < other;
    case "<=":
      return value <= other;
    case ">":
      return value > other;
    case ">=":
      return value >= other;
    case "!=":
      return value !== other;
    default:
      return value === other;
  }
}
