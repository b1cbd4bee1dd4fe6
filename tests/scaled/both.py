"""What runs on both set-ups: what a database, a channel layer or a second process can change.

``python -m tests.scaled`` runs these, and those in tests/scaled, which are about the scaled set-up alone. A new app has its
files here by their names.
"""

from glob import glob

PATTERNS = [
    "tests/scaled",
    # what all apps stand on
    "tests/live",
    "tests/faults",
    "tests/server/test_bodies.py",
    "tests/server/test_caching.py",
    "tests/server/test_metrics.py",
    "tests/server/test_proxies.py",
    "tests/server/test_ready.py",
    "tests/server/test_server.py",
    "tests/verbs/test_verbs.py",
    "tests/verbs/test_history.py",
    "tests/links/test_openings.py",
    "tests/post/test_sending.py",
    "tests/post/test_two_senders.py",
    "tests/post/test_writing.py",
    "tests/shared/test_holds.py",
    "tests/shared/test_limits.py",
    "tests/shared/test_once.py",
    "tests/shared/test_references.py",
    "tests/shared/test_waitlist.py",
    "tests/deploy/test_backup.py",
    "tests/screens",
    "tests/embeds/test_frames.py",
    "tests/embeds/test_owners.py",
    "tests/checkout",
    # of each app: its verbs, its races, its sockets, whatever looks at many moves in any order
    "tests/*/test_verbs.py",
    "tests/*/test_*race*.py",
    "tests/*/test_two_at_once.py",
    "tests/*/test_any_*.py",
    "tests/*/test_*socket*.py",
    "tests/*/test_*live.py",
    # queries that databases may answer differently
    "tests/flights/test_reports.py",
    "tests/flights/test_rules_property.py",
    "tests/flights/test_board_windows.py",
    "tests/flights/test_kiosk_board.py",
    "tests/events/test_audience_questions.py",
    "tests/events/test_frab.py",
    "tests/events/test_organisers.py",
    "tests/events/test_places.py",
    "tests/events/test_programme.py",
    "tests/events/test_polls.py",
    "tests/events/test_registering.py",
    "tests/orders/test_busy.py",
    "tests/orders/test_late.py",
    "tests/orders/test_orders_flights.py",
    "tests/orders/test_placing.py",
    "tests/orders/test_place_page.py",
    "tests/orders/test_promising.py",
    "tests/restaurants/test_availability.py",
    "tests/restaurants/test_offers.py",
    "tests/restaurants/test_wishes.py",
    "tests/restaurants/test_strangers.py",
    "tests/restaurants/test_waitlist_numbers.py",
    "tests/restaurants/test_nasty_values.py",
    "tests/seats/test_boarding.py",
    "tests/seats/test_check_in.py",
    "tests/seats/test_customers_who_try.py",
    "tests/seats/test_disruption.py",
    "tests/seats/test_ledger.py",
    "tests/seats/test_lock_order.py",
    "tests/seats/test_search_results.py",
    "tests/seats/test_trip_money.py",
    # in a browser: what goes wrong, and one path of each app
    "e2e/test_live_page.py",
    "e2e/test_kiosk.py",
    "e2e/test_a_killed_process.py",
    "e2e/test_desk_and_board.py::test_a_delay_set_at_the_desk_shows_everywhere",
    "e2e/test_guest_books.py::test_one_holds_books_changes_and_cancels_and_the_other_sees_each_step",
    "e2e/test_a_whole_journey.py",
    "e2e/test_host_runs_the_evening.py::test_one_hosts_moves_show_on_the_others_list_grid_and_floor",
]


def paths():
    """As arguments for pytest, each once. Raises FileNotFoundError for a pattern that nothing is named after."""
    found = {}
    for pattern in PATTERNS:
        path, separator, name = pattern.partition("::")
        matching = sorted(glob(path))
        if not matching:
            raise FileNotFoundError(f"{__file__} names {pattern}, and there is none")
        found |= dict.fromkeys(match + separator + name for match in matching)
    return list(found)
