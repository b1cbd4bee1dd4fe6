"""A page whose clock stands still, and goes on only as a test says.

The server, its sockets and the network keep real time. So the clock waits after each second until all that the page has
asked for is answered: how busy the machine is changes nothing.
"""

from tests.waiting import until

# Sockets that are being opened, and requests whose answer is not here yet.
COUNT_WHAT_IS_UNDER_WAY = """
    window.underWay = new Set();
    window.WebSocket = class extends WebSocket {
        constructor(...options) {
            super(...options);
            window.underWay.add(this);
            for (const end of ["open", "close"]) this.addEventListener(end, () => window.underWay.delete(this));
        }
    };
    const ask = window.fetch;
    window.fetch = async (...options) => {
        const request = {};
        window.underWay.add(request);
        try {
            const response = await ask(...options);
            await response.clone().text();
            return response;
        } finally {
            window.underWay.delete(request);
        }
    };
"""


def watch_clock(page):
    """Before the page is opened."""
    page.clock.install()
    page.add_init_script(COUNT_WHAT_IS_UNDER_WAY)


def stop_clock(page):
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))


def let_pass(page, seconds, answered=True):
    """So many seconds, one by one."""
    for _ in range(seconds):
        if answered:
            until(lambda: page.evaluate("window.underWay.size === 0"), why="the page was not answered")
        page.clock.run_for(1000)


def let_pass_until(page, condition, most=90, **options):
    """Seconds, one by one, until it is so; ``answered=False`` where nothing is answered."""
    for _ in range(most):
        if condition():
            return
        let_pass(page, 1, **options)
    until(condition, why=f"not within {most} seconds of the page")


def forget_what_is_under_way(page):
    """For what is never going to be answered."""
    page.evaluate("window.underWay.clear()")
