// Tables as Python packs them: a header and columns.

interface Header {
  readonly rows: number;
  readonly columns: readonly (readonly [name: string, kind: string, bytes: number])[];
}

/** Read the columns that `table_block` of Python has written. */
export function readTable(content: ArrayBuffer): Record<string, unknown> {
  const length = new DataView(content).getUint32(0, true);
  const header = JSON.parse(textOf(content.slice(8, 8 + length))) as Header;
  const table: Record<string, unknown> = { rows: header.rows };
  let position = 8 + padded(length);
  for (const [name, kind, bytes] of header.columns) {
    const part = content.slice(position, position + bytes);
    if (kind === "number") table[name] = new Float64Array(part);
    else if (kind === "count") table[name] = new Uint32Array(part);
    else if (kind === "flag") table[name] = new Uint8Array(part);
    else table[name] = JSON.parse(textOf(part));
    position += padded(bytes);
  }
  return table;
}

export function textOf(content: ArrayBuffer): string {
  return new TextDecoder().decode(content);
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
