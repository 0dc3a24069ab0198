// One question at a time, and only the latest answer: what was asked before is never shown after it.
const PATIENCE_MS = 8000;

export class Latest {
  #running = null;
  #waiting = null;

  /** `ask(question, signal)` gives the answer; `show(question, answer)` and `fail(question, error)` hear of it. */
  constructor(ask, show, fail) {
    this.ask = ask;
    this.show = show;
    this.fail = fail;
  }

  /** Ask this as soon as nothing is under way. A newer question takes its place; `atOnce` also stops what runs. */
  want(question, { atOnce = false } = {}) {
    if (atOnce) this.drop();
    this.#waiting = { question };
    if (!this.#running) this.#next();
  }

  /** Nobody wants to know any more. */
  drop() {
    this.#running?.abort();
    this.#running = this.#waiting = null;
  }

  async #next() {
    const { question } = this.#waiting;
    const own = new AbortController();
    this.#waiting = null;
    this.#running = own;
    const timer = setTimeout(() => own.abort(new DOMException("late", "TimeoutError")), PATIENCE_MS);
    try {
      const answer = await this.ask(question, own.signal);
      if (this.#running === own) this.show(question, answer);
    } catch (error) {
      if (this.#running === own) this.fail(question, error);
    } finally {
      clearTimeout(timer);
      if (this.#running === own) {
        this.#running = null;
        if (this.#waiting) this.#next();
      }
    }
  }
}
