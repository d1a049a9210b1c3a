// A provider over named blocks of bytes, wherever these are.
import type { Provider, Server } from "./provider";
import type { Meta, Tables } from "./schema";
import { readTable, textOf } from "./table";

export abstract class BlockProvider implements Provider {
  readonly server: Server | null = null;

  abstract numbers(name: string): Promise<ArrayBuffer | null>;

  async meta(): Promise<Meta> {
    return JSON.parse(textOf(await this.#required("meta"))) as Meta;
  }

  async table<Name extends keyof Tables>(name: Name): Promise<Tables[Name]> {
    return readTable(await this.#required(name)) as unknown as Tables[Name];
  }

  async #required(name: string): Promise<ArrayBuffer> {
    const content = await this.numbers(name);
    if (content === null) throw new Error(`This report is damaged: it has no ${name}.`);
    return content;
  }
}
