// Two scenes side by side, and why this one is worth more.
import { byId, html } from "./dom.js";
import { still, viewOf } from "./draw.js";
import { goals, number, text, titleInWords } from "./words.js";

const RATIO = 1.35;
const RADIUS_M = 0.62;
const ZERO = 0.005;

const drawn = (scene, name) => still(scene, viewOf(scene, RATIO), RADIUS_M, text("pictureOf", { name }));

const side = (name, scene, xg) => html("figure", {},
  html("figcaption", {}, html("b", { class: "letter" }, name), " ", titleInWords(scene), html("span", { class: "num" }, `${goals(xg)} xG`)),
  drawn(scene, name));

/** The two pictures; at every move. */
export const showPair = (pinned, scene, xg) => {
  byId("compare").hidden = pinned === null;
  if (pinned) byId("pair").replaceChildren(side("A", pinned.scene, pinned.xg), side("B", scene, xg));
};

const difference = ({ part, value }, widest) => {
  const bar = html("i", { class: value < 0 ? "less" : "more", style: `--w:${(50 * Math.abs(value)) / widest}%` });
  return html("li", {}, html("span", { class: "name" }, text(`part_${part}`)), html("span", { class: "axis0" }, Math.abs(value ?? 0) < ZERO ? "" : bar),
    html("span", { class: "num" }, value === null ? text("notRecorded") : number(value, 2, { signed: true })));
};

/** Why; once the hand rests. The parts are what A is worth beyond B. */
export const showDifference = ({ a, b, parts, sentences }) => {
  const widest = Math.max(0.05, ...parts.map(({ value }) => Math.abs(value ?? 0)));
  byId("difference").textContent = sentences.join(" ") || text("aMinusB", { a: goals(a), b: goals(b), by: number(a - b, 2, { signed: true }) });
  byId("difference-parts").replaceChildren(...parts.map((part) => difference(part, widest)));
};

export const forgetDifference = () => {
  byId("difference").textContent = "";
  byId("difference-parts").replaceChildren();
};
