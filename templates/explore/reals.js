// What is known of the stored shots that scenes began with: how they were, what became of them, what was published.
import { readShot } from "./api.js";
import { fromEnvelope } from "./scene.js";

const known = new Map();
const named = ({ shot }) => (shot ? JSON.stringify([shot.provider, shot.match_id, shot.shot_id]) : null);

/** What is known of the shot that a scene began with: `{scene, outcome, published_xg}`; null without one. */
export const realOf = ({ origin }) => known.get(named(origin)) ?? null;

/** Read a stored shot; gives its scene. */
export const readReal = async (shot) => {
  const envelope = await readShot(shot);
  const scene = fromEnvelope(envelope);
  known.set(named(scene.origin), { scene, outcome: envelope.outcome, published_xg: envelope.published_xg });
  return scene;
};
