// A row of attributes as text: one "name = value" per line.
import type { Run } from "./run";

/**
 * Read a row; what it says about an attribute last counts. Blank values are missing. Values
 * stay texts: only their attributes know whether 007 is a number or a category.
 */
export function parseRow(text: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    const [, name = "", value = ""] = LINE.exec(line) ?? [];
    if (!name) throw new Error(`A line is "name = value". Got ${JSON.stringify(line)}.`);
    if (value) values.set(unquoted(name), unquoted(value));
  }
  return Object.fromEntries(values);
}

/** A name, in quotes where it has a sign in it, and a value. */
const LINE = /^\s*("(?:[^"\\]|\\.)*"|[^="]+?)\s*=\s*(.*?)\s*$/;

/** The values of one entity for the attributes of a view that findings name. */
export async function rowOfEntity(run: Run, view: string, entity: number) {
  const { attributes } = run.tables;
  const rows = Array.from({ length: attributes.rows }, (_, i) => i).filter(
    (i) => attributes.view[i] === view && (attributes.n_findings[i] ?? 0) > 0,
  );
  const columns = await Promise.all(rows.map((row) => run.column(row)));
  const lines = rows.map((row, k) => {
    const value = columns[k]?.[entity] ?? Number.NaN;
    const text = attributes.categories[row]?.[value] ?? String(value);
    const name = attributes.name[row] ?? "";
    return `${quoted(name)} = ${Number.isNaN(value) ? "" : quoted(text)}`;
  });
  return lines.join("\n");
}

function quoted(text: string): string {
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
