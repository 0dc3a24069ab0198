// What the page asks its server, and what went wrong in a sentence.
import { language, listing, text } from "./words.js";

const database = document.getElementById("play").dataset.database;
export const ROOT = new URL("../", location.href);
export const MOST_FOUND = 20;
const API = new URL(`api/v1/${database}/explore/`, ROOT);

/** The server's refusal, in its words or ours. */
export class Refusal extends Error {
  constructor(status, detail) {
    super(refusalInWords(status, detail));
    this.status = status;
    this.mistakes = Array.isArray(detail) ? detail : [];
  }
}

const refusalInWords = (status, detail) => {
  if (status === 401) return text("loggedOut");
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail) && detail.length) {
    return `${text("refused")} ${listing(detail.slice(0, 3).map(({ field, problem }) => (field ? `${field}: ${problem}` : problem)))}.`;
  }
  return text("serverError", { status });
};

/** Any error as a sentence for people. */
export const inWords = (error) => {
  if (error instanceof Refusal) return error.message;
  if (error.name === "TimeoutError") return text("late");
  return text(navigator.onLine ? "away" : "offline");
};

const request = async (path, options, query = {}) => {
  const address = new URL(path, API);
  for (const [key, value] of Object.entries({ ...query, language })) address.searchParams.set(key, value);
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error", ...options });
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => ({}));
  throw new Refusal(answer.status, body.detail);
};

const post = async (path, body, signal) => {
  const headers = { "Content-Type": "application/json" };
  return (await request(path, { method: "POST", headers, body: JSON.stringify(body), signal })).json();
};

export const askMove = (scene, signal) => post("move", scene, signal);
export const askRest = (scene, signal) => post("rest", scene, signal);
export const askCompare = (pair, signal) => post("compare", pair, signal);
export const findShots = async (q, signal) => (await request("shots", { signal }, { q, limit: MOST_FOUND })).json();

export const readShot = async ({ provider, match_id, shot_id }) => {
  const path = [provider, match_id, shot_id].map(encodeURIComponent).join("/");
  return (await request(`shots/${path}`)).json();
};

/** Shots of a file with their xG: bytes up, in whatever a spreadsheet has saved; bytes down, in the same dialect. */
export const scoreTable = async (file) => {
  const headers = { "Content-Type": "text/csv" };
  return (await request("table", { method: "POST", headers, body: file })).blob();
};

export const TEMPLATE = new URL("template.csv", API).href;
