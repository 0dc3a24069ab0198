// What went wrong, in a sentence, with what can be done.
import { byId } from "./dom.js";
import { text } from "./words.js";

let again = null;
let passes = false;

const show = (sentence, button, { click, isPassing }) => {
  byId("trouble").hidden = false;
  byId("trouble-text").textContent = sentence;
  byId("again").textContent = button;
  again = click;
  passes = isPassing;
};

const hide = () => {
  byId("trouble").hidden = true;
};

/** A sentence, with a button where trying again can help; else it stays until it is closed. */
export const tell = (sentence, retry = null) =>
  show(sentence, text(retry ? "tryAgain" : "close"), { click: retry ?? hide, isPassing: retry !== null });

/** Whoever was logged out logs in where he is: the page asks for it when it is loaded anew. */
export const tellLoggedOut = (sentence) => show(sentence, text("logIn"), { click: () => location.reload(), isPassing: true });

/** The server has answered: what it did not do before has passed. */
export const clear = () => {
  if (passes) hide();
};

byId("again").addEventListener("click", () => again?.());
