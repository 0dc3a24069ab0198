// The explorer: one scene, its history, and what the model says of it.
import { showAlike } from "./alike.js";
import { showMove, showRest, spoken, takesOf } from "./answer.js";
import { askCompare, askMove, askRest, findShots, inWords, readShot, TEMPLATE } from "./api.js";
import { Board } from "./board.js";
import { forgetDifference, showDifference, showPair } from "./compare.js";
import { listen, sync } from "./controls.js";
import { byId } from "./dom.js";
import { History } from "./history.js";
import { Latest } from "./latest.js";
import { showPeople } from "./people.js";
import { emptyScene, fromEnvelope, fromFragment, moved, posted, struck, toEnvelope, withOneMore, without } from "./scene.js";
import { search } from "./search.js";
import { copied, linkTo, saveJson, savePng } from "./share.js";
import { scoreFile } from "./table.js";
import { clear, tell, tellLoggedOut } from "./trouble.js";
import { text, titleInWords } from "./words.js";

const RESTS_MS = 300;
const KEPT = "xgoals-explorer"; // the scene of somebody who has to log in anew
const MOST_JSON_BYTES = 1e6;

const play = byId("play");
const history = new History(emptyScene());
let [version, shown] = [0, null]; // shown: the newest answer {version, scene, answer}
const reals = new Map(); // what is known of the shots that scenes began with, by who they are
let pinned = null;
let [selected, takes] = [null, new Map()];
let timer = null;

const now = () => history.present;
const named = ({ shot }) => (shot ? JSON.stringify([shot.provider, shot.match_id, shot.shot_id]) : null);
const real = () => reals.get(named(now().origin)) ?? null;
const isCurrent = () => shown?.version === version;

const failed = (_, error) => {
  shown = null;
  play.classList.add("unknown");
  byId("xg").textContent = "–";
  play.setAttribute("aria-busy", "false");
  troubled(error);
};

const troubled = (error) => {
  if (error.status !== 401) return tell(inWords(error), ask);
  sessionStorage.setItem(KEPT, JSON.stringify(toEnvelope(now())));
  return tellLoggedOut(inWords(error));
};

const live = new Latest(({ body }, signal) => askMove(body, signal), (question, answer) => {
  shown = { ...question, answer };
  clear();
  play.classList.remove("unknown");
  showMove(answer, reals.get(named(question.scene.origin)));
  showPair(pinned, question.scene, answer.xg);
  play.dataset.shown = question.version;
  play.setAttribute("aria-busy", String(!isCurrent()));
}, failed);

const rest = new Latest(({ body }, signal) => askRest(body, signal), (question, answer) => {
  takes = takesOf(question.scene, answer);
  board.told(takes);
  if (isCurrent()) {
    showRest(question.scene, shown.answer, answer);
    byId("said").textContent = spoken(question.scene, shown.answer, answer);
  }
  showAlike(answer, open);
  showPeople(byId("people"), now(), takes, hand);
  play.classList.remove("moves");
  play.dataset.rested = question.version;
}, (_, error) => troubled(error));

const comparing = new Latest((pair, signal) => askCompare(pair, signal), (_, answer) => {
  if (!pinned) return;
  pinned = { ...pinned, xg: answer.a };
  showPair(pinned, now(), answer.b);
  showDifference(answer);
}, (_, error) => troubled(error));

/** Ask all that is asked of a scene: the number now, the rest once the hand rests. */
const ask = ({ atOnce = true } = {}) => {
  const question = { version, scene: now(), body: posted(now()) };
  play.setAttribute("aria-busy", "true");
  live.want(question, { atOnce });
  clearTimeout(timer);
  rest.drop();
  comparing.drop();
  timer = setTimeout(() => {
    rest.want(question);
    if (pinned) comparing.want({ a: posted(pinned.scene), b: question.body });
    window.history.replaceState(null, "", linkTo(now(), pinned?.scene));
  }, RESTS_MS);
};

/** Draw what is, and ask about it. A move of the hand waits its turn; anything else stops what is under way. */
const changed = ({ atOnce = true } = {}) => {
  version += 1;
  takes = new Map();
  play.dataset.asked = version;
  play.classList.add("moves");
  board.show(now());
  forgetDifference();
  showControls();
  if (atOnce) showPeople(byId("people"), now(), takes, hand);
  ask({ atOnce });
};

const showControls = () => {
  const { canUndo, canRedo } = history;
  sync(now(), { canUndo, canRedo, canReset: real() !== null && now() !== real().scene, selected });
  byId("scene-title").textContent = titleInWords(now()) || text("ownScene");
};

const change = (next, join = null) => {
  history.push(next, join);
  changed({ atOnce: join === null });
};

const hand = {
  move: (id, place, join) => change(moved(now(), id, place), join),
  remove: (id) => {
    const n = now().people.findIndex((person) => person.id === id);
    if (n < 0) return;
    change(without(now(), id));
    if (!byId("people").contains(document.activeElement)) board.focus((now().people[n] ?? now().shooter).id);
  },
  select: (id) => { selected = id; showControls(); },
  rest: () => showPeople(byId("people"), now(), takes, hand),
  redraw: () => showPeople(byId("people"), now(), takes, hand),
};
const board = new Board(byId("board"), hand);

