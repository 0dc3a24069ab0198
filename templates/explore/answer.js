// What the model says of the scene: the number, its rank, the reasons; once the hand rests, who takes what.
import { byId, html } from "./dom.js";
import { TAKES_SOMETHING } from "./draw.js";
import { fall } from "./waterfall.js";
import { calledInWords, goals, listing, number, text } from "./words.js";

const FEW_ALIKE = 10;
const FEWEST_RANKED = 10;

const rankInWords = ({ rank_pct: rank, kind, n_ranked: n }) => {
  if (rank === null || rank === undefined || n < FEWEST_RANKED) return "";
  const phrase = rank >= 99 ? "best" : rank < 1 ? "worst" : rank >= 50 ? "better" : "only";
  return text(`${kind}_${phrase}`, { n: Math.floor(rank) });
};

const isThin = ({ is_far: isFar, n_alike: alike }) => isFar || (alike !== null && alike < FEW_ALIKE);

const thinInWords = ({ n_alike: n }) => {
  if (n >= FEW_ALIKE) return text("isFar");
  return n === 0 ? text("noneAlike") : n === 1 ? text("oneAlike") : text("fewAlike", { n });
};

/** The number, its rank and its reasons, at once. */
export const showMove = (answer, real) => {
  byId("xg").textContent = goals(answer.xg);
  byId("number").classList.toggle("thin", isThin(answer));
  byId("rank").textContent = rankInWords(answer);
  byId("meter").hidden = !rankInWords(answer);
  byId("meter").style.setProperty("--rank", `${answer.rank_pct ?? 0}%`);
  byId("facts").textContent = answer.facts.join(" · ");
  byId("thin").hidden = !isThin(answer);
  byId("thin").textContent = thinInWords(answer);
  showStory(answer, answer.is_penalty);
  showReasons(answer);
  showReal(answer, real);
};

/** Why, in sentences; the first says the rank again, but of a penalty. */
const showStory = ({ sentences }, isPenalty) => {
  byId("story").textContent = sentences.slice(isPenalty ? 0 : 1).join(" ");
};

const showReasons = (answer, sure = []) => {
  const isTold = !answer.is_penalty && answer.parts.some(({ value }) => value !== null);
  byId("fall").hidden = !isTold;
  byId("fall").replaceChildren(...(isTold ? fall(answer, sure) : []));
};

const showReal = (answer, real) => {
  const line = byId("real");
  line.hidden = !real;
  if (!real) return;
  const { published_xg: before } = real;
  const change = before === null ? 0 : answer.xg - before;
  line.replaceChildren(
    html("span", {}, text("really", { outcome: text(`outcome_${real.outcome}`), xg: goals(before) })), " ",
    html("b", { class: change < 0 ? "less" : "more" }, Math.abs(change) < 0.005 ? "" : text("changed", { by: number(change, 2, { signed: true }) })));
};

/** Takes by person's id, as the board draws them. */
export const takesOf = (scene, rest) => new Map(rest.actors
  .filter(({ person }) => person !== null && scene.people[person])
  .map(({ person, takes }) => [scene.people[person].id, takes]));

const taker = (scene, { person, role, takes, n }) => {
  const someone = person === null ? null : scene.people[person];
  const who = someone ? calledInWords(scene, someone) : text(n === 1 ? "another" : "others", { n });
  return html("li", { "data-role": role },
    html("span", { class: "who" }, who), html("i", { class: takes < 0 ? "bar gives" : "bar", style: `--w:${Math.min(Math.abs(takes), 0.5) * 200}%` }),
    html("span", { class: "num" }, number(-takes, 2, { signed: true })));
};

/** Who takes what, and how sure the reasons are. */
export const showRest = (scene, answer, rest) => {
  showReasons(answer, rest.sure ?? []);
  if (rest.sentences?.length) showStory(rest, answer.is_penalty);
  const told = rest.actors.filter(({ takes }) => Math.abs(takes) >= TAKES_SOMETHING).sort((a, b) => b.takes - a.takes);
  byId("takers").hidden = rest.actors.length === 0;
  byId("takers-list").replaceChildren(...told.map((actor) => taker(scene, actor)));
  byId("nobody").textContent = rest.nobody === null || rest.nobody === undefined ? "" : text("nobody", { xg: goals(rest.nobody) });
};

/** What a screen reader says once the hand rests. */
export const spoken = (scene, answer, rest) => {
  const takers = rest.actors.filter(({ person, takes }) => person !== null && takes >= 0.02).sort((a, b) => b.takes - a.takes).slice(0, 3)
    .map(({ person, takes }) => text("takes", { who: calledInWords(scene, scene.people[person]), xg: number(takes) }));
  const about = [`${goals(answer.xg)} xG`, rankInWords(answer), takers.length ? listing(takers) : ""];
  return `${about.filter(Boolean).join(". ")}.`;
};
