"use strict";
(() => {
  const box = document.querySelector(".search");
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const rounds = [...document.querySelectorAll("details.round")];
  const openAtFirst = new Set(rounds.filter((round) => round.open));
  const entries = [...document.querySelectorAll("[data-search]")].map((element) => [element, element.dataset.search]);
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
  box.hidden = entries.length === 0;
  const search = () => {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    let n = 0;
    for (const [element, text] of entries) {
      const hit = words.every((word) => text.includes(word));
      element.hidden = !hit;
      n += hit;
    }
    for (const round of rounds) {
      round.hidden = !round.querySelector("[data-search]:not([hidden])");
      round.open = words.length ? !round.hidden : openAtFirst.has(round);
    }
    for (const section of document.querySelectorAll(".reports")) {
      section.hidden = !section.querySelector("[data-search]:not([hidden])");
    }
    found.textContent = n === 1 ? found.dataset.one : `${n} ${found.dataset.many}`;
  };
  input.addEventListener("input", search);
})();
