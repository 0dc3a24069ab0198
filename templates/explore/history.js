// What was, what is, and what was undone.
const MOST = 200;

export class History {
  #past = [];
  #future = [];
  #joined = null;

  constructor(present) {
    this.present = present;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** A new present. Steps of the same `join` are one: all moves of a drag, keys in quick succession. */
  push(next, join = null) {
    if (join === null || join !== this.#joined) this.#past = [...this.#past.slice(1 - MOST), this.present];
    this.#joined = join;
    this.#future = [];
    this.present = next;
  }

  undo() {
    if (!this.canUndo) return;
    this.#future.push(this.present);
    this.present = this.#past.pop();
    this.#joined = null;
  }

  redo() {
    if (!this.canRedo) return;
    this.#past.push(this.present);
    this.present = this.#future.pop();
    this.#joined = null;
  }
}
