// Steps that can be taken back.

export class Undo<T> {
  #past: T[] = [];
  #present: T;
  readonly #limit: number;

  constructor(present: T, limit = 100) {
    this.#present = present;
    this.#limit = limit;
  }

  get present(): T {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  do(next: T): void {
    if (Object.is(next, this.#present)) return;
    this.#past = [...this.#past, this.#present].slice(-this.#limit);
    this.#present = next;
  }

  undo(): T {
    const last = this.#past.pop();
    if (last !== undefined) this.#present = last;
    return this.#present;
  }
}
