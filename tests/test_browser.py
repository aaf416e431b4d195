"""Each page in a real browser: nothing is asked of a host, and the console stays silent."""

import html
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from page_reader import read_page

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
PAGES = tuple(sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb")))
CONTROL = """<!doctype html><html lang="nl"><body><h1>Fout</h1><img src="http://elders.example/x">
<script>fetch('https://elders.example/y').catch(() => 0); console.error('stuk');</script></body>"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine")


@dataclass(frozen=True)
class Visit:
    """What came of opening a page: the page after its scripts, the console, requests to hosts."""

    dom: str
    console: list[str]
    asked: list[str]


def visit(page: Path, folder: Path, width: int = 1200, place: str = "") -> Visit:
    log = folder / "net.json"
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900",
            "--virtual-time-budget=2000", "--enable-logging=stderr", f"--log-net-log={log}",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom", page.as_uri() + place,
        ],
        capture_output=True, text=True, encoding="utf-8", timeout=90, check=True,
    )  # fmt: skip
    logged = json.loads(log.read_text(encoding="utf-8"))
    start = logged["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    # The browser itself asks its maker for the time and for updates: those have no origin.
    asked = [
        event["params"]["url"]
        for event in logged["events"]
        if event["type"] == start
        and re.match("https?:|wss?:", event.get("params", {}).get("url", ""))
        and event["params"].get("initiator") != "not an origin"
    ]
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return Visit(done.stdout, console, asked)


def test_a_page_that_does_ask_is_seen_to(tmp_path):
    page = tmp_path / "fout.html"
    page.write_text(CONTROL, encoding="utf-8")
    seen = visit(page, tmp_path)
    assert sorted(seen.asked) == ["http://elders.example/x", "https://elders.example/y"]
    assert len(seen.console) == 1 and "stuk" in seen.console[0]


@pytest.mark.parametrize("page", [*PAGES, "wijkbladen", "index"])
def test_a_page_asks_nothing_and_reports_no_error(page, example_report, tmp_path):
    folder = example_report.parent if page == "index" else example_report
    seen = visit(folder / f"{page}.html", tmp_path)
    assert seen.asked == []
    assert seen.console == []
    tree = read_page(seen.dom)
    assert len(tree.all("h1")) == 1 and tree.all("h1")[0].text
    if page in PAGES:
        # The example has no other gemeenten to be compared with.
        assert len(tree.all("figure")) >= 3


# Section by section: keys as a presenter presses them, on a page whose tables are long

KEYS = """<script>(function () {
var root = document.documentElement, said = [];
function press(key) {
document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: key, bubbles: true}));
}
function at() { return document.querySelector('.present-count').textContent.split(' ')[0]; }
function shown(css) { return document.querySelector('main>.on' + css); }
function smallest(svg) {
var box = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width, sizes = [];
svg.querySelectorAll('g[transform*="scale"]').forEach(function (one) {
var own = one.getAttribute('transform').match(/scale.([\\d.]+) -/);
if (own && own[1] > 0.0801) sizes.push(100 * own[1] * box);
});
return Math.min.apply(null, sizes);
}
press('p'); press('Home'); said.push(at());
while (!shown('>.table-wrap')) press('PageDown');
var table = shown('>.table-wrap'), here = at(), high = table.scrollHeight, seen = [];
while (at() === here) { seen.push(table.scrollTop + table.clientHeight); press('PageDown'); }
said.push(seen.length > 1 && Math.abs(seen[seen.length - 1] - high) < 3);
press('ArrowLeft'); said.push(at() === here);
press('Home');
while (!shown(' .picture')) press('PageDown');
function past(box) { return box.scrollHeight > box.clientHeight + 2; }
while (!past(shown(' .picture'))) { press('PageDown'); if (!shown(' .picture')) press('PageDown'); }
said.push(Math.round(smallest(shown(' .picture svg'))));
said.push(document.getElementById('inhoud').scrollHeight <= window.innerHeight);
press('g'); said.push(past(shown(' .picture')));
press('g'); said.push(past(shown(' .picture')));
press('Escape');
said.push(root.classList.contains('presenting'), document.querySelectorAll('.on').length);
said.push(Boolean(document.querySelector('.picture svg').style.width));
document.body.dataset.said = JSON.stringify(said);
})();</script>"""


def test_keys_pass_all_of_a_section_before_the_next_and_letters_can_be_18_points(
    example_report, tmp_path
):
    page = (example_report / "01_gegevens.html").read_text(encoding="utf-8")
    copy = tmp_path / "toetsen.html"
    copy.write_text(page.replace("</body>", f"{KEYS}</body>"), encoding="utf-8")
    (said,) = re.findall(r'<body[^>]* data-said="([^"]*)"', visit(copy, tmp_path, 1300).dom)
    first, whole_table, back, letters, fits, part, again, presenting, on, kept = json.loads(
        html.unescape(said)
    )
    assert (first, whole_table, back) == ("1", True, True)
    # 18 points are 24 pixels, without a key; one key shows the whole of a long list, and back.
    assert letters == 24 and fits and not part and again
    assert (presenting, on, kept) == (False, 0, False)


# Accessibility: rules of axe-core, a file that is fetched apart and named in AXE

AXE = Path(os.environ["AXE"]) if os.environ.get("AXE") else None
RUN = """<script>axe.run(document, {resultTypes: ['violations']}).then(function (found) {
document.body.dataset.axe = JSON.stringify(found.violations.map(function (one) {
return {impact: one.impact, rule: one.id, places: one.nodes.map(function (n) { return n.html; })};
})); });</script>"""
BARE = """<!doctype html><html><head><title>x</title></head><body><main><h1>Kop</h1>
<p style="color:#bbb;background:#fff">Te licht.</p></main></body></html>"""
with_axe = pytest.mark.skipif(
    AXE is None, reason="no file axe.min.js (of npm's axe-core) is named in AXE"
)


def grave(page: Path, folder: Path, place: str = "") -> list[tuple[str, list[str]]]:
    """Return the rules that a page breaks to a serious or critical degree, and where."""
    copy = folder / "axe.html"
    script = f"<script>{AXE.read_text(encoding='utf-8')}</script>{RUN}"
    text = page.read_text(encoding="utf-8").replace("</body>", f"{script}</body>")
    # The overview allows no script at all.
    text = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    # A section that is still fading in is lighter than it will be.
    copy.write_text(text.replace("animation:present-in", "x:"), encoding="utf-8")
    (said,) = re.findall(r'<body[^>]* data-axe="([^"]*)"', visit(copy, folder, place=place).dom)
    return [
        (one["rule"], one["places"])
        for one in json.loads(html.unescape(said))
        if one["impact"] in ("serious", "critical")
    ]


@with_axe
def test_a_page_that_breaks_rules_is_seen_to(tmp_path):
    page = tmp_path / "fout.html"
    page.write_text(BARE, encoding="utf-8")
    assert {rule for rule, _ in grave(page, tmp_path)} == {"color-contrast", "html-has-lang"}


@with_axe
@pytest.mark.parametrize("page", [*PAGES, "wijkbladen", "index"])
def test_a_page_breaks_no_rule_of_accessibility(page, example_report, tmp_path):
    folder = example_report.parent if page == "index" else example_report
    assert grave(folder / f"{page}.html", tmp_path) == []
    if page in PAGES:
        assert grave(folder / f"{page}.html", tmp_path, "#presenteren-3") == []
