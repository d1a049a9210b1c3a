// The blocks of `redescribe serve`, each when it is needed, and its answers.
import { BlockProvider } from "./blocks";
import type { Recount, Rule, Server, Values } from "./provider";

/** What a server says is wrong with a question. */
export class Refusal extends Error {}

export class ServedProvider extends BlockProvider {
  override readonly server: Server = {
    recount: (rules, missing) => this.#ask("recount", { queries: rules, missing }),
    fire: (values) => this.#ask("fire", { values }),
  };

  override async numbers(name: string): Promise<ArrayBuffer | null> {
    const answer = await request(`data/${encodeURIComponent(name)}`);
    if (answer.status === 204) return null;
    if (!answer.ok) throw new Error(`The server answers ${answer.status}.`);
    return answer.arrayBuffer();
  }

  async #ask(
    place: "recount",
    question: { queries: readonly Rule[]; missing: string },
  ): Promise<Recount>;
  async #ask(place: "fire", question: { values: Values }): Promise<(boolean | null)[][]>;
  async #ask(place: string, question: object): Promise<unknown> {
    const answer = await request(place, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
    });
    const found = (await answer.json()) as unknown;
    if (!answer.ok) throw new Refusal((found as { error: string }).error);
    return found;
  }
}

async function request(place: string, options?: RequestInit): Promise<Response> {
  try {
    return await fetch(place, options);
  } catch {
    throw new Error("redescribe serve does not answer. Start it again.");
  }
}
