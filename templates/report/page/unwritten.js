"use strict";
(() => {
  // Served beside Airflow's UI, a page that is missing is written when it is asked for; a file opened from disk cannot.
  if (!/\/xgoals\/reports\//.test(location.pathname) || location.protocol === "file:") return;
  for (const span of document.querySelectorAll("[data-href]")) {
    const link = document.createElement("a");
    link.href = span.dataset.href;
    link.className = "unwritten";
    link.append(...span.childNodes);
    span.replaceWith(link);
  }
  for (const note of document.querySelectorAll(".served")) note.hidden = false;
  for (const note of document.querySelectorAll(".unserved")) note.hidden = true;
})();
