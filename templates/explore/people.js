// Everybody as a list: the way to play without a picture.
import { html } from "./dom.js";
import { kindOf } from "./draw.js";
import { everybody, onPicture, onPitch, SHOOTER } from "./scene.js";
import { calledInWords, number, text } from "./words.js";

const field = (scene, person, axis, say) => {
  const label = text(axis === "y" ? "depthOf" : "asideOf", { who: calledInWords(scene, person) });
  return html("input", {
    type: "number", step: 0.5, "aria-label": label, "data-axis": axis,
    onchange: ({ target }) => {
      const value = target.valueAsNumber;
      if (!Number.isFinite(value)) return say.redraw();
      return say.move(person.id, onPitch(scene, { ...onPicture(scene, person), [axis]: axis === "x" ? -value : value }), null);
    },
  });
};

const row = (scene, person, takes, say) => {
  const { x, y } = onPicture(scene, person);
  const [depth, aside] = [field(scene, person, "y", say), field(scene, person, "x", say)];
  depth.value = y.toFixed(1);
  aside.value = (-x || 0).toFixed(1);
  const isShooter = person.id === SHOOTER;
  const remove = isShooter ? "" : html("button", {
    type: "button", class: "quiet", "aria-label": text("removeOf", { who: calledInWords(scene, person) }), onclick: () => say.remove(person.id),
  }, "×");
  return html("tr", { "data-person": person.id },
    html("th", { scope: "row" }, html("i", { class: `p ${kindOf(scene, person)}` }), calledInWords(scene, person)),
    html("td", {}, depth), html("td", {}, aside),
    html("td", { class: "num" }, takes === undefined ? "" : number(-takes, 2, { signed: true })), html("td", {}, remove));
};

/** Fill the list, and leave the focus where it was. */
export const showPeople = (body, scene, takes, say) => {
  const active = body.contains(document.activeElement) ? document.activeElement : null;
  const at = active && [active.closest("tr").dataset.person, active.dataset.axis];
  body.replaceChildren(...everybody(scene).map((person) => row(scene, person, takes.get(person.id), say)));
  if (!at) return;
  const back = [...body.rows].find((found) => found.dataset.person === at[0]) ?? body.rows[0];
  (back.querySelector(at[1] ? `[data-axis=${at[1]}]` : "button") ?? back.querySelector("input")).focus({ preventScroll: true });
};
