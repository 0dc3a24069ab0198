// The scene of somebody who has to log in anew, for when he is back; a browser may not let us keep it.
import { fromEnvelope, toEnvelope } from "./scene.js";

const KEY = "xgoals-explorer";

export const keep = (scene) => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(toEnvelope(scene)));
  } catch {
    // it is in the address as well
  }
};

/** The scene that was kept, once; null without one. */
export const takeKept = () => {
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return kept && fromEnvelope(JSON.parse(kept));
  } catch {
    return null;
  }
};
