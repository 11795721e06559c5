// Articles: a list, and each one with its statements marked in it.

const ARTICLE_COLUMNS = [
  {
    name: "title",
    label: "Article",
    text: true,
    class: "wide",
    sort: (row) => articleName(row),
    cell: (row) => link(articleHref(row), said(shortened(articleName(row), 200))),
  },
  {
    name: "outlet",
    label: "Outlet",
    text: true,
    sort: (row) => ARTICLES.outlet_name[row],
    cell: (row) =>
      ARTICLES.outlet[row] !== NOWHERE
        ? link(
            outletHref(ARTICLES.outlet[row]),
            called(ARTICLES.outlet_name[row] || OUTLETS.name[ARTICLES.outlet[row]]),
          )
        : ARTICLES.outlet_name[row]
          ? called(ARTICLES.outlet_name[row])
          : "–",
  },
  {
    name: "day",
    label: "Published",
    class: "date",
    sort: (row) => (ARTICLES.day[row] >= 0 ? ARTICLES.day[row] : null),
    cell: (row) =>
      ARTICLES.day[row] >= 0
        ? h("span", { class: "figures" }, date(ARTICLES.day[row]))
        : ARTICLES.published[row]
          ? called(ARTICLES.published[row])
          : "–",
  },
  {
    name: "statements",
    label: "Statements",
    class: "number",
    sort: (row) => ARTICLES.statements[row],
    cell: (row) => count(ARTICLES.statements[row]),
  },
  {
    name: "stances",
    label: "Stances",
    class: "bar-cell",
    cell: (row) => stanceBar(stancesIn(statementsOf("article", row))),
  },
];

function articlesView() {
  const size = ARTICLES.id.length;
  return {
    title: "Articles",
    heading: "Articles",
    parts: [
      D.with_texts
        ? null
        : h(
            "p",
            { class: "note" },
            "The report was made without the articles: their statements are shown without what stands around them.",
          ),
      size < D.totals.articles
        ? h(
            "p",
            { class: "note" },
            `${count(size)} of ${counted(D.totals.articles, "article")} have statements in this page.`,
          )
        : null,
      size
        ? listing({
            key: "articles",
            noun: "article",
            rows: range(size),
            columns: ARTICLE_COLUMNS,
            search: (row) =>
              [articleName(row), ARTICLES.outlet_name[row] || "", ARTICLES.id[row]].join(" "),
            caption: "Articles with their statements",
            sort: "statements",
          })
        : h("p", { class: "quiet" }, "No article with a statement in this corpus."),
    ],
  };
}

function articleHead(row, rows) {
  const url = ARTICLES.url[row];
  const outlet = ARTICLES.outlet[row];
  const name = ARTICLES.outlet_name[row] || (outlet !== NOWHERE ? OUTLETS.name[outlet] : null);
  const parts = [
    name ? (outlet !== NOWHERE ? link(outletHref(outlet), called(name)) : called(name)) : null,
    ARTICLES.day[row] >= 0
      ? date(ARTICLES.day[row])
      : ARTICLES.published[row]
        ? called(ARTICLES.published[row])
        : null,
    counted(ARTICLES.statements[row], "statement"),
    url && /^https?:\/\//i.test(url)
      ? h("a", { href: url, rel: "noopener noreferrer nofollow external" }, "as published")
      : null,
  ].filter(Boolean);
  return h(
    "p",
    { class: "lead" },
    parts.map((part, place) => [place ? " · " : "", part]),
    rows.length < ARTICLES.statements[row]
      ? h("span", { class: "quiet" }, ` (${count(rows.length)} of them in this page)`)
      : null,
  );
}

function textlessParts(rows, wanted, id) {
  const one = wanted === undefined ? null : statementItem(wanted, "article");
  return [
    note("The text of this article is not in this page; these are its statements."),
    one ? section("This statement", h("ol", { class: "statement-list" }, one)) : null,
    section("Statements", statementList(`article:${id}`, rows, "article")),
  ];
}

function markKey() {
  const stances = STANCES.slice(0, 4).map((stance) => [
    h("span", { class: `mark content ink-${stance} line-${stance}` }, stance),
    " ",
  ]);
  return h(
    "p",
    { class: "key quiet" },
    [h("span", { class: "mark source" }, "source"), " "],
    [h("span", { class: "mark cue" }, "cue"), " "],
    stances,
    "A line above a line: a statement within a statement.",
  );
}

function articleView(id, ordinal) {
  const row = rowOf(ARTICLES, id);
  if (row === NOWHERE) return missingView("article", id);
  const rows = statementsOf("article", row);
  const wanted = rows.find((one) => SAID.ordinal[one] === ordinal);
  const view = {
    title: oneLine(articleName(row), 80),
    heading: called(articleName(row), 300),
    up: ["#/articles", "Articles"],
  };
  const text = textOf(row);
  if (text === null)
    return { ...view, parts: [articleHead(row, rows), textlessParts(rows, wanted, id)] };
  const body = markedText(text, rows);
  const paper = h(
    "section",
    { class: "paper", "aria-label": "Text" },
    markChooser(rows, body.place),
    markKey(),
    body.place,
    body.more,
  );
  return {
    ...view,
    parts: [
      articleHead(row, rows),
      h("div", { class: "reading" }, paper, indexOf(rows, body.reach)),
    ],
    shown: wanted === undefined ? null : () => goTo(body.reach(wanted), wanted),
  };
}
