// The blocks that the page itself carries: base64 of gzip in elements that never run.
import type { Provider } from "./provider";
import type { Meta, Tables } from "./schema";

export class EmbeddedProvider implements Provider {
  readonly #root: ParentNode;

  constructor(root: ParentNode) {
    this.#root = root;
  }

  async meta(): Promise<Meta> {
    return JSON.parse(textOf(await this.#required("meta"))) as Meta;
  }

  async table<Name extends keyof Tables>(name: Name): Promise<Tables[Name]> {
    return readTable(await this.#required(name)) as unknown as Tables[Name];
  }

  async numbers(name: string): Promise<ArrayBuffer | null> {
    const element = this.#root.querySelector(`#block-${name}`);
    return element === null ? null : unpack(element.textContent ?? "");
  }

  async #required(name: string): Promise<ArrayBuffer> {
    const content = await this.numbers(name);
    if (content === null) throw new Error(`This report is damaged: it has no ${name}.`);
    return content;
  }
}

/** Undo base64 and gzip. */
export async function unpack(text: string): Promise<ArrayBuffer> {
  const binary = atob(text.trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

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

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function textOf(content: ArrayBuffer): string {
  return new TextDecoder().decode(content);
}
