// The list of claims.

function outcomeWords(row) {
  if (CLAIMS.outcome[row] === null) return null;
  return CLAIMS.outcome[row] ? "known to be true" : "known to be false";
}

const CLAIM_COLUMNS = [
  {
    name: "text",
    label: "Claim",
    text: true,
    class: "wide",
    sort: (row) => CLAIMS.text[row] || "",
    cell: (row) => [
      link(claimHref(row), said(shortened(CLAIMS.text[row] || "no text", 160))),
      CLAIMS.contested[row] ? h("span", { class: "flag" }, "contested") : null,
      outcomeWords(row) ? h("span", { class: "flag" }, outcomeWords(row)) : null,
    ],
  },
  {
    name: "sources",
    label: "Sources",
    class: "number",
    sort: (row) => CLAIMS.sources[row],
    cell: (row) => count(CLAIMS.sources[row]),
  },
  {
    name: "sides",
    label: "Their stances",
    class: "bar-cell",
    cell: (row) => stanceBar(sides(row)),
  },
  {
    name: "outlets",
    label: "Outlets",
    class: "number",
    sort: (row) => CLAIMS.outlets[row],
    cell: (row) => count(CLAIMS.outlets[row]),
  },
  {
    name: "p_true",
    label: "Probably so",
    class: "number",
    sort: (row) => CLAIMS.p_true[row],
    cell: (row) => share(CLAIMS.p_true[row]),
  },
  {
    name: "digit",
    label: "Digit",
    text: true,
    class: "grade-cell",
    sort: (row) => (CLAIMS.digit[row] === "6" ? null : CLAIMS.digit[row]),
    cell: (row) => grade(CLAIMS.digit[row], DIGITS),
  },
];

const CLAIM_FILTERS = [
  {
    name: "which",
    label: "Show",
    options: [
      ["", "All"],
      ["contested", "Contested"],
      ["shared", "Of several sources"],
      ["known", "With a known outcome"],
    ],
    keeps: (row, which) =>
      which === "contested"
        ? CLAIMS.contested[row]
        : which === "shared"
          ? CLAIMS.sources[row] > 1
          : CLAIMS.outcome[row] !== null,
  },
  {
    name: "digit",
    label: "Digit",
    options: [
      ["", "Any"],
      ...Object.entries(DIGITS).map(([digit, words]) => [digit, `${digit} ${words}`]),
    ],
    keeps: (row, digit) => CLAIMS.digit[row] === digit,
  },
];

function claimsView() {
  const size = CLAIMS.id.length;
  const start = contestedRows().length
    ? "contested"
    : CLAIMS.sources.some((many) => many > 1)
      ? "shared"
      : "";
  memory("claims", { filters: { which: start } });
  return {
    title: "Claims",
    heading: "Claims",
    parts: [
      h(
        "p",
        { class: "lead" },
        "Statements of one claim, across articles and outlets; each source counts once, by its latest stance.",
      ),
      size < D.totals.claims
        ? h(
            "p",
            { class: "note" },
            `${count(size)} of ${counted(D.totals.claims, "claim")}: the most contested first, then those with the most sources.`,
          )
        : null,
      size
        ? listing({
            key: "claims",
            noun: "claim",
            rows: range(size),
            columns: CLAIM_COLUMNS,
            search: (row) => CLAIMS.text[row] || "",
            filters: CLAIM_FILTERS,
            caption: "Claims with the stances of their sources and their digit",
          })
        : h("p", { class: "quiet" }, "No claim in this corpus."),
    ],
  };
}
