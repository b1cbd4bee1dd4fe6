"""Looking at a page as people do: on a phone, a laptop and a wall, by day and by night."""

from axe_playwright_python.base import AXE_SCRIPT

from e2e.conftest import is_live

PHONE, LAPTOP, WALL = (390, 844), (1280, 800), (1920, 1080)
LIGHT, DARK = "light", "dark"
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
LOOKS = [
    (WALL, DARK, COLOURS),
    (LAPTOP, LIGHT, None),
    (PHONE, LIGHT, {}),
]  # the rules that axe checks there, {} for all


def look_at(page):
    """Nothing overflows sideways on any size, and axe finds nothing. Leaves the page on a phone, light.

    axe takes a second or so: it checks everything once, on a phone, and colours once more in the dark, on a wall, where
    all that phones leave out is shown. The page is of a context with ``bypass_csp``, as axe is a script.
    """
    page.wait_for_load_state()  # a click waits only until the next page begins
    if page.locator(".live").count():
        is_live(page)
    page.evaluate(AXE_SCRIPT)
    for (width, height), scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a colour on its way to another is neither
        assert sideways(page) <= 0, f"{page.url} scrolls sideways at {width} px"
        found = [] if rules is None else violations(page, rules)
        assert not found, f"{page.url} at {width} px, {scheme}: {found}"


def sideways(page):
    """By how many pixels it could be scrolled to the side."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def violations(page, rules):
    options = {"resultTypes": ["violations"], **rules}
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]
