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

/** Where things stand in a chart over time that is `width` wide. */
function timeScale(rows, totals, width, height) {
  const top = niceTop(Math.max(...totals));
  const [left, right, low, high] = [String(count(top)).length * 8 + 12, 6, 24, 8];
  const [first, slots] = [rows[0][0], rows[rows.length - 1][0] - rows[0][0] + 1];
  const step = Math.min((width - left - right) / slots, 56);
  const tall = height - low - high;
  return {
    ...{ width, height, top, left, right, high, first, slots, step, tall },
    x: (number) => left + (number - first) * step,
    y: (value) => high + tall * (1 - value / top),
  };
}

function timeLines(at) {
  return (at.top === 1 ? [0, 1] : [0, at.top / 2, at.top]).map((value) => [
    s("path", { class: "axis", d: `M${at.left} ${at.y(value)}H${at.width - at.right}` }),
    s(
      "text",
      { x: at.left - 8, y: at.y(value) + 4, class: "end" },
      Number.isInteger(value) ? count(value) : "",
    ),
  ]);
}

function timeBar(at, row, total, unit, id) {
  const width = Math.max(1, Math.min(at.step - (at.step > 4 ? 2 : 0), 36));
  const x = at.x(row[0]);
  let below = 0;
  const parts = STANCES.map((stance, kind) => {
    const value = row[kind + 1];
    if (!value) return null;
    below += value;
    const height = at.y(below - value) - at.y(below) - (value < total ? 0.75 : 0);
    const fill = `url(#${id}-${stance})`;
    const left = x + (at.step - width) / 2;
    return s("rect", { x: left, y: at.y(below), width, height: Math.max(height, 0.75), fill });
  });
  return s(
    "g",
    null,
    s("title", null, `${period(row[0], unit)}: ${inWords(row.slice(1))}`),
    s("rect", { x, y: at.high, width: at.step, height: at.tall, class: "catch" }),
    parts,
  );
}

function timeTicks(at, unit) {
  const every = Math.max(1, Math.ceil((unit === "year" ? 44 : 92) / at.step));
  return range(at.slots)
    .map((slot) => [slot, at.x(at.first + slot) + at.step / 2])
    .filter(([slot, x]) => slot % every === 0 && x < at.width - 26)
    .map(([slot, x]) =>
      s("text", { x, y: at.height - 6, class: "middle" }, period(at.first + slot, unit)),
    );
}

/** Stances over time: rows of period and five counts; with a table of the same. */
function timeChart(rows, unit, label, height = 180) {
  if (!rows.length)
    return h("p", { class: "quiet" }, "No statement here has a date that can be read.");
  const totals = rows.map((row) => row.slice(1).reduce((sum, one) => sum + one, 0));
  const [first, last] = [rows[0][0], rows[rows.length - 1][0]];
  const name = `${label}: ${counted(rows.length, unit)} with statements from ${period(first, unit)} to ${period(last, unit)}, at most ${count(Math.max(...totals))} in one ${unit}.`;
  const draw = (width) => {
    const [id, at] = [fresh("weave"), timeScale(rows, totals, width, height)];
    const viewBox = `0 0 ${width} ${height}`;
    return s(
      "svg",
      { width, height, viewBox, class: "chart", role: "img", "aria-label": name },
      weaves(id),
      timeLines(at),
      rows.map((row, place) => timeBar(at, row, totals[place], unit, id)),
      timeTicks(at, unit),
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
