"""What stands between the socket and the application: ``manage.py serve`` and everything around a request.

======================  =============================================================================
``daphne_server.py``    Daphne as production needs it, with ``transport.py`` for its TCP connections
``concurrency.py``      how many requests run at once
``proxies.py``          X-Forwarded-* of trusted proxies
``logs.py``             the log's lines, with request ids and without personal data
``request_log.py``      a line and a metric for each request
``caching.py``          Redis as the cache, or memory while Redis is away
``static_files.py``     static files, hashed and compressed
``sqlite.py``           how SQLite's datetimes are read
======================  =============================================================================

The application stays plain ASGI: nothing outside of this package depends on Daphne.
"""
