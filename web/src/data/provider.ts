// Where the data of a report come from: the page itself, or a server.
import type { Meta, Tables } from "./schema";

/** The values of one attribute in the order of the entities; NaN is missing. */
export type Column = Float32Array | Float64Array;

export interface Provider {
  meta(): Promise<Meta>;
  table<Name extends keyof Tables>(name: Name): Promise<Tables[Name]>;
  /** The bytes of a block of numbers; null where the report was made without it. */
  numbers(name: string): Promise<ArrayBuffer | null>;
}
