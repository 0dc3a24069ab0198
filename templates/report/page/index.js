"use strict";
(() => {
  const box = document.querySelector(".search");
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const folds = [...document.querySelectorAll(".reports details")];
  const openAtFirst = new Set(folds.filter((fold) => fold.open));
  const names = input.dataset.names.split("|");

  // Müller is found by müller, muller and mueller, Ødegaard by odegaard and oedegaard.
  const PLAIN = { ß: "ss", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
  const SPELLED = { ä: "ae", ö: "oe", ü: "ue", ø: "oe", å: "aa" };
  const replaced = (text, letters) => text.replace(/[^\x00-\x7f]/g, (letter) => letters[letter] ?? letter);
  const folded = (text) => replaced(text.toLowerCase(), PLAIN).normalize("NFD").replace(/\p{M}/gu, "");
  const spelled = (text) => folded(replaced(text.normalize("NFC").toLowerCase(), SPELLED));
  const searched = (text) => (/[^\x00-\x7f]/.test(text) ? `${folded(text)} ${spelled(text)}` : text.toLowerCase());

  const about = (element) => {
    const told = [];
    for (let at = element.closest("[data-about]"); at; at = at.parentElement.closest("[data-about]")) told.push(at.dataset.about);
    return told.join(" ");
  };
  const textOf = (element) => {
    const players = (element.dataset.names ?? "").split(" ").filter(Boolean).map((n) => names[n]);
    const day = element.querySelector("time")?.dateTime ?? "";
    return searched([element.textContent, about(element), day, ...players].join(" "));
  };
  let entries = null; // read when somebody types, not before
  const items = document.querySelectorAll(".reports li");
  box.hidden = items.length === 0;

  const search = () => {
    entries ??= [...items].map((element) => [element, textOf(element)]);
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    let n = 0;
    for (const [element, text] of entries) {
      const hit = words.every((word) => text.includes(word));
      element.hidden = !hit;
      n += hit;
    }
    for (const fold of folds) {
      fold.hidden = !fold.querySelector("li:not([hidden])");
      fold.open = words.length ? !fold.hidden : openAtFirst.has(fold);
    }
    for (const section of document.querySelectorAll(".reports")) {
      section.hidden = !section.querySelector("li:not([hidden])");
    }
    found.textContent = n === 1 ? found.dataset.one : `${n} ${found.dataset.many}`;
  };
  input.addEventListener("input", search);
})();
