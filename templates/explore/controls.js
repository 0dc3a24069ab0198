// How the ball is struck, and the buttons beside the pitch.
import { byId } from "./dom.js";
import { hasRoomFor } from "./scene.js";

const CHOICES = ["shot_type", "set_up", "ball_control", "technique"];
const NUMBERS = ["since_own_shot_s"];

/** Let the form say `strike(change)`. */
export const listen = (strike) => {
  byId("strike").addEventListener("change", ({ target }) => {
    if (target.type === "checkbox") strike({ [target.name]: target.checked });
    else if (NUMBERS.includes(target.name)) {
      const value = target.valueAsNumber;
      if (Number.isNaN(value) || target.checkValidity()) strike({ [target.name]: Number.isNaN(value) ? null : value });
    } else strike({ [target.name]: target.value });
  });
};

/** Show what holds of a scene. */
export const sync = (scene, { canUndo, canRedo, canReset, selected }) => {
  for (const radio of document.getElementsByName("body_part")) radio.checked = radio.value === scene.strike.body_part;
  for (const name of CHOICES) byId("strike").elements[name].value = scene.strike[name];
  for (const name of NUMBERS) byId("strike").elements[name].value = scene.strike[name] ?? "";
  byId("in-the-air").hidden = scene.strike.body_part !== "head";
  byId("strike").elements.is_won_in_the_air.checked = scene.strike.is_won_in_the_air;
  for (const kind of ["opponent", "mate", "keeper"]) byId(`add-${kind}`).disabled = !hasRoomFor(scene, kind);
  byId("remove").disabled = !scene.people.some((person) => person.id === selected);
  byId("undo").disabled = !canUndo;
  byId("redo").disabled = !canRedo;
  byId("reset").disabled = !canReset;
};
