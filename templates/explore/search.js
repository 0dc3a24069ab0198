// Finding a stored shot to start from.
import { findShots, inWords, MOST_FOUND } from "./api.js";
import { byId, html } from "./dom.js";
import { Latest } from "./latest.js";
import { goals, text } from "./words.js";

const PAUSE_MS = 150;

const entry = (shot, choose) => html("li", {},
  html("button", { type: "button", onclick: () => choose(shot) },
    html("span", { class: "who" }, shot.player ?? text("unknownPlayer"), html("small", {}, [`${shot.minute}′`, shot.match, shot.match_date].filter(Boolean).join(" · "))),
    html("span", { class: "became" }, text(`outcome_${shot.outcome}`)),
    html("span", { class: "num" }, goals(shot.xg))));

const found = (n) => text(n === 0 ? "noneFound" : n === 1 ? "oneFound" : n < MOST_FOUND ? "manyFound" : "firstFound", { n });

/** Make the field find shots; `open(shot)` hears which one was chosen. */
export const search = (open) => {
  const [area, input, list, told] = ["search-area", "search", "found-list", "found"].map(byId);
  let timer = null;
  const close = () => {
    clearTimeout(timer);
    finding.drop();
    byId("found-box").hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const show = (_, shots) => {
    list.replaceChildren(...shots.map((shot) => entry(shot, (chosen) => { close(); open(chosen); })));
    told.textContent = found(shots.length);
    byId("found-box").hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  const finding = new Latest(findShots, show, (_, error) => { show(null, []); told.textContent = inWords(error); });
  const look = () => finding.want(input.value.trim(), { atOnce: true });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE_MS); });
  input.addEventListener("focus", look);
  area.addEventListener("focusout", (event) => { if (!area.contains(event.relatedTarget) && event.relatedTarget) close(); });
  document.addEventListener("pointerdown", (event) => { if (!area.contains(event.target)) close(); });
  area.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "Escape") { input.focus(); close(); }
    if (event.key === "ArrowDown" && buttons.length) { event.preventDefault(); buttons[Math.min(at + 1, buttons.length - 1)].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (buttons[at - 1] ?? input).focus(); }
  });
  return close;
};
