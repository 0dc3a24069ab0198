// The explorer: one scene, its history, and what the model says of it.
import { showAlike } from "./alike.js";
import { showMove, showRest, spoken, takesOf } from "./answer.js";
import { findShots, inWords, TEMPLATE } from "./api.js";
import { Board } from "./board.js";
import { forgetDifference, showDifference, showPair } from "./compare.js";
import { listen, sync } from "./controls.js";
import { byId } from "./dom.js";
import { History } from "./history.js";
import { keep, takeKept } from "./kept.js";
import { showPeople } from "./people.js";
import { Questions } from "./questions.js";
import { readReal, realOf } from "./reals.js";
import { emptyScene, fromEnvelope, fromFragment, moved, struck, withOneMore, without } from "./scene.js";
import { search } from "./search.js";
import { copied, linkTo, saveJson, savePng } from "./share.js";
import { scoreFile } from "./table.js";
import { clear, tell, tellLoggedOut } from "./trouble.js";
import { text, titleInWords } from "./words.js";

const MOST_JSON_BYTES = 1e6;

const play = byId("play");
const history = new History(emptyScene());
let pinned = null; // {scene, xg}: A, with its number once it is known
let [selected, takes] = [null, new Map()];

const now = () => history.present;
const listPeople = () => showPeople(byId("people"), now(), takes, hand);

const hear = {
  move: ({ version, scene }, answer) => {
    clear();
    play.classList.remove("unknown");
    showMove(answer, realOf(scene));
    showPair(pinned, scene, answer.xg);
    play.dataset.shown = version;
    play.setAttribute("aria-busy", String(!questions.answer));
  },
  rest: ({ version, scene }, rest) => {
    takes = takesOf(scene, rest);
    board.told(takes);
    showRest(scene, questions.answer, rest);
    byId("said").textContent = spoken(scene, questions.answer, rest);
    showAlike(rest, open);
    listPeople();
    play.classList.remove("moves");
    play.dataset.rested = version;
  },
  compare: (answer) => {
    if (!pinned) return;
    pinned = { ...pinned, xg: answer.a };
    showPair(pinned, now(), answer.b);
    showDifference(answer);
  },
  unknown: () => {
    play.classList.add("unknown");
    byId("xg").textContent = "–";
    play.setAttribute("aria-busy", "false");
  },
  still: () => window.history.replaceState(null, "", linkTo(now(), pinned?.scene)),
  trouble: (error) => {
    if (error.status !== 401) return tell(inWords(error), changed);
    keep(now());
    return tellLoggedOut(inWords(error));
  },
};
const questions = new Questions(hear);

/** Draw what is, and ask about it. A move of the hand waits its turn; anything else stops what is under way. */
const changed = ({ atOnce = true } = {}) => {
  takes = new Map();
  play.classList.add("moves");
  play.setAttribute("aria-busy", "true");
  board.show(now());
  forgetDifference();
  showControls();
  if (atOnce) listPeople();
  questions.ask(now(), pinned?.scene, { atOnce });
  play.dataset.asked = questions.version;
};

const showControls = () => {
  const { canUndo, canRedo } = history;
  const real = realOf(now());
  sync(now(), { canUndo, canRedo, canReset: real !== null && now() !== real.scene, selected });
  byId("scene-title").textContent = titleInWords(now()) || text("ownScene");
};

const change = (next, join = null) => {
  history.push(next, join);
  changed({ atOnce: join === null });
};

const hand = {
  move: (id, place, join) => {
    const next = moved(now(), id, place);
    if (next !== now()) change(next, join);
  },
  remove: (id) => {
    const n = now().people.findIndex((person) => person.id === id);
    if (n < 0) return;
    change(without(now(), id));
    if (!byId("people").contains(document.activeElement)) board.focus((now().people[n] ?? now().shooter).id);
  },
  select: (id) => { selected = id; showControls(); },
  rest: () => listPeople(),
  redraw: () => listPeople(),
};
const board = new Board(byId("board"), hand);

const add = (kind) => {
  change(withOneMore(now(), kind));
  board.focus(now().people.at(-1).id);
};

/** Begin with a scene; what was there can be had back. */
const begin = (scene) => {
  if (questions.version === 0) history.present = scene; // there is nothing to go back to
  else history.push(scene);
  board.show(scene);
  board.look({ isWhole: false });
  changed();
  if (scene.origin.shot && !realOf(scene)) rememberReal(scene.origin.shot);
};

const rememberReal = async (shot) => {
  await readReal(shot).catch(() => null); // a link may tell of a shot that is no more
  showControls();
  if (questions.answer) showMove(questions.answer, realOf(now()));
};

const open = async (shot) => {
  try {
    begin(await readReal(shot));
    byId("play").scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (error.status === 401) hear.trouble(error);
    else tell(inWords(error));
  }
};

const pin = (scene, xg = null) => {
  pinned = scene && { scene, xg };
  board.haunt(scene);
  showPair(pinned, now(), questions.answer?.xg ?? null);
  changed();
};

const readFile = async (file) => {
  if (!/\.json$/i.test(file.name)) return scoreFile(file);
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
    if (parts.get("a")) pin(fromEnvelope(fromFragment(parts.get("a"))));
    return true;
  } catch (error) {
    tell(error.message);
    return false;
  }
};

const shotInAddress = () => {
  try {
    const named = new URLSearchParams(location.search).get("shot").split("/").map(decodeURIComponent);
    return named.length === 3 ? { provider: named[0], match_id: named[1], shot_id: named[2] } : null;
  } catch {
    return null;
  }
};

/** A shared scene, a shot that is named, what was under way at a login, else a shot worth to begin with. */
const start = async () => {
  const asked = shotInAddress();
  const kept = takeKept();
  if (readAddress()) return;
  if (kept && !asked) return begin(kept);
  const [first] = asked ? [asked] : await findShots("").catch(() => []);
  if (questions.version === 0 && first) await open(first);
  if (questions.version === 0) changed();
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
  reset: () => change(realOf(now()).scene),
  empty: () => begin(emptyScene()),
  remove: () => hand.remove(selected),
  "add-opponent": () => add("opponent"),
  "add-mate": () => add("mate"),
  "add-keeper": () => add("keeper"),
  whole: ({ currentTarget }) => {
    board.look({ isWhole: !board.isWhole });
    currentTarget.setAttribute("aria-pressed", String(board.isWhole));
  },
  pin: () => pin(now(), questions.answer?.xg),
  unpin: () => pin(null),
  swap: () => { const { scene } = pinned; pin(now()); change(scene); },
  share,
  "save-png": () => questions.answer && savePng(now(), questions.answer, takes),
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
addEventListener("offline", () => tell(text("offline"), changed));
addEventListener("online", () => changed());
addEventListener("hashchange", readAddress);
start();
