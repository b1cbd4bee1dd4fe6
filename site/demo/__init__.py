"""The demo: ``make run`` starts the site with data, with people to sign in as, and with actors who use it as people do.

An app's part of it stands in the app's own ``demo/`` room:

- ``demo/setup.py`` registers with ``@setup(order=…)`` what makes its data and accounts and starts its actors (demo.parts)
- an actor is a management command on ``demo.actors.Actor``; it opens pages and sends forms with ``demo.browser.Page``
"""
