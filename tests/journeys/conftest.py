"""The product as a stranger gets it: the demo story, served by `manage.py serve`, in a real browser."""

import json
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.separate import ROOT, embedded_environment, manage
from tests.servers import free_port

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@dataclass
class Site:
    """The served product: its address, its folder, and who can sign in."""

    url: str
    var: Path
    personas: list[dict]
    import_example: dict
    environment: dict

    def persona(self, role: str, organization: str | None = None) -> dict:
        """The first persona with this role."""
        return next(p for p in self.personas if p["role"] == role and organization in (None, p["organization"]))

    def manage(self, *arguments: str) -> str:
        """Run a management command beside the served product."""
        return manage(self.environment, *arguments)

    def mails_to(self, address: str) -> list[str]:
        """The mails written to this address so far."""
        texts = [path.read_text() for path in sorted((self.var / "mail").glob("*.log"))]
        return [text for text in texts if f"To: {address}" in text]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Loads the demo story into a folder of its own and serves it: web server and worker."""
    var = tmp_path_factory.mktemp("site")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = embedded_environment(var, BASE_URL=url)
    manage(environment, "migrate", "-v0")
    manage(environment, "demo")
    who = json.loads(manage(environment, "demo", "--who"))
    log = (var / "serve.log").open("w")
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_ready(url, server, var / "serve.log")
        yield Site(url, var, who["personas"], who["import_example"], environment)
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One person at one browser, who notices whatever axe, the console or the server objects to."""

    def __init__(self, page: Page, site: Site, *, scripts: bool = True) -> None:
        self.page, self.site, self.scripts = page, site, scripts
        self.seen: set[str] = set()
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", lambda r: r.status >= 500 and self.complaints.append(f"{r.url} answered {r.status}"))

    def open(self, path: str) -> Page:
        """Go there and check what is shown."""
        self.page.goto(path if path.startswith("http") else self.site.url + path)
        return self.check()

    def click(self, name: str, role: str = "link", exact: bool = False) -> Page:
        """Use the link or button with this name and check what comes."""
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        return self.check()

    def press(self, name: str, exact: bool = False) -> Page:
        """Press the button with this name."""
        return self.click(name, role="button", exact=exact)

    def sign_in(self, persona: dict) -> Page:
        """By e-mail address and password, through the form."""
        self.open("/accounts/login/")
        self.page.locator("input[name=login]").fill(persona["email"])
        self.page.locator("input[name=password]").fill(persona["password"])
        self.page.locator("main form [type=submit]").first.click()
        self.page.wait_for_load_state()
        return self.check()

    def check(self) -> Page:
        """Accessibility of the page as it stands, once per address and title; axe itself needs scripts."""
        self.page.wait_for_load_state()
        if not self.scripts:
            return self.page
        key = f"{self.page.url.split('?')[0]} {self.page.title()}"
        if key not in self.seen:
            self.seen.add(key)
            found = Axe().run(self.page, options=AXE_RULES).response["violations"]
            self.complaints += [
                f"{self.page.url}: {v['id']} {v['help']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found
            ]
            wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
            if wide:
                self.complaints.append(f"{self.page.url}: scrolls sideways at {self.page.viewport_size}")
        return self.page

    def text(self) -> str:
        """What the page's main part says."""
        return self.page.locator("main").inner_text()

    def _hear(self, message) -> None:
        if message.type == "error" and "404" not in message.text and "status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: console: {message.text}")


@pytest.fixture
def visit(site: Site, browser: Browser):
    """`with visit() as visitor:`: a fresh browser; at the end nothing may have been objected to."""

    @contextmanager
    def visiting(phone: bool = False, language: str = "nl-NL", scripts: bool = True, dark: bool = False):
        context = browser.new_context(
            locale=language,
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        visitor = Visitor(context.new_page(), site, scripts=scripts)
        yield visitor
        context.close()
        assert not visitor.complaints, "\n".join(visitor.complaints)

    return visiting


def _wait_until_ready(url: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(150):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The site did not start:\n{log.read_text()[-3000:]}")
