"use strict";
(() => {
  const german = document.documentElement.lang === "de";
  const numbers = (digits) => new Intl.NumberFormat(german ? "de" : "en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const whole = numbers(0);
  const twoDigits = numbers(2);

  // How many goals independent chances give: the exact distribution, as the page's own numbers have it.
  const goalsDistribution = (chances) =>
    chances.reduce(
      (shares, chance) => {
        const next = new Array(shares.length + 1).fill(0);
        shares.forEach((share, n) => {
          next[n] += share * (1 - chance);
          next[n + 1] += share * chance;
        });
        return next;
      },
      [1],
    );
  const likely = (chances) => {
    let sum = 0;
    const reached = goalsDistribution(chances).map((share) => (sum += share));
    const first = (test) => Math.max(0, reached.findIndex(test));
    return [first((share) => share > 0.025), first((share) => share >= 0.975)];
  };
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const counted = (n, one, many) => (n === 1 ? one : filled(many, { n: whole.format(n) }));

  for (const section of document.querySelectorAll(".filtered")) {
    const rows = [...section.querySelectorAll("tbody tr")];
    const marks = [...section.querySelectorAll("a[data-n]")].map((mark) => [mark, rows[Number(mark.dataset.n)]]);
    const selects = [...section.querySelectorAll("select")];
    const said = section.querySelector(".selection");
    const fits = (row, { value, dataset }) =>
      !value || row.dataset[dataset.by] === value || (value === "foot" && row.dataset.body.endsWith("_foot"));
    const select = () => {
      const chances = [];
      let [shots, goals, xg] = [0, 0, 0];
      for (const row of rows) {
        row.hidden = !selects.every((choice) => fits(row, choice));
        if (row.hidden) continue;
        const chance = Number(row.dataset.x);
        shots += 1;
        goals += row.dataset.outcome === "goal";
        xg += chance;
        chances.push(chance);
      }
      for (const [mark, row] of marks) mark.toggleAttribute("hidden", row.hidden);
      const [fewest, most] = likely(chances);
      said.textContent = filled(said.dataset.summary, {
        shots: counted(shots, said.dataset.shot, said.dataset.shots),
        goals: counted(goals, said.dataset.goal, said.dataset.goals),
        xg: twoDigits.format(xg),
        fewest: whole.format(fewest),
        most: whole.format(most),
      });
    };
    for (const choice of selects) choice.addEventListener("change", select);
    section.querySelector(".filters").hidden = selects.length === 0;
  }
})();
