// What went wrong, in a sentence, with what can be done.
import { byId } from "./dom.js";
import { text } from "./words.js";

let again = null;

const show = (sentence, button) => {
  byId("trouble").hidden = false;
  byId("trouble-text").textContent = sentence;
  byId("again").hidden = button === "";
  byId("again").textContent = button;
};

/** A sentence, and a button where trying again can help. */
export const tell = (sentence, retry = null) => {
  again = retry;
  show(sentence, retry ? text("tryAgain") : "");
};

/** Whoever was logged out logs in where he is: the page asks for it when it is loaded anew. */
export const tellLoggedOut = (sentence) => {
  again = () => location.reload();
  show(sentence, text("logIn"));
};

export const clear = () => {
  byId("trouble").hidden = true;
};

byId("again").addEventListener("click", () => again?.());
