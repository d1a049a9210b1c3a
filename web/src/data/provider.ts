// Where the data of a report come from: the page itself, or a server.
import type { Meta, Tables } from "./schema";

/** The values of one attribute in the order of the entities; NaN is missing. */
export type Column = Float32Array | Float64Array;

export interface Provider {
  meta(): Promise<Meta>;
  table<Name extends keyof Tables>(name: Name): Promise<Tables[Name]>;
  /** The bytes of a block of numbers; null where the report was made without it. */
  numbers(name: string): Promise<ArrayBuffer | null>;
  /** Answers what the page alone cannot; null where the page is a file. */
  readonly server: Server | null;
}

export interface Server {
  /** How well rules agree, counted by Python. */
  recount(rules: readonly Rule[], missing: string): Promise<Recount>;
  /** For each finding and each of its rules, whether it holds; null is unknown. */
  fire(values: Values): Promise<readonly (readonly (boolean | null)[])[]>;
}

export interface Rule {
  readonly view: string;
  readonly text: string;
}

/** View -> attribute -> a number or a category, as text. */
export type Values = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Counts {
  readonly n: number;
  readonly sizes: readonly number[];
  readonly support: number;
  readonly union: number;
  readonly jaccard: number;
}

export interface Recount {
  readonly all: Counts;
  readonly mined: Counts;
}
