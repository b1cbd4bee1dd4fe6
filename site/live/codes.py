"""Close codes of sockets (RFC 6455; 4000 and above are ours). static/js/live.js and hx-ws act on them."""

NORMAL = 1000
UNWANTED = 1008  # the client sent what this socket does not take
RESTARTING = 1012
TRY_AGAIN = 1013
SIGN_IN = 4401
NOT_ALLOWED = 4403
GONE = 4404
KNOWN = {NORMAL, 1001, 1005, 1006, UNWANTED, 1009, 1011, RESTARTING, TRY_AGAIN, SIGN_IN, NOT_ALLOWED, GONE}
