// Taking a scene along: as a link, as a picture, as JSON.
import { byId, download } from "./dom.js";
import { box, still, svg, TAKES_SOMETHING, viewOf } from "./draw.js";
import { onPicture, toEnvelope, toFragment } from "./scene.js";
import { placeLabels } from "./labels.js";
import { scaleOf, steps } from "./waterfall.js";
import { goals, number, text, titleInWords } from "./words.js";

const PAINTED = ["fill", "stroke", "stroke-width", "opacity", "fill-opacity", "stroke-dasharray", "paint-order", "stroke-linejoin", "font-weight"];

/** The address of the page with this scene, and the one that it is compared with, in it. */
export const linkTo = (scene, pinned) => {
  const address = new URL(location.href);
  address.search = "";
  address.hash = `s=${toFragment(toEnvelope(scene))}${pinned ? `&a=${toFragment(toEnvelope(pinned))}` : ""}`;
  return address.href;
};

/** Put a link where it can be pasted from; false where the browser does not let us. */
export const copied = async (link) => {
  try {
    await navigator.clipboard.writeText(link);
    return true;
  } catch {
    return false;
  }
};

const fileName = (scene) =>
  `xg-${titleInWords(scene).normalize("NFD").replace(/\p{M}/gu, "").replace(/[^\w]+/g, "-").replace(/^-|-$/g, "").slice(0, 60).toLowerCase() || "scene"}`;

export const saveJson = (scene) => download(JSON.stringify(toEnvelope(scene), null, 1), `${fileName(scene)}.json`, "application/json");

const label = (x, y, size, content, attributes = {}) => svg("text", { x, y, "font-size": size, class: "ink", ...attributes }, content);

const lines = (content, most) => content.split(" ").reduce((all, word) => {
  const last = `${all.at(-1)} ${word}`.trim();
  return last.length <= most ? [...all.slice(0, -1), last] : [...all, word];
}, [""]);

const bars = (answer, x, y, width) => {
  const scale = scaleOf([answer]);
  return steps(answer, scale).flatMap(({ part, value, from, to, isPainted }, n) => {
    const top = y + n * 46;
    const bar = svg("rect", { class: value < 0 ? "fell" : "rose", x: x + (from * width) / 100, y: top + 8, width: Math.max(2, ((to - from) * width) / 100), height: 18, rx: 3 });
    return [label(x, top, 17, text(`part_${part}`)), label(x + width, top, 17, value === null ? text("notRecorded") : number(value, 2, { signed: true }), { "text-anchor": "end" }),
      ...(isPainted ? [bar] : [])];
  });
};

const names = (scene, takes, view, r) => {
  const dots = [scene.shooter, ...scene.people].map((person) => {
    const isTold = Math.abs(takes.get(person.id) ?? 0) >= TAKES_SOMETHING;
    const name = person.name && (isTold || person === scene.shooter || person.is_keeper) ? person.name.split(" ").at(-1) : "";
    return { ...onPicture(scene, person), r: 1.6 * r, id: person.id, label: `${name} ${isTold ? number(-takes.get(person.id), 2, { signed: true }) : ""}`.trim() };
  });
  return placeLabels(dots, 0.9, view).map((placed) =>
    svg("text", { class: "name", x: placed.x, y: placed.y, "text-anchor": "middle", "font-size": 0.9 }, placed.label));
};

/** The scene, its number and its reasons as one SVG of 1200 x 675. */
const poster = (scene, answer, takes) => {
  const view = viewOf(scene, 760 / 555);
  const pitch = still(scene, view, 0.5, "", takes);
  pitch.append(...names(scene, takes, view, 0.5));
  for (const [key, value] of Object.entries({ x: 32, y: 88, width: 760, height: 555, viewBox: box(view) })) pitch.setAttribute(key, value);
  return svg("svg", { viewBox: "0 0 1200 675", width: 1200, height: 675, class: "poster", "font-family": "Inter, system-ui, sans-serif" },
    svg("rect", { class: "paper", width: 1200, height: 675 }),
    label(32, 55, 25, titleInWords(scene) || text("title"), { "font-weight": 650 }), pitch,
    label(832, 165, 96, goals(answer.xg), { "font-weight": 700 }), ...lines(`xG · ${byId("rank").textContent}`, 32).map((line, n) => label(832, 204 + 27 * n, 20, line, { class: "quiet" })),
    ...(answer.is_penalty ? [] : [label(832, 300, 17, text("average")), label(1162, 300, 17, goals(answer.average), { "text-anchor": "end" }), ...bars(answer, 832, 346, 330)]),
    ...(byId("real").hidden ? [] : lines(byId("real").textContent, 40).map((line, n) => label(832, 566 + 24 * n, 17, line))),
    label(832, 640, 16, "xgoals", { class: "quiet" }));
};

/** What style sheets say, written into the elements: a picture takes no sheets along. */
const paint = (root) => {
  const elements = [root, ...root.querySelectorAll("*")];
  const said = elements.map((element) => {
    const style = getComputedStyle(element);
    return PAINTED.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
  });
  elements.forEach((element, n) => {
    element.removeAttribute("class");
    element.setAttribute("style", said[n]);
  });
};

/** Save the picture as PNG, twice as fine as it is large. */
export const savePng = async (scene, answer, takes) => {
  const drawing = poster(scene, answer, takes);
  byId("darkroom").replaceChildren(drawing);
  paint(drawing);
  const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(drawing))}`;
  byId("darkroom").replaceChildren();
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2400, 1350];
  canvas.getContext("2d").drawImage(image, 0, 0, 2400, 1350);
  const picture = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
  download(picture, `${fileName(scene)}.png`, "image/png");
};
