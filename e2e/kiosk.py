"""A screen and the browser on it."""

from playwright.sync_api import expect

from screens.kiosk import keys
from screens.models import Hours, Screen

ADDRESS = "/kiosk/hall/"


def make_screen(slug="hall", **fields):
    """A paired screen of the departures of JFK: seven rows, English and German."""
    fields = {"name": "Gate hall, north", "place": "Above the exit", "languages": "en,de", **fields}
    screen = Screen.objects.set_up(slug=slug, **fields)
    Hours.objects.create(screen=screen, shows="flights", settings={"iata": "JFK", "leg": "departures"})
    return screen.pair()


def give_key(page, screen, url):
    page.context.add_cookies([{"name": keys.KEY, "value": screen.token, "url": f"{url}/kiosk/"}])


def is_current(page, timeout=10_000):
    """Its board is live, and so is what it hears besides."""
    expect(page.locator("html")).to_have_attribute("data-state", "live", timeout=timeout)
    page.evaluate("document.documentElement.dataset.document = 'the same'")


def is_loaded_again(page, timeout=40_000):
    """Since it was current."""
    expect(page.locator("html")).not_to_have_attribute("data-document", "the same", timeout=timeout)


def is_the_same_document(page):
    return page.locator("html").get_attribute("data-document") == "the same"


def is_cut(page, timeout=25_000):
    expect(page.locator("html")).to_have_attribute("data-state", "cut", timeout=timeout)
    expect(page.locator("#cut")).to_be_visible()


def turns_by_hand(page):
    """Before it is opened: its pages turn only by ``turn``."""
    page.add_init_script("addEventListener('DOMContentLoaded', () => (document.documentElement.dataset.dwell = 1e9))")


def turn(page):
    """The next page at once, as if this one had been there long enough to be read."""
    page.evaluate("""() => {
        window.turned = (window.turned || 0) + 3000;
        airside.kiosk.turn(performance.now() + window.turned);
    }""")


def shown(page):
    return page.locator("tbody tr:visible")
