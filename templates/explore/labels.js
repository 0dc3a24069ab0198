// Names beside dots: below, above, right or left, wherever they cover least.
const LETTER = 0.56; // mean width of a letter, in heights

const overlap = (a, b) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
  * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

const boxAt = (x, y, width, height) => ({ left: x - width / 2, right: x + width / 2, top: y - height, bottom: y + height * 0.25 });

const outside = (box, view) =>
  Math.max(0, view.left - box.left) + Math.max(0, box.right - view.left - view.width)
  + Math.max(0, view.top - box.top) + Math.max(0, box.bottom - view.top - view.height);

/**
 * Places for labels.
 * `dots` are all that stand there (`x, y, r`), those with a `label` want one of the height `font`.
 * Gives `{label, x, y, id}`, the middle of each baseline; who finds no room to be read at all has none.
 */
export const placeLabels = (dots, font, view) => {
  const taken = dots.map(({ x, y, r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r }));
  const placed = [];
  for (const dot of dots.filter(({ label }) => label)) {
    const width = dot.label.length * LETTER * font;
    const aside = dot.r + width / 2 + 0.25 * font;
    const tries = [[0, dot.r + font * 0.95], [0, -dot.r - font * 0.35], [aside, font * 0.35], [-aside, font * 0.35]];
    const costs = tries.map(([dx, dy]) => {
      const box = boxAt(dot.x + dx, dot.y + dy, width, font);
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      return { box, x: dot.x + dx, y: dot.y + dy, cost: covered + 4 * font * outside(box, view) };
    });
    const best = costs.reduce((a, b) => (b.cost < a.cost ? b : a));
    if (best.cost > 0.6 * width * font && !dot.must) continue;
    taken.push(best.box);
    placed.push({ label: dot.label, x: best.x, y: best.y, id: dot.id });
  }
  return placed;
};
