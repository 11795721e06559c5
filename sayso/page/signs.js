// Signs, bars and grades: what stands for a stance, an interval, a letter or a digit.

const MARKS = {
  assertion: [
    ["circle", { cx: 8, cy: 8, r: 7, class: "solid" }],
    ["path", { d: "M4.6 8.2l2.4 2.4 4.4-5", class: "cut" }],
  ],
  denial: [
    ["path", { d: "M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z", class: "solid" }],
    ["path", { d: "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6", class: "cut" }],
  ],
  hedge: [
    ["circle", { cx: 8, cy: 8, r: 6.2, class: "ring" }],
    ["path", { d: "M8 1.8a6.2 6.2 0 0 0 0 12.4z", class: "solid" }],
  ],
  speculation: [
    ["circle", { cx: 8, cy: 8, r: 6.2, class: "ring dashed" }],
    ["path", { d: "M6 6.4c0-2.6 4-2.6 4-.2 0 1.5-2 1.6-2 3M8 11v.9", class: "line" }],
  ],
  withheld: [
    ["circle", { cx: 8, cy: 8, r: 6.2, class: "ring" }],
    ["path", { d: "M5 8h6", class: "line" }],
  ],
};

/** The sign of a stance; its name stands beside it or is given to screen readers. */
function sign(stance) {
  const parts = MARKS[stance].map(([name, props]) => s(name, props));
  return s(
    "svg",
    { class: `sign ink-${stance}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    parts,
  );
}

function badge(stance) {
  return h("span", { class: "badge" }, sign(stance), stance);
}

function inWords(counts) {
  return STANCES.map((stance, place) => [stance, counts[place]])
    .filter(([, value]) => value)
    .map(
      ([stance, value]) =>
        `${stance} ${value < 1 || counts.every((one) => one <= 1) ? share(value) : count(value)}`,
    )
    .join(", ");
}

/** Stances as one bar; counts or shares. */
function stanceBar(counts, props) {
  const whole = counts.reduce((sum, one) => sum + one, 0);
  const bar = h("span", {
    class: "stances",
    role: "img",
    "aria-label": whole ? inWords(counts) : "no statements",
    ...props,
  });
  STANCES.forEach((stance, place) => {
    if (!counts[place]) return;
    const part = h("span", {
      class: `part ink-${stance} weave-${stance}`,
      title: `${stance}: ${share(counts[place] / whole)}`,
    });
    part.style.flexGrow = counts[place] / whole;
    bar.append(part);
  });
  return bar;
}

/** The four stances with what they mean, and how many there are of each. */
function legend(counts) {
  const whole = counts ? counts.reduce((sum, one) => sum + one, 0) : 0;
  return h(
    "ul",
    { class: "legend" },
    STANCES.map((stance, place) => {
      if (stance === "withheld" && !(counts && counts[place])) return null;
      const many = counts
        ? h(
            "span",
            { class: "figures" },
            count(counts[place]),
            " ",
            h("b", null, share(whole ? counts[place] / whole : 0)),
          )
        : null;
      return h(
        "li",
        null,
        h("span", { class: `swatch ink-${stance} weave-${stance}`, "aria-hidden": "true" }),
        h("span", { class: "name" }, badge(stance)),
        many,
        h("span", { class: "quiet" }, STANCE_WORDS[stance]),
      );
    }),
  );
}

/** A probability with its 90 % interval on a line from 0 to 1. */
function intervalBar(value, low, high, prior) {
  const text = interval(value, low, high);
  if (value === null) return h("span", { class: "interval quiet" }, text);
  const x = (p) => 4 + 92 * p;
  const [from, to] = [low === null ? value : low, high === null ? value : high];
  return h(
    "span",
    { class: "interval" },
    s(
      "svg",
      { viewBox: "0 0 100 16", preserveAspectRatio: "xMinYMid", "aria-hidden": "true" },
      s("path", { class: "axis", d: "M4 8H96M4 5v6M50 6v4M96 5v6" }),
      prior === null || prior === undefined
        ? null
        : s("path", { class: "prior", d: `M${x(prior)} 2v12` }),
      s("rect", {
        class: "reach",
        x: x(from),
        y: 5,
        width: Math.max(1, x(to) - x(from)),
        height: 6,
        rx: 3,
      }),
      s("circle", { class: "point", cx: x(value), cy: 8, r: 3.4 }),
    ),
    h("span", { class: "figures" }, text),
  );
}

/** A letter or digit of the Admiralty scale with its words. */
function grade(mark, words, props) {
  const known = Object.hasOwn(words, mark);
  const judged = known && mark !== "F" && mark !== "6";
  const scale = Object.keys(words);
  const steps = judged ? 5 - scale.indexOf(mark) : 0;
  const ticks = range(5).map((step) =>
    s("rect", {
      class: step < steps ? "on" : "off",
      x: step * 5,
      y: 0,
      width: 4,
      height: 4,
      rx: 1,
    }),
  );
  return h(
    "span",
    {
      class: `grade${judged ? "" : " unjudged"}`,
      title: known ? capital(words[mark]) : "Not rated",
      ...props,
    },
    h("b", null, known ? mark : "–"),
    s("svg", { viewBox: "0 0 24 4", "aria-hidden": "true" }, ticks),
    unseen(" ", known ? words[mark] : "not rated"),
  );
}

/** A letter or digit writ large, with its words. */
function bigGrade(mark, words) {
  const text = Object.hasOwn(words, mark) ? capital(words[mark]) : "Not rated";
  return h("p", { class: "big-grade" }, grade(mark, words), h("span", null, text));
}

/** The reasons for a letter or digit; F and 6 are said to be no bad marks. */
function reasonsFor(mark, reasons) {
  return [
    mark === "F" || mark === "6"
      ? para("This is no bad mark: there is too little to judge it by.")
      : null,
    reasons.length
      ? [
          h("h3", null, "Reasons"),
          items(
            { class: "reasons" },
            reasons.map((reason) => said(reason)),
          ),
        ]
      : null,
  ];
}
