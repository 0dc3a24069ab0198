// Real shots most like the scene, with what became of them.
import { ROOT } from "./api.js";
import { byId, html } from "./dom.js";
import { goals, number, text } from "./words.js";

/** A link to another page of ours; anything else is none. */
const ownPage = (page) => {
  if (!page) return null;
  const address = new URL(page, location.href);
  return address.origin === ROOT.origin && address.pathname.startsWith(ROOT.pathname) ? address.href : null;
};

const entry = (shot, open) => {
  const page = ownPage(shot.page);
  const who = shot.player ?? text("unknownPlayer");
  return html("li", { class: shot.is_goal ? "goal" : null },
    html("span", { class: "end", "aria-hidden": "true" }, shot.is_goal ? "●" : "○"),
    html("span", { class: "who" }, page ? html("a", { href: page }, who) : html("b", {}, who),
      html("small", {}, [`${shot.minute}′`, shot.match, shot.season].filter(Boolean).join(" · "))),
    html("span", { class: "became" }, text(`outcome_${shot.outcome}`), html("small", {}, `${number(shot.distance_m, 1)} m`)),
    html("span", { class: "num" }, goals(shot.xg)),
    html("button", { type: "button", class: "quiet", "aria-label": text("playOf", { who, minute: shot.minute }), onclick: () => open(shot) }, text("play")));
};

export const showAlike = ({ alike, alike_goals: n }, open) => {
  byId("alike").hidden = alike.length === 0;
  byId("alike-sum").textContent = text(n === 1 ? "oneOfThem" : "someOfThem", { n, of: alike.length });
  byId("alike-list").replaceChildren(...alike.map((shot) => entry(shot, open)));
};
