// What is asked of a scene: its number at once; the rest once the hand rests and the number is there.
import { askCompare, askMove, askRest } from "./api.js";
import { Latest } from "./latest.js";
import { posted } from "./scene.js";

const RESTS_MS = 300;

export class Questions {
  #answered = null;
  #timer = null;
  #rests = false;

  /**
   * `hear.move(question, answer)`, `.rest(question, answer)` and `.compare(answer)` are told what is known,
   * `.unknown()` that the number is not, `.still()` that the hand rests, `.trouble(error)` what went wrong.
   */
  constructor(hear) {
    this.hear = hear;
    this.version = 0;
    this.asked = null;
    const trouble = (_, error) => hear.trouble(error);
    this.moves = new Latest(({ body }, signal) => askMove(body, signal), (...told) => this.#know(...told), (_, error) => {
      this.#answered = null;
      hear.unknown();
      hear.trouble(error);
    });
    this.rest = new Latest(({ body }, signal) => askRest(body, signal), hear.rest, trouble);
    this.comparison = new Latest(askCompare, (_, answer) => hear.compare(answer), trouble);
  }

  /** The answer to the newest scene; null until it is there. */
  get answer() {
    return this.#answered?.version === this.version ? this.#answered.answer : null;
  }

  /** Ask about a scene, and what it differs from another by. A move of the hand is not `atOnce`: it waits its turn. */
  ask(scene, other, { atOnce = true } = {}) {
    this.version += 1;
    this.asked = { version: this.version, scene, body: posted(scene), other: other && posted(other) };
    this.moves.want(this.asked, { atOnce });
    this.rest.drop();
    this.comparison.drop();
    this.#rests = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#rests = true;
      this.hear.still();
      this.#goOn();
    }, RESTS_MS);
  }

  #know(question, answer) {
    this.#answered = { version: question.version, answer };
    this.hear.move(question, answer);
    this.#goOn();
  }

  #goOn() {
    if (!this.#rests || !this.answer) return;
    this.#rests = false;
    const { body, other } = this.asked;
    this.rest.want(this.asked);
    if (other) this.comparison.want({ a: other, b: body });
  }
}
