"""The report in Chromium: views, keys, accessibility, and texts that mean harm."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sayso.page.page import write_page
from tests.pages import HOSTILE, demo, hostile

pytest.importorskip("playwright")

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

VIEWS = {
    "#/sources": "Sources",
    "#/outlets": "Outlets",
    "#/claims": "Claims",
    "#/articles": "Articles",
    "#/statements": "Statements",
    "#/about": "How to read it",
    "#/source/source%20Ada%20Brink": "Ada Brink",
    "#/outlet/outlet%20Ledger": "Ledger",
    "#/claim/claim%20safe": "the bridge was safe",
    "#/article/bridge": "Is the bridge safe?",
    "#/article/bridge/2": "Is the bridge safe?",
    "#/source/nobody": "Not in this page",
    "#/": "Bridges",
}
"""Where each view is, and its heading."""

WIDE_ONLY = ("#/outlets", "#/articles", "#/statements", "#/about", "#/outlet/outlet%20Ledger")
"""Views made of what others show too; on a phone those are looked at."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        if os.environ.get("SAYSO_BROWSER") == "required":
            pytest.fail(f"expected one of {', '.join(names)} on the path, found none")
        pytest.skip("no Chromium on the path")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


def written(folder: Path, sources: int) -> str:
    path = folder / "report.html"
    made = demo(sources)
    write_page(path, made, made.statements, made.articles, title="Bridges")
    return path.as_uri()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("page"), 120)


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose errors, dialogs and requests but for its own file fail the test."""
    opened = context.new_page()
    wrong: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    opened.on("console", lambda message: wrong.append(message.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", dismissed)
    opened.on("popup", lambda popup: wrong.append(popup.url))
    opened.on("request", lambda request: wrong.append(request.url))
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()
    assert [one for one in wrong if not one.startswith("file:")] == []
    assert len(wrong) == 1, "its file is asked for once"


def go(page: Page, view: str) -> None:
    page.evaluate("view => { location.hash = view; }", view)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def heading(page: Page) -> str:
    return page.inner_text("h1").replace("\n", " ")


def violations(page: Page, *rules: str) -> list[str]:
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, options).then(found => found.violations)",
        {"resultTypes": ["violations"], **only},
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def test_every_view_opens(page: Page, address: str) -> None:
    page.goto(address)
    assert page.title() == heading(page) == "Bridges"
    milliseconds = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    assert milliseconds < 5_000
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        for view, name in VIEWS.items():
            go(page, view)
            assert heading(page) == name
            assert page.title().startswith(name)
            assert page.evaluate("document.activeElement.matches('h1, .marker, a')")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, view
            assert page.locator("h1").count() == 1


def test_views_are_accessible(page: Page, tmp_path: Path) -> None:
    page.goto(written(tmp_path, 3))
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    for scheme, width in (("light", 1280), ("light", 390), ("dark", 1280)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 844})
        for view in VIEWS:
            go(page, view)
            if width == 390 and view in WIDE_ONLY:
                continue
            rules = ["color-contrast"] if scheme == "dark" else []
            assert violations(page, *rules) == [], f"{view} {scheme} {width}"


def test_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    go(page, "#/sources")
    assert page.locator("tbody tr").count() == 100
    page.keyboard.press("/")
    page.keyboard.type("WITNESS 11")
    assert page.inner_text(".found") == "11 of 125 sources"
    expect(page.locator("#live")).to_have_text("11 of 125 sources")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Name"
    page.keyboard.press("Enter")
    names = page.locator("thead th").first
    assert names.get_attribute("aria-sort") == "ascending"
    assert page.locator("tbody a").first.inner_text() == "Witness 11"
    page.keyboard.press("Enter")
    assert names.get_attribute("aria-sort") == "descending"
    first = page.locator("tbody a").first
    assert first.inner_text() == "Witness 119"
    while not page.evaluate("document.activeElement.matches('tbody a')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Witness 119")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.go_back()
    expect(page.locator("h1")).to_have_text("Sources")
    assert page.evaluate("document.activeElement.textContent") == "Witness 119"
    assert page.input_value("input[type=search]") == "WITNESS 11"


def test_more_of_a_list(page: Page, address: str) -> None:
    page.goto(f"{address}#/sources")
    page.click("button.more")
    assert page.locator("tbody tr").count() == 125
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 101
    assert page.locator("button.more").is_hidden()


def test_statements_by_stance(page: Page, address: str) -> None:
    page.goto(f"{address}#/source/source%20Ada%20Brink")
    assert page.locator(".statement").count() == 2
    page.click(".choices button:has-text('denial')")
    assert page.locator(".statement").count() == 1
    assert "now denies that the bridge was safe 🌉." in page.inner_text(".excerpt")
    assert page.inner_text(".excerpt .content") == "that the bridge was safe 🌉"
    assert page.inner_text(".excerpt .source") == "Ada Brink"


def test_sides_of_a_claim(page: Page, address: str) -> None:
    page.goto(f"{address}#/claim/claim%20safe")
    sides = page.locator(".side-column").all_inner_texts()
    assert [side.split("\n")[0].strip() for side in sides] == [
        "Asserted by 1", "Denied by 2", "Hedged by 0", "Speculated on by 1",
    ]  # fmt: skip
    assert "Ivo Lund" in sides[1]
    assert "denies Ada Brink" in sides[1]


def test_marks_in_an_article(page: Page, address: str) -> None:
    page.goto(f"{address}#/article/bridge/2")
    marker = page.locator(".marker[aria-expanded=true]")
    marker.wait_for()
    assert "Statement 3, denial" in marker.inner_text()
    inner = page.locator(".text .line-assertion .line-denial.nested")
    assert inner.inner_text() == "the report of cracks"
    assert "second-hand, told by The union" in page.inner_text(".inline-card")
    marker.press("Enter")
    assert page.locator(".inline-card").count() == 0
    page.click(".choices button:has-text('hedge')")
    assert page.locator(".text .marker:visible").count() == 1


def test_theme_is_kept(page: Page, address: str) -> None:
    page.goto(address)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.select_option("#theme select", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert page.evaluate("localStorage.getItem('sayso-theme')") == "dark"
    page.select_option("#theme select", "auto")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_hostile_texts_stay_text(page: Page, tmp_path: Path) -> None:
    made = hostile()
    path = tmp_path / "hostile.html"
    write_page(path, made, made.statements, made.articles, title=HOSTILE[0])
    page.goto(path.as_uri())
    shown = ""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for view in ("#/", "#/sources", "#/outlets", "#/claims", "#/articles", "#/statements"):
            go(page, view)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, view
    for view, most in (("#/sources", 20), ("#/outlets", 4), ("#/claims", 4), ("#/articles", 20)):
        go(page, view)
        links = page.eval_on_selector_all("tbody th a", "all => all.map(a => a.hash)")
        assert len(links) >= len(HOSTILE)
        for link in links[:most]:
            go(page, link)
            assert heading(page) != "Not in this page"
            shown += page.inner_text("main")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, link
    for text in HOSTILE[:6]:
        assert text in shown
    assert "javascript" not in str(page.eval_on_selector_all("a", "all => all.map(a => a.href)"))
    assert page.evaluate("[typeof window.hacked, document.querySelectorAll('img').length]") == [
        "undefined", 0,
    ]  # fmt: skip
    go(page, "#/article/long/0")
    page.locator(".marker[aria-expanded=true]").wait_for()
    go(page, "#/source/%E0%A4%A")
    assert heading(page) == "Not in this page"
    assert page.evaluate("document.querySelectorAll('script').length") == 3
