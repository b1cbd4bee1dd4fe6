"""What stands between the socket and the application: the parts of every request that no view sees.

======================================  ==============================================================================
``daphne_server.py``, ``transport.py``  the server that ``manage.py serve`` runs, and its TCP connections
``proxies.py``                          the client, scheme and host that a trusted proxy forwards
``concurrency.py``                      how many requests run at once
``request_ids.py``                      an id for each request and socket, in each of its log lines
``request_log.py``                      a log line and metrics for each request
``logs.py``, ``redaction.py``           how log lines are written, and what they leave out
``probes.py``                           ``/healthz``, ``/readyz`` and ``/metrics``
``caching.py``                          Redis as the cache, or memory while Redis is away
``static_files.py``                     static files, hashed and compressed
``sqlite.py``                           how SQLite's datetimes are read
======================================  ==============================================================================

``asgi.py`` puts the ASGI wrappers together, ``settings.py`` names the rest. The application stays plain ASGI: nothing
outside of this package depends on Daphne. This package may import the live layer, which must not import it.
"""
