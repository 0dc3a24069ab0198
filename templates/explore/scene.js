// A scene as the page keeps it: frozen, replaced and never changed; and the forms in which it travels.
import { text } from "./words.js";

const MOST_OPPONENTS = 11;
const MOST_MATES = 10;
export const SHOOTER = "shooter";
const MOST_LETTERS = 100;
const BESIDE_M = 3; // so far beyond the lines somebody may be put
const STRIKE = {
  body_part: "right_foot", shot_type: "open_play", set_up: "open_play", ball_control: "other", technique: "normal",
  shooter_vx_ms: null, shooter_vy_ms: null, since_own_shot_s: null, is_won_in_the_air: false,
};

let nextId = 0;
const withId = (person) => Object.freeze({ ...person, id: `p${nextId++}` });
const round = (metres) => Math.round(metres * 10) / 10;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** A shooter in front of goal, the keeper on his line, nobody else. */
export const emptyScene = () => fromEnvelope({
  scene: { x_m: 38.5, y_m: 0, body_part: "right_foot", people: [
    { x_m: 51.5, y_m: 0, is_teammate: false, is_keeper: true },
  ] },
});

export const everybody = (scene) => [scene.shooter, ...scene.people];
const personOf = (scene, id) => everybody(scene).find((person) => person.id === id);
export const keeperOf = (scene) => scene.people.find((person) => person.is_keeper && !person.is_teammate);

/** The picture's metres: the goal line is y = 0, depth grows downwards, the attacker's left is left. */
export const onPicture = (scene, { x_m, y_m }) => ({ x: -y_m, y: scene.pitch.length_m / 2 - x_m });
export const onPitch = (scene, { x, y }) => ({ x_m: scene.pitch.length_m / 2 - y, y_m: -x });

/** The scene with somebody elsewhere, to a tenth of a metre, and not off the pitch; itself where he stays. */
export const moved = (scene, id, { x_m, y_m }) => {
  const beyond = id === SHOOTER ? -0.1 : BESIDE_M;
  const [halfLength, halfWidth] = [scene.pitch.length_m / 2 + beyond, scene.pitch.width_m / 2 + beyond];
  const at = { x_m: round(clamp(x_m, -halfLength, halfLength)), y_m: round(clamp(y_m, -halfWidth, halfWidth)) };
  const before = personOf(scene, id);
  if (before.x_m === at.x_m && before.y_m === at.y_m) return scene;
  const placed = (person) => (person.id === id ? Object.freeze({ ...person, ...at }) : person);
  return Object.freeze({ ...scene, shooter: placed(scene.shooter), people: scene.people.map(placed) });
};

export const without = (scene, id) => Object.freeze({ ...scene, people: scene.people.filter((p) => p.id !== id) });

/** Whether one more of a kind may play: "opponent", "mate" or "keeper". */
export const hasRoomFor = (scene, kind) => {
  const mates = scene.people.filter((person) => person.is_teammate).length;
  if (kind === "mate") return mates < MOST_MATES;
  return scene.people.length - mates < MOST_OPPONENTS && (kind === "opponent" || !keeperOf(scene));
};

/** The scene with one more, where there is room: opponents between ball and goal, team-mates beside the ball. */
export const withOneMore = (scene, kind) => {
  const goal = { x_m: scene.pitch.length_m / 2, y_m: 0 };
  const { shooter } = scene;
  const between = (share) => ({
    x_m: shooter.x_m + share * (goal.x_m - shooter.x_m), y_m: shooter.y_m + share * (goal.y_m - shooter.y_m),
  });
  const wanted = kind === "keeper" ? { x_m: goal.x_m - 1, y_m: 0 }
    : kind === "mate" ? { x_m: shooter.x_m, y_m: shooter.y_m + 5 } : between(0.35);
  const isFree = (at) => everybody(scene).every((p) => Math.hypot(p.x_m - at.x_m, p.y_m - at.y_m) > 1.5);
  let at = wanted;
  for (let step = 1; !isFree(at) && step < 20; step += 1) {
    at = { x_m: wanted.x_m, y_m: wanted.y_m + (step % 2 ? 1 : -1) * Math.ceil(step / 2) * 1.7 };
  }
  const person = withId({ ...at, is_teammate: kind === "mate", is_keeper: kind === "keeper", name: null });
  return moved(Object.freeze({ ...scene, people: [...scene.people, person] }), person.id, at);
};

