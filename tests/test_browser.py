"""The pages in a real Chromium, on a real index of the bundled sample."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"),
]
webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.remote.webelement import WebElement  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

PROGRAM = """
import sys
from pathlib import Path
from searchapp.config import Settings
from searchapp.indexing import reindex
from searchapp.sample import sample_paths
from searchapp.web import create_app
from searchapp.web.server import run

if __name__ == "__main__":
    sample = sample_paths()
    settings = Settings(index=Path(sys.argv[1]), aliases=sample.additions, workers=1)
    reindex([str(sample.articles)], settings, sample=True)
    run(lambda: create_app(settings), "127.0.0.1", 0, 1, 4, lambda url: print(url.rstrip("/"), flush=True))
"""
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
WAIT_S = 10
PATHS = (
    "/",
    "/?q=项目&explain=1&county=9901&size=50",
    "/statements?q=项目",
    "/?q=没有这样的词",
    "/articles/sample-041?q=项目",
    f"/?q={'a' * 300}",
    f"/articles/{'x' * 300}",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server on an index of the sample."""
    folder = tmp_path_factory.mktemp("site")
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, str(program), str(folder / "index")]
    with (folder / "errors").open("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        with process:
            assert process.stdout
            url = process.stdout.readline().strip()
            assert url.startswith("http"), Path(errors.name).read_text()
            yield url
            process.terminate()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    for flag in (*FLAGS, f"--user-data-dir={profile}", "--window-size=1280,900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=DRIVER)
    with webdriver.Chrome(options=options, service=service) as browser:
        yield browser


@pytest.fixture
def browser(site: str, chromium: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser on the start page; afterwards its console must hold no error (CSP included)."""
    chromium.get(site + "/")
    yield chromium
    complaints = [entry["message"] for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]
    assert complaints == []


def one(browser: webdriver.Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def all_of(browser: webdriver.Chrome, selector: str) -> list[WebElement]:
    found: list[WebElement] = browser.find_elements(By.CSS_SELECTOR, selector)
    return found


def wait(browser: webdriver.Chrome, condition: Callable[[webdriver.Chrome], object]) -> None:
    WebDriverWait(browser, WAIT_S, poll_frequency=0.05).until(condition)


def total(browser: webdriver.Chrome) -> int:
    found = re.search(r"找到 ([\d,]+) [篇段]", one(browser, ".summary").text)
    assert found
    return int(found[1].replace(",", ""))


def ask(browser: webdriver.Chrome, words: str) -> None:
    box = one(browser, "#q")
    box.clear()
    box.send_keys(words, Keys.ENTER)
    wait(browser, lambda b: "q=" in b.current_url and b.find_elements(By.CSS_SELECTOR, ".summary"))


def county(browser: webdriver.Chrome, name: str) -> tuple[WebElement, int]:
    for link in all_of(browser, "[data-facet=county] .values a"):
        if name in link.text:
            return link, int(link.find_element(By.CSS_SELECTOR, ".count").text)
    raise AssertionError(f"no county {name}")


def test_ask_see_marks_choose_a_county_go_back_lift_the_chip(browser: webdriver.Chrome) -> None:
    ask(browser, "项目")
    everything = total(browser)
    assert everything > 1
    assert {mark.text for mark in all_of(browser, ".snippet mark")} == {"项目"}

    link, count = county(browser, "横峰县")
    link.click()
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".filters .chip"))
    assert 0 < count < everything
    assert total(browser) == count
    assert county(browser, "横峰县")[1] == count
    assert one(browser, "#q").get_attribute("value") == "项目"

    browser.back()
    wait(browser, lambda b: not b.find_elements(By.CSS_SELECTOR, ".filters .chip"))
    assert total(browser) == everything
    browser.forward()
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".filters .chip"))
    one(browser, ".filters .chip").click()
    wait(browser, lambda b: not b.find_elements(By.CSS_SELECTOR, ".filters .chip"))
    assert total(browser) == everything


def press(browser: webdriver.Chrome, key: str, code: int, text: str = "") -> None:
    event = {"key": key, "code": key, "windowsVirtualKeyCode": code, "text": text}
    browser.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", **event})
    browser.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **event})


def test_enter_while_composing_chooses_a_word_and_does_not_submit(browser: webdriver.Chrome) -> None:
    start = browser.current_url
    one(browser, "#q").click()
    composed = {"text": "xiang'mu", "selectionStart": 8, "selectionEnd": 8}
    browser.execute_cdp_cmd("Input.imeSetComposition", composed)
    press(browser, "Enter", 13, "\r")
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    assert browser.current_url == start
    browser.execute_cdp_cmd("Input.imeSetComposition", composed)
    browser.execute_cdp_cmd("Input.insertText", {"text": "项目"})
    value = one(browser, "#q").get_attribute("value")
    press(browser, "Enter", 13, "\r")
    wait(browser, lambda b: b.current_url != start)
    assert value
    assert value.endswith("项目")


@pytest.mark.parametrize("typed", ["横峰", "hengfeng", "hfx"])
def test_completion_by_keyboard(browser: webdriver.Chrome, typed: str) -> None:
    box = one(browser, "#q")
    box.send_keys("项目 ", typed)
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#offers [role=option]"))
    assert box.get_attribute("aria-expanded") == "true"
    options = [option.text for option in all_of(browser, "#offers [role=option]")]
    wanted = next(
        number for number, text in enumerate(options) if text.startswith("县区") and "横峰县" in text
    )
    box.send_keys(Keys.ARROW_DOWN * (wanted + 1))
    active = one(browser, "#" + str(box.get_attribute("aria-activedescendant")))
    assert active.get_attribute("aria-selected") == "true"
    assert "横峰县" in active.text
    box.send_keys(Keys.ENTER)
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".summary"))
    assert one(browser, "#q").get_attribute("value") == "项目 横峰县"


def test_escape_closes_the_completions_and_keeps_the_words(browser: webdriver.Chrome) -> None:
    box = one(browser, "#q")
    box.send_keys("横峰")
    wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#offers [role=option]"))
    box.send_keys(Keys.ESCAPE)
    assert box.get_attribute("aria-expanded") == "false"
    assert not one(browser, "#offers").is_displayed()
    assert box.get_attribute("value") == "横峰"


def test_slash_goes_to_the_search_box(browser: webdriver.Chrome) -> None:
    browser.execute_script("document.activeElement.blur()")
    ActionChains(browser).send_keys("/").perform()
    assert browser.switch_to.active_element.get_attribute("id") == "q"
    assert one(browser, "#q").get_attribute("value") == ""
    ActionChains(browser).send_keys("/").perform()
    assert one(browser, "#q").get_attribute("value") == "/"


def test_stepping_through_the_marks_of_an_article(browser: webdriver.Chrome, site: str) -> None:
    browser.get(f"{site}/articles/sample-045?q=项目")
    marks = all_of(browser, "article mark")
    assert len(marks) > 2
    assert one(browser, "#step").text == f"{len(marks)} 处"
    forward, back = one(browser, "[data-step='1']"), one(browser, "[data-step='-1']")
    forward.click()
    forward.click()
    assert one(browser, "#step").text == f"2 / {len(marks)} 处"
    assert [mark.get_attribute("class") for mark in marks[:3]] == ["", "here", ""]
    back.click()
    back.click()
    assert one(browser, "#step").text == f"{len(marks)} / {len(marks)} 处"


def test_a_long_facet_can_be_narrowed(browser: webdriver.Chrome, site: str) -> None:
    browser.get(f"{site}/?q=县&facet_size=50")
    box = one(browser, "[data-facet=official] .narrow")
    before = len(all_of(browser, "[data-facet=official] .values li"))
    box.send_keys("潘")
    left = [line.text for line in all_of(browser, "[data-facet=official] .values li") if line.is_displayed()]
    assert 0 < len(left) < before
    assert all("潘" in line for line in left)


def test_no_page_scrolls_sideways_on_a_narrow_screen(browser: webdriver.Chrome, site: str) -> None:
    metrics = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for path in PATHS:
            browser.get(site + path)
            browser.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
            assert browser.execute_script("return document.documentElement.scrollWidth") == 360, path
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.get_log("browser")  # the 404 above is a complaint of its own


def test_everything_works_without_scripts(browser: webdriver.Chrome, site: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(site + "/")
        one(browser, "#q").send_keys("项目", Keys.ENTER)
        wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".summary"))
        everything = total(browser)
        link, count = county(browser, "青禾县")
        link.click()
        wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".filters .chip"))
        assert (total(browser), count < everything) == (count, True)
        one(browser, ".hit h2 a").click()
        wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "article h1"))
        assert all_of(browser, "article mark")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
