// Words and numbers in the page's language. Texts stand in the page itself, as its server translates them.
const texts = JSON.parse(document.getElementById("words").textContent);

export const language = document.documentElement.lang;

/** A text of the page, `%(name)s` replaced by values; plain text, never markup. */
export const text = (key, values = {}) => texts[key].replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));

/** A number with a fixed count of decimals and a real minus sign; a dash where there is none. */
export const number = (value, decimals = 2, { signed = false } = {}) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const digits = Math.abs(value).toFixed(decimals);
  const shown = language === "de" ? digits.replace(".", ",") : digits;
  if (!/[1-9]/.test(digits)) return shown;
  return `${value < 0 ? "\u2212" : signed ? "+" : ""}${shown}`;
};

/** Expected goals: two decimals, three where two would say nothing. */
export const goals = (value) => number(value, value !== null && Math.abs(value) < 0.01 ? 3 : 2);

/** `a`, `a and b`, `a, b and c`. */
export const listing = (parts) =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} ${text("and")} ${parts.at(-1)}`;

/** "16.5 m from the line, 4 m to the left". */
export const placeInWords = (scene, person) => {
  const depth = scene.pitch.length_m / 2 - person.x_m;
  const aside = Math.abs(person.y_m) < 0.05 ? text("central")
    : text(person.y_m > 0 ? "left" : "right", { m: number(Math.abs(person.y_m), 1) });
  return `${text("depth", { m: number(depth, 1) })}, ${aside}`;
};

/** What somebody is called: his name, else what he is. */
export const calledInWords = (scene, person) => {
  if (person.name) return person.name;
  if (person === scene.shooter) return text("shooter");
  if (person.is_keeper) return text(person.is_teammate ? "ownKeeper" : "keeper");
  const alike = scene.people.filter((other) => other.is_teammate === person.is_teammate && !other.is_keeper);
  return text(person.is_teammate ? "mateN" : "opponentN", { n: alike.findIndex((p) => p.id === person.id) + 1 });
};

/** What a scene is called: who shoots, and where that was. */
export const titleInWords = ({ shooter, title }) => [shooter.name, title].filter(Boolean).join(" · ");
