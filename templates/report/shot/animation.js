"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const TRAIL = 8; // frames of the ball's path that stay visible
  const CALM_S = 0.5; // readers who want little motion get a still every so often, not a film
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const lang = document.documentElement.lang;
  const number = (value, decimals) => value.toLocaleString(lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

  // Whole centimetres, each the step from the last known one; null where nobody is seen.
  const metres = (steps) => {
    let at = 0;
    return steps.map((step) => (step === null ? NaN : (at += step) / 100));
  };
  // Between two frames, halfway is halfway.
  const between = (values, i) => {
    const left = values[Math.floor(i)];
    const right = values[Math.min(Math.ceil(i), values.length - 1)];
    return left + (right - left) * (i - Math.floor(i));
  };
  const draw = (parent, name, attributes) => {
    const element = document.createElementNS(SVG, name);
    set(element, attributes);
    parent.append(element);
    return element;
  };
  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  };

  function play(section) {
    const data = JSON.parse(section.querySelector(".clip-data").textContent);
    const stage = section.querySelector(".moving");
    const chart = section.querySelector(".clip-curve");
    const controls = section.querySelector(".controls");
    const scrub = controls.querySelector("input");
    const button = controls.querySelector("button");
    const speed = controls.querySelector("select");
    const told = controls.querySelector("output");
    const words = controls.dataset;

    const ball = { x: metres(data.ball.x), y: metres(data.ball.y), z: metres(data.ball.z) };
    const last = ball.x.length - 1;
    const shot = Math.round(-data.from_s / data.step_s);
    const angle = draw(stage, "path", { class: "angle" });
    const people = data.people
      .map((person) => ({ ...person, x: metres(person.x), y: metres(person.y) }))
      .sort((a, b) => (a.kind === "shooter") - (b.kind === "shooter"));
    for (const person of people) {
      person.mark = draw(stage, "g", {});
      const r = data.radius_m; // sizes as in report/shot/shapes.py
      if (person.kind === "keeper") draw(person.mark, "rect", { class: "keeper", x: -0.95 * r, y: -0.95 * r, width: 1.9 * r, height: 1.9 * r });
      else draw(person.mark, "circle", { class: person.kind, r: person.kind === "shooter" ? 1.2 * r : r });
      if (person.kind === "shooter") draw(person.mark, "circle", { class: "spot", r: 0.45 * r });
      if (person.name) draw(person.mark, "title", {}).textContent = person.name;
    }
    const shooter = people.find((person) => person.kind === "shooter");
    const path = draw(stage, "polyline", { class: "ball-path" });
    const height = draw(stage, "circle", { class: "ball-height" });
    const mark = draw(stage, "circle", { class: "clip-ball", r: data.ball_m });
    const cursor = chart && draw(chart, "path", { class: "cursor" });
    const now = chart && draw(chart, "circle", { class: "now", r: 4 });
    const axis = chart && Object.fromEntries(Object.entries(chart.dataset).map(([name, value]) => [name, Number(value)]));

    let at = shot;
    let begun = null; // when the film was started, and from which frame

    const put = (element, x, y) => {
      const known = !Number.isNaN(x + y);
      element.style.display = known ? "" : "none";
      if (known) element.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
      return known;
    };
    const say = (i) => {
      const s = data.from_s + i * data.step_s;
      const when = Math.abs(s) < data.step_s / 2 ? words.shot
        : (s < 0 ? words.before : words.after).replace("{s}", number(Math.abs(s), 1));
      const parts = [when];
      if (i < data.xg.length && data.xg[i] !== null) {
        parts.push(words.xg.replace("{xg}", number(data.xg[i], data.xg[i] < 0.01 ? 3 : 2)));
        if (!data.has_ball[i]) parts.push(words.without);
        if (!data.seen[i]) parts.push(words.unseen);
      }
      if (ball.z[i] > 0.5) parts.push(words.high.replace("{z}", number(ball.z[i], 1)));
      return parts.join(" · ");
    };
    const show = (where) => {
      at = Math.min(Math.max(where, 0), last);
      const i = Math.round(at);
      for (const person of people) put(person.mark, between(person.x, at), between(person.y, at));
      const [x, y, z] = [ball.x, ball.y, ball.z].map((values) => between(values, at));
      put(mark, x, y);
      put(height, x, y);
      height.setAttribute("r", (0.6 + 0.45 * Math.max(z || 0, 0)).toFixed(2));
      const trail = [];
      for (let k = Math.max(i - TRAIL, 0); k <= Math.floor(at); k += 1) {
        if (!Number.isNaN(ball.x[k])) trail.push(`${ball.x[k]},${ball.y[k]}`);
      }
      path.setAttribute("points", trail.join(" "));
      const sees = shooter && at <= shot && !Number.isNaN(between(shooter.x, at));
      angle.setAttribute("d", sees ? `M${between(shooter.x, at)} ${between(shooter.y, at)}L-3.66 0H3.66Z` : "");
      if (chart) {
        const along = axis.left + (axis.right - axis.left) * at / last;
        cursor.setAttribute("d", `M${along} ${axis.top}V${axis.bottom}`);
        const xg = i <= shot ? data.xg[i] : null;
        now.style.display = xg === null || xg === undefined ? "none" : "";
        if (xg !== null && xg !== undefined) {
          set(now, { cx: axis.left + (axis.right - axis.left) * i / last, cy: axis.bottom - (axis.bottom - axis.top) * xg / axis.highest });
        }
      }
      scrub.value = i;
      const text = say(i);
      scrub.setAttribute("aria-valuetext", text);
      told.textContent = text;
    };
    const stop = () => {
      begun = null;
      button.textContent = words.play;
      section.dataset.state = "paused";
    };
    const film = (time) => {
      if (begun === null) return;
      begun.time ??= time;
      const passed = (time - begun.time) / 1000 * Number(speed.value);
      const s = calm.matches ? Math.floor(passed / CALM_S) * CALM_S : passed;
      show(begun.at + s / data.step_s);
      if (at >= last) stop();
      else requestAnimationFrame(film);
    };
    const start = () => {
      begun = { at: at >= last ? 0 : at };
      button.textContent = words.pause;
      section.dataset.state = "playing";
      requestAnimationFrame(film);
    };

    button.addEventListener("click", () => (begun === null ? start() : stop()));
    scrub.addEventListener("input", () => {
      stop();
      show(Number(scrub.value));
    });
    speed.addEventListener("change", () => {
      if (begun !== null) begun = { at };
    });
    if (chart) {
      const seek = (event) => {
        const box = chart.getBoundingClientRect();
        const along = (event.clientX - box.left) / box.width * chart.viewBox.baseVal.width;
        stop();
        show(Math.round((along - axis.left) / (axis.right - axis.left) * last));
      };
      chart.addEventListener("pointerdown", (event) => {
        chart.setPointerCapture(event.pointerId);
        seek(event);
      });
      chart.addEventListener("pointermove", (event) => event.buttons && seek(event));
    }
    scrub.max = last;
    for (const hidden of section.querySelectorAll(".stage, .controls")) hidden.hidden = false;
    section.classList.add("plays");
    stop();
    show(shot);
  }

  // A clip is set up when its card is opened, not before.
  for (const section of document.querySelectorAll(".clip")) {
    const card = section.closest("details");
    if (!card || card.open) play(section);
    else card.addEventListener("toggle", () => play(section), { once: true });
  }
})();
