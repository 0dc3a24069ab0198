// xG for shots of one's own: a table goes up, a table with numbers comes down.
import { inWords, Refusal, scoreTable } from "./api.js";
import { byId, download, html } from "./dom.js";
import { goals, text } from "./words.js";

const SHOWN = 20;
const MAX_BYTES = 2 * 1024 * 1024;

const separatorOf = (csv) => {
  const heading = csv.split(/\r?\n/, 1)[0];
  return [";", "\t", ","].reduce((best, sign) => (heading.split(sign).length > heading.split(best).length ? sign : best));
};

/** Rows of a table with whatever stands between its cells; quotes, and line breaks in quotes, included. */
const readCsv = (csv) => {
  const sign = separatorOf(csv);
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${sign}\r\n]*))(${sign}|\r?\n|$)`, "g");
  const rows = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(cell)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "") break;
    if (end !== sign) rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || row[0]);
};

const numberIn = (cell) => Number((cell ?? "").replace(",", ".")) || 0;

const cells = (row, name) => row.map((cell) => html(name, name === "th" ? { scope: "col" } : {}, cell));

const mistakeInWords = ({ row, column, field, problem, advice }) => {
  const where = [row === null || row === undefined ? "" : text("rowN", { n: row }), column ?? field ?? ""].filter(Boolean).join(", ");
  return html("li", {}, where ? html("b", {}, `${where}: `) : "", advice ? `${problem}. ${advice}.` : `${problem}.`);
};

/** Shots that could not be read have no number; the file says why. */
const leftOut = (rows, at) => rows.map((row, n) => [n + 1, row[at]]).filter(([, mistake]) => mistake)
  .map(([n, mistake]) => html("li", {}, html("b", {}, `${text("shotN", { n })}: `), mistake));

const toldOf = (n, xg, nLeftOut) => {
  if (nLeftOut) return text("leftOut", { n: n - nLeftOut, of: n, xg });
  return text(n === 1 ? "oneScored" : "scored", { n, xg });
};

const showScored = async (scored, file) => {
  const [heading, ...rows] = readCsv(await scored.text());
  const at = heading.indexOf("xg");
  const sum = rows.reduce((total, row) => total + (numberIn(row[at])), 0);
  const mistakes = leftOut(rows, heading.indexOf("mistake"));
  byId("table-told").textContent = toldOf(rows.length, goals(sum), mistakes.length);
  const head = html("thead", {}, html("tr", {}, ...cells(heading, "th")));
  const body = html("tbody", {}, ...rows.slice(0, SHOWN).map((row) =>
    html("tr", {}, ...cells(row.map((cell, n) => (n === at && cell ? goals(numberIn(cell)) : cell)), "td"))));
  const save = html("button", { type: "button", onclick: () => download(scored, `${file.replace(/\.csv$/i, "")}-xg.csv`, "text/csv") }, text("saveCsv"));
  byId("table-answer").replaceChildren(mistakes.length ? html("ul", { class: "mistakes" }, ...mistakes) : "", html("p", {}, save),
    html("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": text("scoredShots") }, html("table", {}, head, body)),
    rows.length > SHOWN ? html("p", { class: "note" }, text("firstRows", { n: SHOWN })) : "");
};

const showMistakes = (mistakes, message) => {
  byId("table-told").textContent = mistakes.length ? text("mistakes") : message;
  byId("table-answer").replaceChildren(html("ul", { class: "mistakes" }, ...mistakes.map(mistakeInWords)));
};

/** Have a file scored, and show what came of it. */
export const scoreFile = async (file) => {
  byId("own").scrollIntoView({ block: "nearest" });
  byId("table-told").textContent = text("scoring", { file: file.name });
  byId("table-answer").replaceChildren();
  if (file.size > MAX_BYTES) return showMistakes([], text("tooLarge"));
  try {
    return await showScored(await scoreTable(file), file.name);
  } catch (error) {
    return showMistakes(error instanceof Refusal ? error.mistakes : [], inWords(error));
  }
};
