// The blocks that the page itself carries: base64 of gzip in elements that never run.
import { BlockProvider } from "./blocks";
import { bitsOf } from "./gaps";

export class EmbeddedProvider extends BlockProvider {
  readonly #root: ParentNode;

  constructor(root: ParentNode) {
    super();
    this.#root = root;
  }

  override async numbers(name: string): Promise<ArrayBuffer | null> {
    const element = this.#root.querySelector<HTMLElement>(`#block-${name}`);
    if (element === null) return null;
    const content = await unpack(element.textContent ?? "");
    return element.dataset["packing"] === "gaps" ? bitsOf(content) : content;
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
