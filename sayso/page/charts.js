// Charts of time, and the grid of letters by digits; each with a table of its figures.

function weaves(id) {
  const weave = (name, ...lines) =>
    s(
      "pattern",
      { id: `${id}-${name}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      s("rect", { width: 6, height: 6, class: `fill-${name}` }),
      lines,
    );
  return s(
    "defs",
    null,
    weave("assertion"),
    weave("denial", s("path", { class: "thread", d: "M-1 1l2-2M0 6L6 0M5 7l2-2" })),
    weave("hedge", s("path", { class: "thread", d: "M0 1.5h6" })),
    weave(
      "speculation",
      s("circle", { class: "dot", cx: 1.5, cy: 1.5, r: 1 }),
      s("circle", { class: "dot", cx: 4.5, cy: 4.5, r: 1 }),
    ),
    weave("withheld"),
  );
}

function niceTop(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= most) || 10;
  return Math.max(step * power, 1);
}

/** Stances over time: rows of period and five counts; with a table of the same. */
function timeChart(rows, unit, label, height = 180) {
  if (!rows.length)
    return h("p", { class: "quiet" }, "No statement here has a date that can be read.");
  const totals = rows.map((row) => row.slice(1).reduce((sum, one) => sum + one, 0));
  const top = niceTop(Math.max(...totals));
  const [first, last] = [rows[0][0], rows[rows.length - 1][0]];
  const name = `${label}: ${counted(rows.length, unit)} with statements from ${period(first, unit)} to ${period(last, unit)}, at most ${count(Math.max(...totals))} in one ${unit}.`;
  const draw = (width) => {
    const id = fresh("weave");
    const [left, right, low] = [String(count(top)).length * 8 + 12, 6, 24];
    const slots = last - first + 1;
    const step = Math.min((width - left - right) / slots, 56);
    const bar = Math.max(1, Math.min(step - (step > 4 ? 2 : 0), 36));
    const y = (value) => 8 + (height - low - 8) * (1 - value / top);
    const lines = (top === 1 ? [0, 1] : [0, top / 2, top]).map((value) => [
      s("path", { class: "axis", d: `M${left} ${y(value)}H${width - right}` }),
      s(
        "text",
        { x: left - 8, y: y(value) + 4, class: "end" },
        Number.isInteger(value) ? count(value) : "",
      ),
    ]);
    const bars = rows.map((row, place) => {
      let below = 0;
      const x = left + (row[0] - first) * step + (step - bar) / 2;
      const parts = STANCES.map((stance, kind) => {
        const value = row[kind + 1];
        if (!value) return null;
        below += value;
        return s("rect", {
          x,
          y: y(below),
          width: bar,
          height: Math.max(y(below - value) - y(below) - (value < totals[place] ? 0.75 : 0), 0.75),
          fill: `url(#${id}-${stance})`,
        });
      });
      return s(
        "g",
        null,
        s("title", null, `${period(row[0], unit)}: ${inWords(row.slice(1))}`),
        s("rect", {
          x: left + (row[0] - first) * step,
          y: 8,
          width: step,
          height: height - low - 8,
          class: "catch",
        }),
        parts,
      );
    });
    const every = Math.max(1, Math.ceil((unit === "year" ? 44 : 92) / step));
    const ticks = range(slots)
      .filter((slot) => slot % every === 0 && left + (slot + 0.5) * step < width - 26)
      .map((slot) =>
        s(
          "text",
          { x: left + (slot + 0.5) * step, y: height - 6, class: "middle" },
          period(first + slot, unit),
        ),
      );
    return s(
      "svg",
      {
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        class: "chart",
        role: "img",
        "aria-label": name,
      },
      weaves(id),
      lines,
      bars,
      ticks,
    );
  };
  return h(
    "figure",
    { class: "figure" },
    drawn(draw),
    asTable(
      label,
      [capital(unit), ...STANCES.slice(0, 4).map(capital)],
      rows.map((row) => [period(row[0], unit), ...row.slice(1, 5).map(count)]),
    ),
  );
}

/** The figures of a chart, folded away. */
function asTable(label, heads, rows) {
  return h(
    "details",
    { class: "as-table" },
    h("summary", null, "As a table", unseen(`: ${label}`)),
    h(
      "div",
      { class: "scrolls", tabindex: "0", role: "region", "aria-label": label },
      h(
        "table",
        { class: "plain" },
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            heads.map((head) => h("th", { scope: "col" }, head)),
          ),
        ),
        h(
          "tbody",
          null,
          rows.map((row) =>
            h(
              "tr",
              null,
              row.map((cell, place) =>
                place ? h("td", null, cell) : h("th", { scope: "row" }, cell),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Flat triples of period, stance and count as rows of a chart over time. */
function periodRows(triples) {
  const rows = new Map();
  for (let at = 0; at < triples.length; at += 3) {
    if (!rows.has(triples[at])) rows.set(triples[at], [triples[at], 0, 0, 0, 0, 0]);
    rows.get(triples[at])[triples[at + 1] + 1] += triples[at + 2];
  }
  return [...rows.values()].sort((one, other) => one[0] - other[0]);
}

/** Statements of letters A to F by digits 1 to 6. */
function ratingGrid(grid) {
  const most = Math.max(1, ...grid.flat());
  const [letters, digits] = [Object.keys(LETTERS), Object.keys(DIGITS)];
  const cell = (value) => {
    const td = h(
      "td",
      { class: value ? "heat" : "heat none" },
      value ? count(value) : h("span", { class: "quiet" }, "0"),
    );
    td.style.setProperty(
      "--heat",
      value ? (8 + 52 * Math.sqrt(value / most)).toFixed(0) + "%" : "0%",
    );
    return td;
  };
  const rows = [...letters, ""].map((letter, row) => {
    if (!letter && !grid[row].some(Boolean)) return null;
    const head = letter
      ? [h("b", null, letter), " ", h("span", { class: "words" }, LETTERS[letter])]
      : h("span", { class: "words" }, "no profiled source");
    return h("tr", null, h("th", { scope: "row" }, head), grid[row].map(cell));
  });
  return h(
    "table",
    { class: "grid" },
    h(
      "caption",
      null,
      "Statements by the reliability of their source (down) and the credibility of what they say (across)",
    ),
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        h("td", null),
        digits.map((digit) =>
          h(
            "th",
            { scope: "col" },
            h("b", null, digit),
            " ",
            h("span", { class: "words" }, DIGITS[digit]),
          ),
        ),
      ),
    ),
    h("tbody", null, rows),
  );
}
