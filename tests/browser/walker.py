"""Somebody at a browser: goes, presses, fills in, and finds every page fit for everybody.

Each page that a walk comes to is held to axe (WCAG 2.2 A and AA) and to a silent console.
"""

import re
from base64 import b32decode
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, ViewportSize, expect

from registry.core.clock import FixedClock
from registry.identity.totp import PERIOD, code_of, period_of
from tests.world import code_now

RULES = {
    "resultTypes": ["violations"],
    "preload": False,  # nothing here plays by itself, so no rule needs the style sheets fetched once more
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
EXPECTED = ("422", "403", "404", "409")  # what Chromium itself says of an answer that is an error page

MAKE = """() => {
  const told = ({name, value}) => /^(class|type|role|aria-.*)$/.test(name) ? name + value : name + Boolean(value);
  const kinds = new Map();
  for (const element of document.querySelectorAll("*")) {
    const within = element.parentElement, attributes = [...element.attributes].map(told).sort();
    const kind = [
      within?.localName, within?.className, element.localName, ...attributes, Boolean(element.textContent.trim()),
    ].join(" ");
    kinds.set(kind, kinds.has(kind) ? "several" : "one");
  }
  const texts = (selector) => [...document.querySelectorAll(selector)].map((element) => element.innerText);
  const make = JSON.stringify([...kinds].sort()).replace(/[0-9]+/g, "");
  return {headings: texts("h1"), who: texts(".app-account__name"), make};
}"""
"""What a page says it is, and its make: each kind of element in it, and whether there are several of that kind."""
fit: set[str] = set()
"""The makes that axe has found fit for everybody in this run: it judges by them, not by what stands in a page."""

RUN_ON = re.compile(r"[a-z0-9)]\.[A-Z][a-z]\w*")
"""A sentence that begins right after another one, as when a template swallows the space."""


def labelled(label: str) -> re.Pattern[str]:
    """A label, whether or not it says that its box may be left empty."""
    return re.compile(rf"^\s*{re.escape(label)}( \(optional\))?\s*$")


class Walker:
    """One browser window, walking through the register as somebody would."""

    def __init__(self, page: Page, base: str, clock: FixedClock, *, has_script: bool = True) -> None:
        self.page, self.base, self.clock, self.has_script = page, base, clock, has_script
        page.set_default_timeout(10_000)
        self.troubles: list[str] = []
        self.email = ""
        self._seen: set[tuple[str, ...]] = set()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def go(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(self.base + path)
        self.look()

    def follow(self, name: str, *, exact: bool = False, nth: int = 0) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name, exact=exact).nth(nth).click()
        self.look()

    def menu(self, name: str) -> None:
        """Follow a link of the navigation at the top of every page."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
        self.look()

    def tab(self, name: str, tabs: str = "This account") -> None:
        """Follow one of a page's tabs."""
        self.page.get_by_role("navigation", name=tabs).get_by_role("link", name=name).click()
        self.look()

    def take(self, line: str, link: str) -> None:
        """Follow a link in the line of a list that says something."""
        line_of_it = self.page.get_by_role("main").get_by_role("listitem").filter(has_text=line)
        line_of_it.get_by_role("link", name=link).first.click()
        self.look()

    def press(self, name: str, *, nth: int = 0) -> None:
        """Press a button, or a link that looks like one."""
        self.page.get_by_role("button", name=name).nth(nth).click()
        self.look()

    def fill(self, label: str, value: str) -> None:
        """Type into a box."""
        self.page.get_by_label(labelled(label)).first.fill(value)

    def fill_day(self, legend: str, day: int, month: int, year: int) -> None:
        """Type a day into its three boxes."""
        group = self.page.get_by_role("group", name=legend)
        for label, value in (("Day", day), ("Month", month), ("Year", year)):
            group.get_by_label(label).fill(str(value))

    def pick(self, label: str, option: str) -> None:
        """Pick from a list."""
        self.page.get_by_label(labelled(label)).first.select_option(label=option)

    def tick(self, label: str) -> None:
        """Tick a box or choose a radio."""
        self.page.get_by_label(label).first.check()

    def choose(self, question: str, answer: str) -> None:
        """Choose an answer to a question from its radios."""
        self.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()

    def attach(self, label: str, path: str) -> None:
        """Attach a file."""
        self.page.get_by_label(label).first.set_input_files(path)

    def sees(self, text: str) -> None:
        """Find a text on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def sees_not(self, text: str) -> None:
        """Find a text nowhere on the page."""
        expect(self.page.get_by_text(text)).to_have_count(0)

    def fits_a_phone(self) -> None:
        """Find that the page does not scroll sideways on a phone."""
        assert narrow(self.page), f"{self.page.url} scrolls sideways on a phone"

    def row(self, text: str) -> Locator:
        """The row of a table that holds a text."""
        return self.page.get_by_role("row").filter(has_text=text).first

    def look(self) -> None:
        """Hold the page to what every page promises; each page is looked at once for whoever sees it."""
        self.page.wait_for_load_state("load")
        self._confirm()
        if not self.has_script:
            return
        page = self.page.evaluate(MAKE)
        kind = (*page["headings"], self.page.url.split("?")[0], *page["who"])
        if kind in self._seen:
            return
        self._seen.add(kind)
        assert len(page["headings"]) == 1, f"{self.page.url} has other headings of the first level: {page['headings']}"
        if page["make"] not in fit:
            found = Axe().run(self.page, options=RULES)
            assert not found.response["violations"], f"{self.page.url}\n{found.generate_report()}"
            fit.add(page["make"])
        assert not self.troubles, f"{self.page.url}: {self.troubles}"
        run_on = RUN_ON.findall(self.page.get_by_role("main").inner_text())
        assert not run_on, f"{self.page.url}: no space between sentences: {run_on}"

    def _confirm(self) -> None:
        """Show again that it is still them, where a door asks, with the next code of their app."""
        if self.email and self.page.locator("h1", has_text="Confirm that it is you").count():
            self.clock.advance(seconds=PERIOD)
            self.fill("Code", code_now(self.email, self.clock))
            self.page.get_by_role("button", name="Confirm").click()
            self.page.wait_for_load_state("load")
            carry_on = self.page.get_by_role("button", name="Carry on")
            if carry_on.count():
                carry_on.click()
                self.page.wait_for_load_state("load")

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(f"status of {code}" in message.text for code in EXPECTED):
            self.troubles.append(message.text)


def sign_in(walker: Walker, email: str, password: str) -> None:
    """Sign in by the page, with the password and then a code of one's authenticator app, set up if this is the first
    time. Half a minute goes by, since no code is good twice."""
    walker.clock.advance(seconds=PERIOD)
    walker.go("/sign-in")
    walker.fill("Email address", email)
    walker.fill("Password", password)
    walker.page.get_by_role("button", name="Sign in", exact=True).click()
    walker.look()
    if "/set-up" in walker.page.url:
        enrol_app(walker)
    elif "/second-step" in walker.page.url:
        walker.email = email
        walker.fill("Code", code_now(email, walker.clock))
        walker.press("Continue")


def enrol_app(walker: Walker) -> None:
    """Set up an authenticator app at the first sign-in, as somebody does who types the letters into it."""
    walker.tick("With an authenticator app")
    walker.press("Continue")
    letters = walker.page.locator(".app-letters").inner_text().replace(" ", "")
    walker.fill("The six digits that the app shows now", code_of(b32decode(letters), period_of(walker.clock.now())))
    walker.press("Continue")
    walker.press("I have kept them: continue")


def sign_out(walker: Walker) -> None:
    """Sign out by the button."""
    walker.press("Sign out")


def narrow(page: Any) -> bool:
    """Whether a page fits a phone of 320 pixels without scrolling sideways."""
    page.set_viewport_size({"width": 320, "height": 640})
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= 320")
    page.set_viewport_size(DESKTOP)
    return fits
