// Tables as files; made in the browser, from what the report holds.
import type { Run } from "../data/run";
import type { Tables } from "../data/schema";

export type Format = "csv" | "json";

/** A table as rows of plain values; NaN and unknown flags are null. */
export function rowsOf<Name extends keyof Tables>(
  run: Run,
  name: Name,
  only?: readonly number[],
): Record<string, unknown>[] {
  const table = run.tables[name] as unknown as Record<string, unknown> & { rows: number };
  const columns = Object.entries(table).filter(([key]) => key !== "rows");
  const rows = only ?? Array.from({ length: table.rows }, (_, i) => i);
  return rows.map((row) =>
    Object.fromEntries(columns.map(([key, values]) => [key, cell(values, row)])),
  );
}

function cell(values: unknown, row: number): unknown {
  if (values instanceof Float64Array) return Number.isNaN(values[row]) ? null : values[row];
  if (values instanceof Uint8Array) return [false, true, null][values[row] ?? 2];
  return (values as ArrayLike<unknown>)[row];
}

export function toCsv(rows: readonly Record<string, unknown>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return lines
    .map((line) => line.map(field).join(","))
    .join("\r\n")
    .concat("\r\n");
}

function field(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  // A spreadsheet would run a text that starts like a formula.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function downloadRows(
  name: string,
  rows: readonly Record<string, unknown>[],
  format: Format,
): void {
  if (format === "csv") download(`${name}.csv`, toCsv(rows), "text/csv");
  else download(`${name}.json`, JSON.stringify(rows, null, 1), "application/json");
}

export function downloadFindings(run: Run, rows: readonly number[], format: Format): void {
  downloadRows("findings", findingRows(run, rows), format);
}

/** Findings with their rules as texts, one column per view, as the library exports them. */
export function findingRows(run: Run, rows: readonly number[]): Record<string, unknown>[] {
  return rowsOf(run, "findings", rows).map(
    ({ queries, words, near_duplicates, ...row }) => {
      const texts = new Map(
        (queries as Tables["findings"]["queries"][number]).map((q) => [q.view, q.text]),
      );
      const columns = run.meta.views.map((v) => [
        `query_${v.name}`,
        texts.get(v.name) ?? null,
      ]);
      const inWords = (words as readonly string[]).join(" ⇔ ");
      return { ...row, ...Object.fromEntries(columns), words: inWords };
    },
  );
}