const add = (kind) => {
  change(withOneMore(now(), kind));
  board.focus(now().people.at(-1).id);
};

const learn = (envelope) => {
  const scene = fromEnvelope(envelope);
  reals.set(named(scene.origin), { scene, outcome: envelope.outcome, published_xg: envelope.published_xg });
  return scene;
};

/** Begin with a scene; what was there can be had back. */
const begin = (scene) => {
  if (version === 0) history.present = scene; // there is nothing to go back to
  else history.push(scene);
  board.show(scene);
  board.look({ isWhole: false });
  changed();
  if (scene.origin.shot && !real()) learnReal(scene);
};

const learnReal = async ({ origin }) => {
  const envelope = await readShot(origin.shot).catch(() => null);
  if (!envelope) return;
  learn(envelope);
  showControls();
  if (isCurrent()) showMove(shown.answer, real());
};

const open = async (shot) => {
  try {
    begin(learn(await readShot(shot)));
    byId("play").scrollIntoView({ block: "nearest" });
  } catch (error) {
    troubled(error);
  }
};

const pin = (scene, xg) => {
  pinned = scene && { scene, xg };
  board.haunt(scene);
  showPair(pinned, now(), isCurrent() ? shown.answer.xg : null);
  forgetDifference();
  ask();
};

const readFile = async (file) => {
  if (/\.csv$/i.test(file.name) || file.type === "text/csv") return scoreFile(file);
  try {
    if (file.size > MOST_JSON_BYTES) throw new Error(text("notAScene"));
    return begin(fromEnvelope(JSON.parse(await file.text())));
  } catch {
    return tell(text("notAScene"));
  }
};

const readAddress = () => {
  const parts = new URLSearchParams(location.hash.slice(1));
  try {
    if (!parts.get("s")) return false;
    begin(fromEnvelope(fromFragment(parts.get("s"))));
    if (parts.get("a")) pin(fromEnvelope(fromFragment(parts.get("a"))), null);
    return true;
  } catch (error) {
    tell(error.message);
    return false;
  }
};

/** A shared scene, a shot that is named, what was under way at a login, else a shot worth to begin with. */
const start = async () => {
  const asked = new URLSearchParams(location.search).get("shot")?.split("/").map(decodeURIComponent);
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (readAddress()) return;
  if (asked?.length === 3) return open({ provider: asked[0], match_id: asked[1], shot_id: asked[2] });
  if (kept) return begin(fromEnvelope(JSON.parse(kept)));
  const [first] = await findShots("").catch(() => []);
  if (version === 0 && first) await open(first);
  if (version === 0) changed();
};

const share = async () => {
  const link = linkTo(now(), pinned?.scene);
  const isCopied = await copied(link);
  byId("link").hidden = isCopied;
  byId("link-text").value = link;
  if (!isCopied) byId("link-text").select();
  byId("shared").textContent = isCopied ? text("copied") : text("copyIt");
};

const CLICKS = {
  undo: () => { history.undo(); changed(); },
  redo: () => { history.redo(); changed(); },
  reset: () => change(real().scene),
  empty: () => begin(emptyScene()),
  remove: () => hand.remove(selected),
  "add-opponent": () => add("opponent"),
  "add-mate": () => add("mate"),
  "add-keeper": () => add("keeper"),
  whole: ({ currentTarget }) => {
    board.look({ isWhole: !board.isWhole });
    currentTarget.setAttribute("aria-pressed", String(board.isWhole));
  },
  pin: () => pin(now(), isCurrent() ? shown.answer.xg : null),
  unpin: () => pin(null),
  swap: () => { const { scene } = pinned; pin(now(), null); change(scene); },
  share,
  "save-png": () => isCurrent() && savePng(now(), shown.answer, takes),
  "save-json": () => saveJson(now()),
};
for (const [id, click] of Object.entries(CLICKS)) byId(id).addEventListener("click", click);

listen((strike) => change(struck(now(), strike)));
const closeSearch = search(open);
byId("template").href = TEMPLATE;
byId("file").addEventListener("change", ({ target }) => {
  if (target.files[0]) readFile(target.files[0]);
  target.value = "";
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input:not([type=radio])")) return;
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") {
    event.preventDefault();
    CLICKS[key === "y" || event.shiftKey ? "redo" : "undo"]();
  }
});
document.addEventListener("dragover", (event) => { event.preventDefault(); play.classList.add("receives"); });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) play.classList.remove("receives"); });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  play.classList.remove("receives");
  closeSearch();
  if (event.dataTransfer.files[0]) readFile(event.dataTransfer.files[0]);
});
addEventListener("offline", () => tell(text("offline"), ask));
addEventListener("online", () => ask());
addEventListener("hashchange", readAddress);
start();
