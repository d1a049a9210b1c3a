// A row of attributes as text: one "name = value" per line.
import type { Run } from "./run";

export type RowValues = Record<string, number | string>;

/** Read a row; what it says about an attribute last counts. Blank values are missing. */
export function parseRow(text: string): RowValues {
  const values: RowValues = {};
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    // Names may hold "=": the last one in the line is the sign.
    const at = line.lastIndexOf("=");
    if (at < 0) throw new Error(`A line is "name = value". Got ${JSON.stringify(line)}.`);
    const name = unquoted(line.slice(0, at).trim());
    const value = line.slice(at + 1).trim();
    if (value === "") continue;
    const number = Number(value);
    values[name] = Number.isNaN(number) ? unquoted(value) : number;
  }
  return values;
}

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
