"use strict";
(() => {
  const box = document.querySelector(".search");
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const entries = [...document.querySelectorAll("[data-search]")];
  box.hidden = entries.length === 0;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const entry of entries) {
      const hit = words.every((word) => entry.dataset.search.includes(word));
      entry.hidden = !hit;
      n += hit;
    }
    for (const section of document.querySelectorAll(".reports")) {
      section.hidden = !section.querySelector("[data-search]:not([hidden])");
    }
    found.textContent = n === 1 ? found.dataset.one : `${n} ${found.dataset.many}`;
  });
})();
