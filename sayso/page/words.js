// The words of the scales, and how numbers, dates and names are written.

const STANCES = ["assertion", "denial", "hedge", "speculation", "withheld"];
const STANCE_WORDS = {
  assertion: "put forward as so",
  denial: "rejected as not so",
  hedge: "put forward with reserve",
  speculation: "held possible, left open",
  withheld: "the model is not sure enough",
};
const VERBS = ["asserts", "denies", "hedges", "speculates", "not sure"];
const PLURAL_VERBS = ["assert", "deny", "hedge", "speculate", "not sure"];
const FORMS = ["direct", "mixed", "indirect"];
const FORM_WORDS = ["direct quotation", "partly quoted", "indirect speech"];
const KINDS = ["person", "organisation", "government", "outlet", "document", "group", "unnamed"];
const LETTERS = {
  A: "completely reliable",
  B: "usually reliable",
  C: "fairly reliable",
  D: "not usually reliable",
  E: "unreliable",
  F: "reliability cannot be judged",
};
const DIGITS = {
  1: "confirmed by other sources",
  2: "probably true",
  3: "possibly true",
  4: "doubtful",
  5: "improbable",
  6: "truth cannot be judged",
};
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAY = 86400000;

const THOUSANDS = new Intl.NumberFormat("en-GB");
function count(number) {
  return THOUSANDS.format(number);
}

function counted(number, one, many) {
  return `${count(number)} ${number === 1 ? one : many || `${one}s`}`;
}

function share(value) {
  if (value === null || value === undefined) return "–";
  if (value > 0 && value < 0.005) return "< 1\u00a0%";
  if (value < 1 && value > 0.995) return "> 99\u00a0%";
  return `${Math.round(100 * value)}\u00a0%`;
}

function figure(value) {
  return value === null || value === undefined ? "–" : value.toFixed(2);
}

function interval(value, low, high) {
  if (value === null || value === undefined) return "not estimated";
  if (low === null || high === null) return figure(value);
  return `${figure(value)} (${figure(low)}–${figure(high)})`;
}

function date(day) {
  if (day < 0) return "";
  const at = new Date(day * DAY);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** A count of days, months or years since 1970 in words. */
function period(number, unit) {
  if (unit === "day") return date(number);
  if (unit === "year") return String(1970 + number);
  return `${MONTHS[((number % 12) + 12) % 12]} ${1970 + Math.floor(number / 12)}`;
}

function shortened(text, most) {
  if (text.length <= most) return text;
  const cut = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut.replace(/\s+\S{0,24}$/, "")} …`;
}

/** One line of plain text, for titles and names of things. */
function oneLine(text, most = 120) {
  return shortened(
    String(text)
      .replace(/[\u202A-\u202E\u2066-\u2069]/g, "")
      .replace(/\s+/g, " ")
      .trim(),
    most,
  );
}

/** What is searched: without case, accents and marks. */
function folded(text) {
  return String(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A name of the corpus, on one line and not endless. */
function called(name, most = 120) {
  return said(oneLine(name, most));
}
