// What the page's words, letters and signs mean.

function scale(words) {
  return h(
    "dl",
    { class: "scale" },
    Object.entries(words).map(([mark, text]) =>
      h("div", null, h("dt", null, grade(mark, words)), h("dd", null, capital(text))),
    ),
  );
}

function mark(kind, ...children) {
  return h("span", { class: `mark ${kind}` }, children);
}

function statementsPanel() {
  return panel(
    "Statements",
    para(
      "A statement is what a ",
      mark("source", "source"),
      " says, the word or sign of saying being its ",
      mark("cue", "cue"),
      ". Its content is underlined by how firmly the source stands behind it:",
    ),
    legend(null),
    h(
      "p",
      { class: "text sample" },
      [mark("source", "The ministry"), " ", mark("cue", "said"), " "],
      mark(
        "content ink-assertion line-assertion",
        ["that ", mark("source", "the mayor"), " had ", mark("cue", "denied"), " "],
        mark("content nested ink-denial line-denial", "signing the contract"),
      ),
      ".",
    ),
    quiet(
      "Here the ministry asserts, and within that the mayor denies. ",
      "What is marked is what was said, not what is true.",
    ),
  );
}

function scalePanels() {
  return h(
    "div",
    { class: "panels" },
    panel(
      "Reliability of a source",
      para(
        "The Admiralty scale’s letters, from how often independent sources and known outcomes ",
        "bear a source out. F is no bad mark: there is too little to judge by.",
      ),
      scale(LETTERS),
    ),
    panel(
      "Credibility of a claim",
      para(
        "The scale’s digits, independent of the letters. ",
        "6 is no bad mark: there is too little to judge by.",
      ),
      scale(DIGITS),
    ),
  );
}

function aboutView() {
  const intervals =
    "The dot is the probability that what a source states is so, the bar its 90\u00a0% interval, " +
    "the tick the prior that small samples shrink to. With little evidence the bar is long.";
  const claims =
    "Statements that say the same, or reject it, are one claim. A claim is contested if some put " +
    "it forward and some reject it. Each source counts once, by its latest stance; near-copies of " +
    "one story count once.";
  const keys =
    "Tab moves on, Enter follows or sorts; the browser’s back and forward keys go between views. ";
  return {
    title: "How to read it",
    heading: "How to read it",
    parts: [
      statementsPanel(),
      scalePanels(),
      panel("Intervals", para(intervalBar(0.71, 0.55, 0.83, 0.6)), para(intervals)),
      panel("Claims", para(claims)),
      D.left_out.length ? panel("What is left out", items({ class: "reasons" }, D.left_out)) : null,
      panel("Keys", para(keys, h("kbd", null, "/"), " goes to the search of a view.")),
    ],
  };
}

function missingView(noun, id) {
  return {
    title: "Not in this page",
    heading: "Not in this page",
    parts: [
      h(
        "p",
        null,
        `There is no ${noun} `,
        said(shortened(id, 200)),
        " in this page. It may have been left out to keep the page small.",
      ),
      h("p", null, link("#/", "To the overview")),
    ],
  };
}