/** The scene struck otherwise; a penalty is taken from its spot, with the keeper on his line. */
export const struck = (scene, change) => {
  const next = Object.freeze({ ...scene, strike: Object.freeze({ ...scene.strike, ...change }) });
  if (change.shot_type !== "penalty") return next;
  const goal = scene.pitch.length_m / 2;
  const taken = moved(next, SHOOTER, { x_m: goal - 11, y_m: 0 });
  const keeper = keeperOf(taken);
  return keeper ? moved(taken, keeper.id, { x_m: goal - 0.3, y_m: 0 }) : taken;
};

/** What the server is asked, names included: its sentences say them. */
export const posted = (scene) => {
  const known = Object.fromEntries(Object.entries(scene.strike).filter(([, value]) => value !== null));
  const people = scene.people.map(({ x_m, y_m, is_teammate, is_keeper, name: called }) => (
    { x_m, y_m, is_teammate, is_keeper, ...(called ? { name: called } : {}) }));
  const { x_m, y_m } = scene.shooter;
  return { x_m, y_m, ...known, people, pitch: scene.pitch, ...scene.origin };
};

/** What a link or a file holds. */
export const toEnvelope = (scene) => ({ scene: posted(scene), shooter: scene.shooter.name, title: scene.title });

const finite = (value) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Error(text("notAScene"));
  return value;
};
const name = (value) => (typeof value === "string" && value.trim() ? value.slice(0, MOST_LETTERS) : null);
const optional = (value, fallback) => (value === undefined || value === null ? fallback : value);

const strikeOf = (scene) => {
  const strike = { ...STRIKE };
  for (const key of Object.keys(STRIKE)) {
    const value = optional(scene[key], STRIKE[key]);
    if (typeof STRIKE[key] === "boolean") strike[key] = Boolean(value);
    else if (STRIKE[key] === null) strike[key] = value === null ? null : finite(value);
    else strike[key] = String(value).slice(0, 40);
  }
  return Object.freeze(strike);
};

const originOf = ({ shot, provider, match_id }) => {
  const isText = (value) => typeof value === "string" && value.length <= 200;
  if (shot && ["provider", "match_id", "shot_id"].every((key) => isText(shot[key]))) {
    return Object.freeze({ shot: { provider: shot.provider, match_id: shot.match_id, shot_id: shot.shot_id } });
  }
  return Object.freeze(isText(provider) && isText(match_id) ? { provider, match_id } : {});
};

/** A scene from the server, a link or a file; also a bare scene of the API. Refuses, in words, what is none. */
export const fromEnvelope = (envelope) => {
  const scene = envelope?.scene ?? envelope;
  if (!scene || typeof scene !== "object" || Array.isArray(scene)) throw new Error(text("notAScene"));
  const people = optional(scene.people, []);
  if (!Array.isArray(people) || people.length > MOST_OPPONENTS + MOST_MATES + 1) throw new Error(text("notAScene"));
  const pitch = { length_m: finite(optional(scene.pitch?.length_m, 105)), width_m: finite(optional(scene.pitch?.width_m, 68)) };
  return Object.freeze({
    pitch: Object.freeze(pitch),
    shooter: Object.freeze({ id: SHOOTER, x_m: finite(scene.x_m), y_m: finite(scene.y_m), name: name(envelope.shooter) }),
    people: people.map((person, n) => withId({
      x_m: finite(person?.x_m), y_m: finite(person?.y_m), is_teammate: Boolean(person.is_teammate),
      is_keeper: Boolean(person.is_keeper), name: name(envelope.names?.[n]) ?? name(person.name),
    })),
    strike: strikeOf(scene),
    origin: originOf(scene),
    title: name(envelope.title),
  });
};

/** An envelope as the end of an address, and back. */
export const toFragment = (envelope) => {
  const bytes = new TextEncoder().encode(JSON.stringify(envelope));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

export const fromFragment = (fragment) => {
  try {
    const letters = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Error(text("notALink"));
  }
};
