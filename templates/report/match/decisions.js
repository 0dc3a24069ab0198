"use strict";
// Which lines of the decision plot are shown: the reader ticks them, so many at most.
(() => {
  const choose = document.querySelector("#decisions .choose");
  if (!choose) return;
  const boxes = [...choose.querySelectorAll("input")];
  const most = Number(choose.dataset.most);
  const plots = [...document.querySelectorAll("#decisions svg.decisions")];

  // As report/match/decisions.py `spread`: names apart from each other, each as near to its line as may be.
  const spread = (places, top, bottom, apart) => {
    const moved = [];
    for (const place of places) moved.push(moved.length ? Math.max(place, moved[moved.length - 1] + apart) : Math.max(place, top));
    let limit = bottom;
    for (let n = moved.length - 1; n >= 0; n -= 1) {
      moved[n] = Math.min(moved[n], limit);
      limit = moved[n] - apart;
    }
    return moved;
  };

  const show = () => {
    const chosen = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const box of boxes) box.disabled = !box.checked && chosen.size >= most;
    for (const plot of plots) {
      const { top, bottom, apart } = plot.dataset;
      const lines = [...plot.querySelectorAll(".decision")];
      for (const line of lines) line.classList.toggle("off", !chosen.has(line.dataset.key));
      const shown = lines.filter((line) => chosen.has(line.dataset.key)).sort((a, b) => a.dataset.y - b.dataset.y);
      const places = spread(shown.map((line) => Number(line.dataset.y)), Number(top), Number(bottom), Number(apart));
      shown.forEach((line, n) => line.querySelector("text").setAttribute("y", (places[n] + 4).toFixed(2)));
    }
  };

  choose.addEventListener("change", show);
  choose.hidden = false;
  for (const first of document.querySelectorAll("#decisions .at-first")) first.hidden = true;
  show();
})();
