"use strict";
(() => {
  const SCHEMES = ["auto", "light", "dark"];
  const KEY = "xgoals-colours";
  const root = document.documentElement;

  // The reader's choice outlives the page where the browser lets it; a page opened from disk may not be let.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const remember = (scheme) => {
    try {
      if (scheme === "auto") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, scheme);
    } catch {
      // kept in memory
    }
  };

  // Rules for the system's scheme are made rules for the chosen one: there is one list of colours, not two.
  const asWritten = new Map();
  const wear = (scheme) => {
    root.dataset.colours = scheme;
    root.style.colorScheme = scheme === "auto" ? "" : scheme;
    for (const sheet of document.styleSheets) {
      for (const rule of sheet.cssRules) {
        if (!(rule instanceof CSSMediaRule)) continue;
        if (!asWritten.has(rule)) asWritten.set(rule, rule.media.mediaText);
        const asked = asWritten.get(rule).match(/prefers-color-scheme:\s*(light|dark)/);
        if (!asked) continue;
        rule.media.mediaText = scheme === "auto" ? asWritten.get(rule) : asked[1] === scheme ? "screen" : "not all";
      }
    }
  };
  let scheme = SCHEMES.includes(remembered()) ? remembered() : "auto";
  wear(scheme);

  const addToggle = () => {
    const button = document.querySelector(".scheme");
    const name = () => {
      button.textContent = button.dataset.name.replace("{scheme}", button.dataset[scheme]);
    };
    button.addEventListener("click", () => {
      scheme = SCHEMES[(SCHEMES.indexOf(scheme) + 1) % SCHEMES.length];
      wear(scheme);
      remember(scheme);
      name();
    });
    name();
    button.hidden = false;
  };

  // What a mark is called, at once and beside it, where the browser would take a second and touch would never ask.
  const addTips = () => {
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true"); // the mark's own name is what is read aloud
    document.body.append(tip);
    let marked = null;
    let title = null;
    const leave = () => {
      if (title) marked.append(title);
      marked = title = null;
      tip.hidden = true;
    };
    const meet = (event) => {
      const found = event.target.closest?.("[data-tip], svg :has(> title)");
      if (found === marked) return;
      leave();
      if (!found) return;
      marked = found;
      title = found.dataset.tip ? null : found.querySelector(":scope > title");
      tip.textContent = found.dataset.tip ?? title.textContent;
      title?.remove(); // or the browser shows a second one
      tip.hidden = false;
      const box = found.getBoundingClientRect();
      const left = box.left + box.width / 2 - tip.offsetWidth / 2;
      const above = box.top - tip.offsetHeight - 8;
      tip.style.left = `${Math.min(Math.max(left, 8), root.clientWidth - tip.offsetWidth - 8) + scrollX}px`;
      tip.style.top = `${(above < 8 ? box.bottom + 8 : above) + scrollY}px`;
    };
    document.addEventListener("pointerover", meet);
    document.addEventListener("focusin", meet);
    document.addEventListener("focusout", leave);
    document.addEventListener("keydown", (event) => event.key === "Escape" && leave());
  };

  // On paper everything is open but the single values within a card.
  const addPrint = () => {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open], .card details)")];
      for (const details of opened) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of opened) details.open = false;
    });
  };

  // Where the server of the explorer shows the page, shots lead there; from a folder they would lead nowhere.
  const addExplorer = () => {
    const served = location.pathname.match(/^(.*\/xgoals\/)reports\/(main|demo)\//);
    if (!served || !location.protocol.startsWith("http")) return;
    for (const link of document.querySelectorAll("a[data-explore]")) {
      const address = new URL(`${served[1]}explore/${served[2]}`, location.origin);
      const shot = JSON.parse(link.dataset.explore);
      if (shot.length) address.searchParams.set("shot", shot.map(encodeURIComponent).join("/"));
      link.href = address.href;
      link.hidden = false;
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    addToggle();
    addExplorer();
    addTips();
    addPrint();
  });
})();
