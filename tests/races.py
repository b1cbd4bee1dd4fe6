"""Calls that run at the same moment, each in a thread of its own."""

import threading

from django.db import connection


def all_at_once(*calls):
    """Start the calls together; a list of what each returned or raised, in their order."""
    barrier, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        barrier.wait()
        try:
            outcomes[number] = call()
        except Exception as fault:
            outcomes[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def answers_at_once(*calls):
    """The same for calls that must succeed: the first fault is raised."""
    outcomes = all_at_once(*calls)
    for fault in faults(outcomes):
        raise fault
    return outcomes


def faults(outcomes, kind=Exception):
    """Those of the outcomes that are faults of this kind."""
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]
