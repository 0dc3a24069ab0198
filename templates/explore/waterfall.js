// The reasons as steps in football's order, from the average shot to this one.
import { html } from "./dom.js";
import { goals, number, text } from "./words.js";

const ZERO = 0.005;
const PEOPLE = ["keeper", "opponents"]; // without anybody's position neither has a step
const TOPS = [0.3, 0.5, 0.75, 1]; // the scale stays while numbers do: it jumps from one of these to the next

/** Every number that the steps reach on their way. */
const reached = ({ average, parts }) =>
  parts.reduce((all, { value }) => [...all, all.at(-1) + (value ?? 0)], [average]);

/** From which xG to which one the steps run. */
export const scaleOf = (answers) => {
  const all = answers.flatMap(reached);
  const high = TOPS.find((top) => top >= Math.max(...all) * 1.02) ?? 1;
  const low = Math.min(0, ...all) < -0.005 ? -Math.ceil(-Math.min(...all) * 10) / 10 : 0;
  return { low, high: high + 0.1 * (high - low) };
};

/** The steps with their places in per cent; a step of nothing has no bar. */
export const steps = (answer, { low, high }) => {
  const at = reached(answer);
  const place = (xg) => (100 * (xg - low)) / (high - low);
  const shown = answer.parts.some(({ part, value }) => PEOPLE.includes(part) && value !== null);
  return answer.parts.map(({ part, value }, n) => {
    const [from, to] = [place(at[n]), place(at[n + 1])].sort((a, b) => a - b);
    return { part, value, from, to, isPainted: value !== null && Math.abs(value) >= ZERO };
  }).filter(({ part }) => shown || !PEOPLE.includes(part));
};

const tag = (place, left, right, ...content) => {
  const isRight = place > 50;
  return html("span", { class: isRight ? "tag before" : "tag", style: isRight ? `right:${100 - left}%` : `left:${right}%` }, ...content);
};

const end = (name, xg, { low, high }, isStrong) => {
  const place = (100 * (xg - low)) / (high - low);
  const shown = html(isStrong ? "b" : "span", {}, goals(xg), html("i", { class: "unit" }, " xG"));
  return html("li", { class: "ends" }, html("span", { class: "name" }, name), " ",
    html("span", { class: "track" }, html("i", { class: "stem", style: `left:${place}%` }), tag(place, place, place, shown)));
};

/**
 * The steps as list items.
 * `sure` says, once it is known, how sure each part is: `{part, sd, may_be_told}`.
 */
export const fall = (answer, sure = []) => {
  const scale = scaleOf([answer]);
  const of = new Map(sure.map((entry) => [entry.part, entry]));
  const rows = steps(answer, scale).map(({ part, value, from, to, isPainted }) => {
    const known = of.get(part);
    const isHollow = known?.may_be_told === false;
    const bar = `push ${value < 0 ? "down" : "up"}${isHollow ? " hollow" : ""}`;
    const track = html("span", { class: "track" });
    if (value === null) track.append(html("span", { class: "tag none" }, text("notRecorded")));
    else {
      if (isPainted) track.append(html("i", { class: bar, style: `left:${from}%;width:${to - from}%` }));
      const sd = known?.sd === undefined || known.sd === null ? null : html("i", { class: "sd" }, ` ± ${number(known.sd)}`);
      track.append(tag(to, from, to, number(value, 2, { signed: true }), sd ?? ""));
    }
    return html("li", { class: isHollow ? "unsure" : null }, html("span", { class: "name" }, text(`part_${part}`)), " ", track);
  });
  return [end(text("average"), answer.average, scale, false), ...rows, end(text("thisShot"), answer.xg, scale, true)];
};
