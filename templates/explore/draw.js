// The pitch and who stands on it, as SVG in metres; the same for the board, the two that are compared, and the picture.
import { keeperOf, onPicture } from "./scene.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const HALF_GOAL_M = 3.66;
const KEEPER_HALF_REACH_M = 1.6;
const ABOVE_M = 3;
const CLOSE_M = 25;
const HALF_M = 45;

/** Less xG than this is nothing: it has no ring. */
export const TAKES_SOMETHING = 0.005;

/** An SVG element with attributes and children. */
export const svg = (name, attributes = {}, ...children) => {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

/** What is seen of the pitch, `ratio` wide for its height: from close by, or the whole half. */
export const viewOf = (scene, ratio, { isWhole = false } = {}) => {
  const ball = onPicture(scene, scene.shooter);
  const room = ball.y + 4;
  const depth = isWhole ? Math.max(HALF_M, room, 72 / ratio - ABOVE_M) : Math.max(CLOSE_M, room);
  const height = depth + ABOVE_M;
  const width = height * ratio;
  const most = Math.max(0, scene.pitch.width_m / 2 + 4 - width / 2);
  const middle = isWhole ? 0 : Math.min(Math.max(ball.x * 0.5, -most), most);
  return { left: middle - width / 2, top: -ABOVE_M, width, height };
};

export const box = ({ left, top, width, height }) => [left, top, width, height].map((m) => m.toFixed(2)).join(" ");

/** Grass, lines and goal. */
export const pitchLines = (scene) => {
  const half = scene.pitch.width_m / 2;
  const length = scene.pitch.length_m;
  return [
    svg("rect", { class: "grass", x: -150, y: -20, width: 300, height: 200 }),
    svg("path", {
      class: "chalk",
      d: `M${-half} 0H${half}V${length}H${-half}ZM-20.16 0V16.5H20.16V0M-9.16 0V5.5H9.16V0`
        + `M-7.31 16.5A9.15 9.15 0 0 0 7.31 16.5M${-half} ${length / 2}H${half}`
        + `M-9.15 ${length / 2}A9.15 9.15 0 0 1 9.15 ${length / 2}`,
    }),
    svg("circle", { cx: 0, cy: 11, r: 0.22, fill: "var(--chalk)" }),
    svg("path", { class: "netting", d: netting() }),
    svg("rect", { class: "frame", x: -HALF_GOAL_M, y: -2, width: 2 * HALF_GOAL_M, height: 2 }),
  ];
};

const netting = () => {
  const lines = [];
  for (let x = -HALF_GOAL_M + 0.6; x < HALF_GOAL_M; x += 0.61) lines.push(`M${x.toFixed(2)} -2V0`);
  for (let y = -1.5; y < 0; y += 0.5) lines.push(`M${-HALF_GOAL_M} ${y}H${HALF_GOAL_M}`);
  return lines.join("");
};

/** What the goal opens to the ball, as a path. */
export const openAngle = (scene) => {
  const { x, y } = onPicture(scene, scene.shooter);
  return `M${x} ${y}L${-HALF_GOAL_M} 0H${HALF_GOAL_M}Z`;
};

/** What of it the keeper hides, square to the line from the ball, as a path; empty where he hides nothing. */
export const shadow = (scene) => {
  const keeper = keeperOf(scene);
  if (!keeper) return "";
  const ball = onPicture(scene, scene.shooter);
  const at = onPicture(scene, keeper);
  const ahead = ball.y - at.y;
  if (ball.y <= 0 || ahead <= 0 || at.y < 0) return "";
  const post = (x) => Math.atan2(x - ball.x, ball.y);
  const centre = Math.atan2(at.x - ball.x, ahead);
  const spread = Math.atan2(KEEPER_HALF_REACH_M, Math.hypot(at.x - ball.x, ahead));
  const within = (bearing) => Math.min(Math.max(bearing, post(-HALF_GOAL_M)), post(HALF_GOAL_M));
  const [low, high] = [within(centre - spread), within(centre + spread)];
  if (high <= low) return "";
  const corner = (way, bearing) => `${(ball.x + way * Math.tan(bearing)).toFixed(2)} ${(ball.y - way).toFixed(2)}`;
  return `M${[[ahead, low], [ahead, high], [ball.y, high], [ball.y, low]].map((c) => corner(...c)).join("L")}Z`;
};

export const kindOf = (scene, person) =>
  person === scene.shooter ? "shooter" : person.is_keeper && !person.is_teammate ? "keeper"
    : person.is_teammate ? "mate" : "opponent";

/** Somebody as a shape around the origin, `r` in metres. */
export const shape = (kind, r) => {
  if (kind === "keeper") return [svg("rect", { class: "keeper", x: -r, y: -r, width: 2 * r, height: 2 * r, rx: r * 0.2 })];
  if (kind === "shooter") return [svg("circle", { class: "shooter", r: 1.25 * r }), svg("circle", { class: "spot", r: 0.42 * r })];
  return [svg("circle", { class: kind, r: kind === "mate" ? 0.86 * r : r })];
};

/** The ring around who takes something of the chance: the thicker, the more. */
export const ring = (takes, r) =>
  svg("circle", { class: takes > 0 ? "way" : "gives", r: 1.5 * r, "stroke-width": r * (0.25 + 2.5 * Math.min(Math.abs(takes), 0.4)) });

/** A scene that stands still, as a picture with a text alternative; who takes something bears a ring. */
export const still = (scene, view, r, alt, takes = new Map()) => {
  const at = (person, ...drawn) => {
    const { x, y } = onPicture(scene, person);
    return svg("g", { transform: `translate(${x} ${y})` }, ...drawn);
  };
  const everybody = [...scene.people, scene.shooter];
  const ringed = everybody.filter(({ id }) => Math.abs(takes.get(id) ?? 0) >= TAKES_SOMETHING);
  return svg("svg", { class: "scene", viewBox: box(view), role: "img", "aria-label": alt },
    ...pitchLines(scene),
    svg("path", { class: "angle", d: openAngle(scene) }),
    svg("path", { class: "shadow", d: shadow(scene) }),
    ...ringed.map((person) => at(person, ring(takes.get(person.id), r))),
    ...everybody.map((person) => at(person, ...shape(kindOf(scene, person), r))));
};
