// The page's data: columns, read once; rows are places in them.

const D = JSON.parse(document.getElementById("data").textContent);
const SOURCES = D.sources;
const OUTLETS = D.outlets;
const CLAIMS = D.claims;
const ARTICLES = D.articles;
const SAID = D.statements;
const NOWHERE = -1;

function range(size) {
  return Array.from({ length: size }, (_, place) => place);
}

let texts = null;
/** The text of an article, or null where it is not in the page. */
function textOf(article) {
  if (texts === null) {
    const block = document.getElementById("texts");
    if (!block) return null; // the page is not read to its end yet
    texts = JSON.parse(block.textContent);
  }
  return Object.hasOwn(texts, article) ? texts[article] : null;
}

const groups = {};
/** The statements of one source, outlet, claim or article, in order. */
function statementsOf(column, row) {
  if (!groups[column]) {
    groups[column] = new Map();
    SAID[column].forEach((value, place) => {
      if (!groups[column].has(value)) groups[column].set(value, []);
      groups[column].get(value).push(place);
    });
  }
  return groups[column].get(row) || [];
}

const rowsById = new Map();
/** The row with an id, or `NOWHERE`. */
function rowOf(columns, id) {
  if (!rowsById.has(columns))
    rowsById.set(columns, new Map(columns.id.map((one, row) => [one, row])));
  const row = rowsById.get(columns).get(id);
  return row === undefined ? NOWHERE : row;
}

function href(view, id, ...rest) {
  return `#/${[view, id, ...rest].map(encodeURIComponent).join("/")}`;
}

const sourceHref = (row) => href("source", SOURCES.id[row]);
const outletHref = (row) => href("outlet", OUTLETS.id[row]);
const claimHref = (row) => href("claim", CLAIMS.id[row]);
const articleHref = (row) => href("article", ARTICLES.id[row]);
const statementHref = (row) => href("article", ARTICLES.id[SAID.article[row]], SAID.ordinal[row]);

function articleName(row) {
  return ARTICLES.title[row] || ARTICLES.id[row];
}

/** Who says it: the profiled source, else what the article calls it. */
function speaker(row) {
  const source = SAID.source[row];
  if (source !== NOWHERE) return SOURCES.name[source];
  return SAID.entity[row] || SAID.source_text[row] || "";
}

function stanceOf(row) {
  return STANCES[SAID.stance[row]];
}

/** How sure the model is of the stance that a statement is given. */
function sureness(row) {
  const p = SAID.p[row];
  return SAID.stance[row] < 4 ? p[SAID.stance[row]] : Math.max(...p.slice(0, 4));
}

function sharesOf(columns, row) {
  const four = STANCES.slice(0, 4).map((stance) => columns[`share_${stance}`][row] || 0);
  return [...four, Math.max(0, 1 - four.reduce((sum, one) => sum + one, 0))].map((one) =>
    one < 0.0005 ? 0 : one,
  );
}

function stancesIn(rows) {
  const counts = [0, 0, 0, 0, 0];
  for (const row of rows) counts[SAID.stance[row]] += 1;
  return counts;
}
