# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page in a real browser: quiet, usable by mouse, keyboard and screen reader, on any screen, and by print."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ansible_collections.multivendor.backup.plugins.plugin_utils._report import make_report
from ansible_collections.multivendor.backup.tests.browser.estate import COLLECTED_AT, FILTERS, HOSTILE, estate
from ansible_collections.multivendor.backup.tests.browser.page import page_of
from tests.tools.stage import CACHE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no browser: install chromium (apt-get install chromium)")

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
SHOTS = CACHE / "browser"
# Where what the policy forbids is noted, and dialogs are.
WATCH = """
window.trouble = [];
document.addEventListener('securitypolicyviolation', (event) => trouble.push(event.violatedDirective));
for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => trouble.push(name);
"""
MANY = 5000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of several estates."""
    folder = tmp_path_factory.mktemp("pages")
    kinds: dict[str, tuple[int, dict[str, Any]]] = {
        "hostile": (80, {"names": HOSTILE, "dead": "hq-veeam"}),
        "calm": (20, {"calm": True}),
        "empty": (0, {}),
        "many": (MANY, {}),
    }
    for name, (count, options) in kinds.items():
        made = make_report(*estate(count, **options), COLLECTED_AT, FILTERS, "Backup report", ["html"], None)
        (folder / f"{name}.html").write_text(page_of(made))
    return folder


class Visit:
    """A page that is open, and what went wrong with it."""

    def __init__(self, browser: Browser, path: Path, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri())
        if options.get("java_script_enabled", True):
            self.page.wait_for_selector("html[data-ready]", state="attached")

    def shown(self, rows: str = ".estate [data-row]") -> list[str]:
        """The texts of the rows that are not hidden."""
        return self.page.eval_on_selector_all(rows, "rows => rows.filter(r => !r.hidden).map(r => r.textContent)")

    def column(self, number: int) -> list[str]:
        return self.page.eval_on_selector_all(
            f".estate tbody td:nth-child({number})", "cells => cells.map(c => c.dataset.value ?? c.textContent)"
        )

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def visit(browser: Browser, folder: Path) -> Iterator[Any]:
    visits: list[Visit] = []

    def open_page(name: str = "hostile", **options: Any) -> Visit:
        visits.append(Visit(browser, folder / f"{name}.html", **options))
        return visits[-1]

    yield open_page
    for one in visits:
        one.close()


@pytest.mark.parametrize("name", ["hostile", "calm", "empty", "many"])
def test_nothing_is_asked_for_and_nothing_complains(visit: Any, name: str) -> None:
    one = visit(name)
    one.page.mouse.wheel(0, 100_000)
    one.page.wait_for_timeout(200)

    assert one.said == []
    assert one.page.evaluate("trouble") == []
    assert [url for url in one.requests if not url.startswith("data:")] == [one.page.url]


def test_hostile_names_are_text(visit: Any) -> None:
    page = visit().page
    assert page.title().startswith("\u2715 ")
    assert page.locator(".estate script, .estate img, .estate svg svg, .estate h1").count() == 0
    names = page.eval_on_selector_all(".estate .name", "names => names.map(n => n.textContent)")
    assert HOSTILE[0] in names
    assert "{{ 7*7 }}{% raw %}{# x #}" in names


def test_a_policy_stops_what_would_get_in(visit: Any) -> None:
    page = visit().page
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"http://x.example/\" onerror=\"alert(1)\">')"
    )
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert(1)'}))")
    page.wait_for_timeout(300)
    assert {*page.evaluate("trouble")} >= {"img-src", "script-src-elem"}
    assert "alert" not in page.evaluate("trouble")


def test_filters(visit: Any) -> None:
    one = visit()
    page, total = one.page, len(one.shown())
    page.select_option("#source", "orders-db")
    assert 0 < len(one.shown()) < total
    assert all("orders-db" in row for row in one.shown())
    page.select_option("#status", "bad")
    assert all(re.search("Never|Missed|Unknown", row) for row in one.shown())
    found = len(one.shown())
    assert page.text_content("#resources .shown") == f"{found} of {total} shown"
    page.fill("#search", "no such thing")
    page.wait_for_selector("#resources .nothing:not([hidden])")
    assert one.shown() == []
    page.click("#clear")
    assert len(one.shown()) == total
    assert page.text_content("#resources .shown") == ""
    assert page.evaluate("document.activeElement.id") == "search"
    assert page.is_hidden("#clear")


def test_search_finds_what_is_written_and_works_by_keyboard(visit: Any) -> None:
    one = visit()
    total = len(one.shown())
    one.page.keyboard.press("/")
    one.page.keyboard.type("<SCRIPT>DOC")
    expect(one.page.locator(".estate [data-row]:not([hidden])")).to_have_count(1)
    assert HOSTILE[0] in one.shown()[0]
    assert len(one.shown(".failures [data-row]")) <= 1
    one.page.keyboard.press("Escape")
    assert len(one.shown()) == total


def test_numbers_lead_to_what_they_count(visit: Any) -> None:
    one = visit()
    one.page.click("a[data-status=bad]")
    assert one.page.input_value("#status") == "bad"
    assert str(len(one.shown())) == one.page.text_content("a[data-status=bad] .figure").strip("\u2265\u2715 ")


@pytest.mark.parametrize(("number", "kind"), [(1, float), (2, str), (3, str), (4, float)])
def test_sorting(visit: Any, number: int, kind: Any) -> None:
    one = visit("many")
    head = one.page.locator(f".estate th:nth-child({number})")
    rows = sorted(one.shown())
    head.locator("button").focus()

    one.page.keyboard.press("Enter")
    up = one.column(number)
    assert head.get_attribute("aria-sort") == "ascending"
    one.page.keyboard.press("Enter")
    down = one.column(number)
    assert head.get_attribute("aria-sort") == "descending"

    known = [value for value in up if value != ""]
    if kind is float:
        assert [float(value) for value in known] == sorted(float(value) for value in known)
    else:
        assert [value.lower() for value in known] == sorted(value.lower() for value in known)
    assert [value for value in down if value != ""] == known[::-1] or kind is str
    assert up[len(known) :] == down[len(known) :] == [""] * (len(up) - len(known))
    assert sorted(one.shown()) == rows
    assert one.page.locator(".estate th[aria-sort]").count() == 1


def test_the_theme_is_remembered(visit: Any) -> None:
    page = visit().page
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.click("#theme")
    dark = page.evaluate(colour)
    assert dark != light
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate(colour) == dark
    assert page.text_content("#theme") == "Light"


def test_without_storage_the_theme_changes_all_the_same(browser: Browser, folder: Path) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})")
    page = context.new_page()
    page.goto((folder / "calm.html").as_uri())
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    context.close()


@pytest.mark.parametrize("name", ["hostile", "calm", "empty"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 360])
def test_accessible_on_every_screen(visit: Any, name: str, scheme: str, width: int) -> None:
    one = visit(name, viewport={"width": width, "height": 1100}, color_scheme=scheme, bypass_csp=True)
    assert one.page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(one.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()
    SHOTS.mkdir(parents=True, exist_ok=True)
    for part in ("top", "failures", "trend", "resources", "sources"):
        if part != "top":
            one.page.evaluate(f"document.getElementById('{part}').scrollIntoView({{behavior: 'instant'}})")
        one.page.screenshot(path=SHOTS / f"{name}-{scheme}-{width}-{part}.png")


def test_without_scripts_everything_is_there(visit: Any) -> None:
    page = visit("calm", java_script_enabled=False).page
    assert page.locator(".estate tbody tr:visible").count() == 20
    assert page.is_hidden("#tools")
    assert page.is_hidden("#theme")


def test_print_has_the_content_without_the_controls(visit: Any) -> None:
    page = visit(color_scheme="dark").page
    page.emulate_media(media="print")
    assert page.is_hidden("#tools")
    assert page.is_hidden("#theme")
    assert page.evaluate("getComputedStyle(document.querySelector('.estate tbody tr')).contentVisibility") == "visible"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(23, 32, 43)"
    assert len(page.pdf()) > 20_000


def test_days_tell_what_happened(visit: Any) -> None:
    page = visit("calm").page
    plot = page.locator(".estate .calendar").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 8)
    assert page.text_content("#tip") in ("Sun 8 Nov: succeeded", "Sun, 8 Nov: succeeded")
    page.mouse.move(5, 5)
    assert page.is_hidden("#tip")
    assert re.fullmatch(r"(1 day without a backup \(.+\); )?1[34] days succeeded", plot.get_attribute("aria-label"))


def test_many_resources_stay_usable(browser: Browser, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shows the times rather than judging them, for machines differ."""
    opened, filtered = [], []
    for _round in range(3):
        one = Visit(browser, folder / "empty.html")
        begun = time.monotonic()
        one.page.goto((folder / "many.html").as_uri())
        one.page.wait_for_selector("html[data-ready]", state="attached")
        one.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        opened.append(time.monotonic() - begun)
        assert len(one.shown()) == MANY
        begun = time.monotonic()
        one.page.select_option("#status", "late")
        assert len(one.shown()) < MANY
        filtered.append(time.monotonic() - begun)
        assert one.page.evaluate("document.getElementsByTagName('*').length") < 20 * MANY
        one.close()
    with capsys.disabled():
        times = f"open and usable in {min(opened):.2f} s, filtered in {min(filtered):.2f} s"
        print(f"\n{MANY:,} resources: {times} (best of 3)")
