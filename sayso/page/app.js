// Views by the address after `#`, the theme, and what happens at a change of view.

const NAV = [
  ["#/", "Overview", ["", "about"]],
  ["#/sources", "Sources", ["sources", "source"]],
  ["#/outlets", "Outlets", ["outlets", "outlet"]],
  ["#/claims", "Claims", ["claims", "claim"]],
  ["#/articles", "Articles", ["articles", "article"]],
  ["#/statements", "Statements", ["statements"]],
];

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function viewOf(name, id, rest) {
  switch (name) {
    case "":
      return overviewView();
    case "sources":
      return listView(false);
    case "outlets":
      return listView(true);
    case "source":
      return profileView(false, id);
    case "outlet":
      return profileView(true, id);
    case "claims":
      return claimsView();
    case "claim":
      return claimView(id);
    case "articles":
      return articlesView();
    case "article":
      return articleView(id, rest);
    case "statements":
      return statementsView();
    case "about":
      return aboutView();
    default:
      return missingView("view", name);
  }
}

const main = document.getElementById("main");
const places = new Map(); // where each view was left: scroll and the link that was followed
let here = null;
let followed = null;

function route() {
  const hash = location.hash.startsWith("#/") ? location.hash : "#/";
  return [hash, hash.slice(2).split("/").map(decoded)];
}

function nav(name) {
  document.getElementById("nav").replaceChildren(
    h(
      "ul",
      null,
      NAV.map(([where, label, names]) =>
        h(
          "li",
          null,
          link(where, label, {
            "aria-current":
              names[0] === name ? "page" : names.includes(name) && name !== "about" ? "true" : null,
          }),
        ),
      ),
    ),
  );
}

function show(first) {
  const [hash, [name, id, rest]] = route();
  if (hash === here) return;
  const back = !followed && !first;
  here = hash;
  const view = viewOf(name, id === undefined ? "" : id, rest);
  document.title = view.title ? `${view.title} – ${oneLine(D.title, 60)}` : oneLine(D.title, 80);
  nav(name);
  const heading = h("h1", { tabindex: "-1", class: view.headingClass }, view.heading);
  const up = view.up
    ? h(
        "p",
        { class: "up" },
        link(view.up[0], [h("span", { "aria-hidden": "true" }, "← "), view.up[1]]),
      )
    : null;
  main.replaceChildren(...[up, heading, ...view.parts.flat(Infinity)].filter(Boolean));
  followed = null;
  const old = back ? places.get(hash) : null;
  if (old) {
    const link = old.link && main.querySelector(`a[href="${CSS.escape(old.link)}"]`);
    (link || heading).focus({ preventScroll: true });
    requestAnimationFrame(() => scrollTo(0, old.top));
  } else {
    scrollTo(0, 0);
    if (!first) heading.focus({ preventScroll: true });
    if (view.shown) requestAnimationFrame(view.shown);
  }
}

function remember(event) {
  const anchor = event.target.closest ? event.target.closest("a[href^='#/']") : null;
  if (
    !anchor ||
    event.defaultPrevented ||
    event.button ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey
  )
    return;
  followed = anchor.getAttribute("href");
  places.set(here, { top: scrollY, link: followed });
  if (followed === here) followed = null;
}

function skip(event) {
  event.preventDefault();
  main.querySelector("h1").focus();
}

function keys(event) {
  if (
    event.key !== "/" ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)
  )
    return;
  const box = main.querySelector("input[type=search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
}

const THEMES = ["auto", "light", "dark"];

function stored(value) {
  try {
    if (value === undefined) return localStorage.getItem("sayso-theme");
    localStorage.setItem("sayso-theme", value);
  } catch {
    // no storage: the choice lasts as long as the page
  }
  return null;
}

function theme() {
  const chosen = THEMES.includes(stored()) ? stored() : "auto";
  const id = fresh("theme");
  const set = (value) => {
    if (value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
  };
  const box = h(
    "select",
    {
      id,
      change: () => {
        set(box.value);
        stored(box.value);
      },
    },
    THEMES.map((value) => h("option", { value }, capital(value))),
  );
  box.value = chosen;
  set(chosen);
  document
    .getElementById("theme")
    .append(
      h(
        "label",
        { for: id },
        unseen("Colours: "),
        s(
          "svg",
          { viewBox: "0 0 16 16", "aria-hidden": "true" },
          s("circle", { cx: 8, cy: 8, r: 6.5, class: "ring" }),
          s("path", { d: "M8 1.5a6.5 6.5 0 0 1 0 13z", class: "solid" }),
        ),
      ),
      box,
    );
}

history.scrollRestoration = "manual";
document.addEventListener("click", remember, true);
document.addEventListener("keydown", keys);
document.getElementById("skip").addEventListener("click", skip);
addEventListener("hashchange", () => show(false));
theme();
if (/^#\/(source|outlet|claim|article|statements)/.test(location.hash))
  addEventListener("DOMContentLoaded", () => show(true));
else show(true);
