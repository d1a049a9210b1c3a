// Delimited text -> cells, and cells -> columns that rules can be evaluated on.
import type { Attribute } from "./queries";

export class TableProblem extends Error {}

/** What a table of cells must have for rules: attributes by name. */
export interface Wanted {
  readonly name: string;
  readonly kind: string;
  readonly categories: readonly string[];
}

export interface Sheet {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The texts that the readers of Python take for missing. */
const MISSING = new Set(["", "NA", "NaN", "nan", "?"]);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** A category that no rule names. */
const OTHER = -2;

/** Read comma-, semicolon- or tab-separated text with quotes; the first line has the names. */
export function parseSheet(text: string): Sheet {
  const content = text.replace(/^\ufeff/, "");
  const firstLine = content.slice(
    0,
    (content.search(/[\r\n]/) + 1 || content.length + 1) - 1,
  );
  const counts = [",", ";", "\t"].map((mark) => firstLine.split(mark).length);
  const mark = [",", ";", "\t"][counts.indexOf(Math.max(...counts))] ?? ",";
  const lines = cellsOf(content, mark).filter((line) => line.length > 1 || line[0] !== "");
  const [head, ...rows] = lines;
  if (head === undefined || rows.length === 0) {
    throw new TableProblem("The table needs a line of names and at least one row.");
  }
  const wrong = rows.findIndex((row) => row.length !== head.length);
  if (wrong >= 0) {
    throw new TableProblem(
      `Row ${wrong + 1} has ${rows[wrong]?.length} cells; the names are ${head.length}.`,
    );
  }
  return { head: head.map((name) => name.trim()), rows };
}

function cellsOf(text: string, mark: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += c;
        i += 1;
      } else quoted = false;
    } else if (c === '"' && cell.trim() === "") {
      quoted = true;
      cell = "";
    } else if (c === mark) {
      line.push(cell);
      cell = "";
    } else if (c === "\n" || c === "\r") {
      if (c === "\r" && text[i + 1] === "\n") i += 1;
      lines.push([...line, cell]);
      line = [];
      cell = "";
    } else cell += c;
  }
  if (quoted) throw new TableProblem("A quotation mark is never closed.");
  if (cell !== "" || line.length) lines.push([...line, cell]);
  return lines;
}

/** The columns that rules need; a name that is lacking, or a text for a number, is said. */
export function columnsOf(sheet: Sheet, wanted: readonly Wanted[]): Map<string, Attribute> {
  const lacking = wanted.filter(({ name }) => !sheet.head.includes(name));
  if (lacking.length) {
    const names = lacking.map(({ name }) => JSON.stringify(name)).sort();
    const noun = lacking.length > 1 ? "columns" : "column";
    throw new TableProblem(`The table lacks the ${noun} ${names.join(", ")}.`);
  }
  const found = new Map<string, Attribute>();
  for (const attribute of wanted) {
    const at = sheet.head.indexOf(attribute.name);
    const values = Float64Array.from(sheet.rows, (row, i) => {
      const value = codeOf(row[at] ?? "", attribute);
      if (value === null) {
        const place = `Row ${i + 1}, column ${JSON.stringify(attribute.name)}`;
        throw new TableProblem(`${place}: ${JSON.stringify(row[at])} is no number.`);
      }
      return value;
    });
    found.set(attribute.name, { values, categories: attribute.categories });
  }
  return found;
}

/** A cell as a number or the code of its category; NaN is missing, null no number. */
export function codeOf(text: string, attribute: Wanted): number | null {
  const cell = text.trim();
  if (MISSING.has(cell)) return Number.NaN;
  if (attribute.kind === "numeric") {
    const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
    return Number.isFinite(value) ? value : null;
  }
  const name = attribute.kind === "boolean" ? cell.toLowerCase() : cell;
  const code = attribute.categories.indexOf(name);
  return code < 0 ? OTHER : code;
}
