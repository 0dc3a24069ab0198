// The pitch to play with: draws a scene, and says who is meant to go where. It keeps no scene of its own.
import { box, kindOf, openAngle, pitchLines, ring, shadow, shape, svg, TAKES_SOMETHING, viewOf } from "./draw.js";
import { placeLabels } from "./labels.js";
import { everybody, onPicture, onPitch, SHOOTER } from "./scene.js";
import { calledInWords, number, placeInWords, text } from "./words.js";

const RADIUS_PX = 8.5;
const REACH_PX = 14; // a finger's or pointer's target: 28 px across
const FONT_PX = 12.5;
const STEP_M = 0.5;
const NARROW_PX = 560;
const ONE_STEP_MS = 900; // presses that follow each other so quickly are one step to undo
const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const surname = (name) => name.split(" ").at(-1);

export class Board {
  #people = new Map();
  #drag = null;
  #scene = null;
  #takes = new Map();
  #ghost = null;
  #isWhole = false;
  #view = null;
  #selected = null;
  #pressed = { at: -Infinity, join: "" };

  /** `say.move(id, place, join)`, `say.remove(id)` and `say.select(id)` hear what the hand wants. */
  constructor(root, say) {
    this.root = root;
    this.say = say;
    this.lines = svg("g");
    this.angle = svg("path", { class: "angle" });
    this.shadow = svg("path", { class: "shadow" });
    this.ghosts = svg("g", { class: "ghosts", "aria-hidden": "true" });
    this.rings = svg("g", { class: "rings", "aria-hidden": "true" });
    this.players = svg("g");
    this.names = svg("g", { class: "names", "aria-hidden": "true" });
    root.append(this.lines, this.angle, this.shadow, this.ghosts, this.rings, this.players, this.names);
    root.addEventListener("pointerdown", (event) => this.#take(event));
    root.addEventListener("pointermove", (event) => this.#pull(event));
    root.addEventListener("pointerup", (event) => this.#leave(event));
    root.addEventListener("pointercancel", (event) => this.#leave(event));
    // Whoever has taken somebody does not scroll; the grass does.
    root.addEventListener("touchstart", (event) => this.#drag && event.preventDefault(), { passive: false });
    root.addEventListener("keydown", (event) => this.#press(event));
    root.addEventListener("focusin", (event) => this.#select(event.target.closest("[data-id]")?.dataset.id));
    new ResizeObserver(() => this.#scene && this.look()).observe(root);
  }

  get isWhole() {
    return this.#isWhole;
  }

  /** Show a scene; what people take is forgotten until it is told anew. */
  show(scene) {
    const isOther = this.#scene?.pitch !== scene.pitch;
    this.#scene = scene;
    this.#takes = new Map();
    if (isOther || !this.#view) this.look();
    else this.#draw();
  }

  /** Choose what is seen anew, by where the ball is. */
  look({ isWhole = this.#isWhole } = {}) {
    this.#isWhole = isWhole;
    const { clientWidth: width, clientHeight: height } = this.root;
    if (!width || !height) return;
    this.#view = viewOf(this.#scene, width / height, { isWhole });
    this.root.setAttribute("viewBox", box(this.#view));
    this.lines.replaceChildren(...pitchLines(this.#scene));
    for (const element of this.#people.values()) element.remove();
    this.#people.clear();
    this.#draw();
  }

  /** Who takes how much, by id. */
  told(takes) {
    this.#takes = takes;
    this.#draw();
  }

  /** The scene that this one is compared with stands behind it. */
  haunt(scene) {
    this.#ghost = scene;
    this.#draw();
  }

  /** Give somebody the focus. */
  focus(id) {
    this.#people.get(id)?.focus({ preventScroll: true });
  }

  #metres(px) {
    return (px * this.#view.width) / this.root.clientWidth;
  }

  #draw() {
    const scene = this.#scene;
    this.angle.setAttribute("d", openAngle(scene));
    this.shadow.setAttribute("d", shadow(scene));
    const r = this.#metres(this.root.clientWidth < NARROW_PX ? RADIUS_PX * 0.82 : RADIUS_PX);
    const seen = new Set();
    for (const person of [...scene.people, scene.shooter]) {
      seen.add(person.id);
      const element = this.#people.get(person.id) ?? this.#enter(person, r);
      const { x, y } = onPicture(scene, person);
      element.setAttribute("transform", `translate(${x.toFixed(3)} ${y.toFixed(3)})`);
      element.setAttribute("aria-label", this.#described(person));
      element.classList.toggle("chosen", person.id === this.#selected);
    }
    for (const [id, element] of this.#people) {
      if (!seen.has(id)) {
        element.remove();
        this.#people.delete(id);
      }
    }
    this.#drawGhosts(r);
    this.#drawRings(r);
    this.#drawNames(r);
  }

  #described(person) {
    const takes = this.#takes.get(person.id);
    const told = takes ? `; ${text(takes > 0 ? "takesXg" : "givesXg", { xg: number(Math.abs(takes)) })}` : "";
    return `${calledInWords(this.#scene, person)}: ${placeInWords(this.#scene, person)}${told}`;
  }

  #enter(person, r) {
    const kind = kindOf(this.#scene, person);
    const hit = svg("circle", { class: "hit", r: Math.max(this.#metres(REACH_PX), 1.3 * r) });
    const element = svg("g", {
      class: "person", "data-id": person.id, tabindex: 0, role: "button",
      "aria-roledescription": text("draggable"), "aria-describedby": "keys",
    }, hit, svg("circle", { class: "focus", r: 1.65 * r }), ...shape(kind, r));
    this.#people.set(person.id, element);
    this.players.append(element);
    return element;
  }

  #drawGhosts(r) {
    const ghost = this.#ghost;
    if (!ghost) return this.ghosts.replaceChildren();
    const shapes = [...ghost.people, ghost.shooter].map((person) => {
      const { x, y } = onPicture(ghost, person);
      return svg("g", { transform: `translate(${x} ${y})` }, ...shape(kindOf(ghost, person), r));
    });
    return this.ghosts.replaceChildren(...shapes);
  }

  #drawRings(r) {
    const ringed = this.#scene.people.filter((person) => Math.abs(this.#takes.get(person.id) ?? 0) >= TAKES_SOMETHING);
    this.rings.replaceChildren(...ringed.map((person) => {
      const { x, y } = onPicture(this.#scene, person);
      return svg("g", { transform: `translate(${x} ${y})` }, ring(this.#takes.get(person.id), r));
    }));
  }

  #drawNames(r) {
    const font = this.#metres(FONT_PX);
    const dots = everybody(this.#scene).map((person) => {
      const takes = this.#takes.get(person.id) ?? 0;
      const isTold = Math.abs(takes) >= TAKES_SOMETHING;
      const isNamed = person.name && (isTold || person === this.#scene.shooter || person.id === this.#selected || person.is_keeper);
      const label = [isNamed ? surname(person.name) : "", isTold ? number(-takes, 2, { signed: true }) : ""].join(" ").trim();
      return { ...onPicture(this.#scene, person), r: isTold ? 1.8 * r : 1.2 * r, label, id: person.id, must: person.id === this.#selected };
    });
    this.names.replaceChildren(...placeLabels(dots, font, this.#view).map(({ label, x, y }) =>
      svg("text", { class: "name", x: x.toFixed(2), y: y.toFixed(2), "text-anchor": "middle", "font-size": font.toFixed(2) }, label)));
  }

  #pointOf(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.root.getScreenCTM().inverse());
    return { x, y };
  }

  /** Of all within reach the nearest is meant, whoever is drawn on top. */
  #nearest(point) {
    const away = (person) => {
      const at = onPicture(this.#scene, person);
      return Math.hypot(at.x - point.x, at.y - point.y);
    };
    const nearest = everybody(this.#scene).reduce((a, b) => (away(b) < away(a) ? b : a));
    return away(nearest) <= this.#metres(REACH_PX) ? nearest : null;
  }

  #take(event) {
    if (event.button !== 0 || this.#drag) return;
    const point = this.#pointOf(event);
    const person = this.#nearest(point);
    if (!person) return this.#select(null);
    event.preventDefault();
    const at = onPicture(this.#scene, person);
    this.#drag = { id: person.id, pointer: event.pointerId, dx: at.x - point.x, dy: at.y - point.y, join: `drag ${event.timeStamp}` };
    this.root.setPointerCapture(event.pointerId);
    this.root.classList.add("held");
    this.#select(person.id);
    return this.focus(person.id);
  }

  #pull(event) {
    if (this.#drag?.pointer !== event.pointerId) return;
    const { x, y } = this.#pointOf(event);
    const { id, dx, dy, join } = this.#drag;
    this.say.move(id, onPitch(this.#scene, { x: x + dx, y: y + dy }), join);
  }

  #leave(event) {
    if (this.#drag?.pointer !== event.pointerId) return;
    this.#drag = null;
    this.root.classList.remove("held");
    this.say.rest();
  }

  #select(id) {
    if (this.#selected === (id ?? null)) return;
    this.#selected = id ?? null;
    this.say.select(this.#selected);
    this.#draw();
  }

  #joinOf(id, at) {
    const isSame = this.#pressed.id === id && at - this.#pressed.at < ONE_STEP_MS;
    this.#pressed = { id, at, join: isSame ? this.#pressed.join : `keys ${at}` };
    return this.#pressed.join;
  }

  #press(event) {
    const id = event.target.closest("[data-id]")?.dataset.id;
    if (!id || event.ctrlKey || event.metaKey) return;
    if ((event.key === "Delete" || event.key === "Backspace") && id !== SHOOTER) {
      event.preventDefault();
      this.say.remove(id);
    } else if (KEYS[event.key]) {
      event.preventDefault();
      const step = event.altKey ? 2 : event.shiftKey ? 0.1 : STEP_M;
      const [dx, dy] = KEYS[event.key];
      const { x, y } = onPicture(this.#scene, everybody(this.#scene).find((person) => person.id === id));
      this.say.move(id, onPitch(this.#scene, { x: x + dx * step, y: y + dy * step }), this.#joinOf(id, event.timeStamp));
    }
  }
}
