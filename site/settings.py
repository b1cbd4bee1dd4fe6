"""Every setting of the site, read from the environment; docs/configuration.md lists them.

The defaults run the embedded set-up: one process, SQLite, a channel layer in memory.
DATABASE_URL and REDIS_URL switch to the scaled one, and nothing else changes.
"""

import hashlib
import re
import secrets
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environ.fileaware_mapping import FileAwareMapping
from whitenoise.compress import Compressor


class Environment(FileAwareMapping):
    """The environment's variables. ``X_FILE`` names a file whose text is the value of X, as secrets of containers are."""

    def __getitem__(self, name: str) -> str:
        try:
            return str(super().__getitem__(name)).strip()
        except OSError as fault:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {fault.filename}: {fault.strerror}") from None


env = environ.Env()
env.ENVIRON = Environment()
BASE = Path(__file__).resolve().parent.parent
DATA = Path(env.str("AIRSIDE_DATA", default=str(BASE / "var")))
DATA.mkdir(parents=True, exist_ok=True)


def kept_secret(path: Path) -> str:
    """The secret in the file. It is made at the first start and kept, so that a restart signs nobody out."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


def code_hash() -> str:
    """Eight hex digits that change with the code and its templates: the release, if none is named."""
    digest = hashlib.blake2b(digest_size=4)
    for folder, endings in (
        ("site", "py"),
        ("tracking", "py"),
        ("bookings", "py"),
        ("templates", "html"),
        ("static", "[cj]s"),
    ):
        for path in sorted((BASE / folder).rglob(f"*.{endings}")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("AIRSIDE_DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA / "secret_key")
RELEASE = env.str("AIRSIDE_RELEASE", default="") or code_hash()

# The server binds HOST and PORT, and answers to the names in ALLOWED_HOSTS. Behind a proxy, browsers reach the site at
# AIRSIDE_ORIGINS.
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", HOST])
AIRSIDE_ORIGINS = env.list("AIRSIDE_ORIGINS", default=[])
if not all(origin.startswith(("http://", "https://")) for origin in AIRSIDE_ORIGINS):
    raise ImproperlyConfigured("AIRSIDE_ORIGINS takes origins with their scheme, such as https://airside.example")
CSRF_TRUSTED_ORIGINS = AIRSIDE_ORIGINS
HTTPS = any(origin.startswith("https://") for origin in AIRSIDE_ORIGINS)
# Proxies trusted for X-Forwarded-*: server/proxies.py
try:
    TRUSTED_PROXIES = [ip_network(network) for network in env.list("AIRSIDE_TRUSTED_PROXIES", default=[])]
except ValueError as fault:
    raise ImproperlyConfigured(f"AIRSIDE_TRUSTED_PROXIES takes addresses and networks: {fault}") from None

# The airport whose front desk this is, by its IATA code.
HOME_AIRPORT = env.str("AIRSIDE_AIRPORT", default="JFK").upper()

INSTALLED_APPS = [
    "daphne",
    "live",
    "server",
    "verbs",
    "accounts",
    "links",
    "post",
    "checkout",
    "payments",  # django-payments; checkout is what stands on it
    "pages",
    "demo",
    "screens",
    "embeds",
    "tracking.flights",
    "tracking.orders",
    "bookings.restaurants",
    "bookings.seats",
    "bookings.events",
    "channels",
    "django_htmx",
    "allauth",
    "allauth.account",
    "ninja",
    "csp",
    "django.contrib.admin",
    "django.forms",  # its templates
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "server.database.give_back_connections",
    "server.request_log.log_requests",  # outermost: the answers of all others are counted and logged
    "server.headers.Headers",  # before the others, so that all answers have the policy
    "django.middleware.security.SecurityMiddleware",
    "server.probes.probes",
    "server.static_files.StaticFiles",
    "embeds.cookies.without_cookies",
    "django.middleware.gzip.GZipMiddleware",  # inside: Django compresses each piece of a stream by itself, and browsers read the first
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "urls"
ASGI_APPLICATION = "asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"clocks": "clocks"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pages.context.site",
                "demo.context.demo",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/django/forms/ has a quicker select

# Data
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'airside.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Seconds that a request waits for others that write, and for one query; then it is answered 503.
LOCK_WAIT = env.int("AIRSIDE_LOCK_WAIT", default=10)
IDLE_WITHIN = 30  # seconds between two queries of a transaction, on PostgreSQL
QUERY_WITHIN = env.int("AIRSIDE_QUERY_WITHIN", default=20)  # on PostgreSQL, in serving processes (manage.py serve)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # With WAL, readers go on while one process writes. IMMEDIATE takes the lock at the beginning of a transaction,
    # where the busy timeout applies; at its first write, SQLite would refuse at once.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": LOCK_WAIT,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}
else:
    # Each request runs in a new thread, so Django could not reuse a kept connection. The pool lends connections, and
    # checks each one first. docs/operating.md says how many PostgreSQL must allow.
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "options": f"-c lock_timeout={LOCK_WAIT}s -c idle_in_transaction_session_timeout={IDLE_WITHIN}s",
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {"min_size": 2, "max_size": env.int("DATABASE_POOL", default=20), "timeout": 25},
    }

REQUESTS_AT_ONCE = env.int("AIRSIDE_REQUESTS_AT_ONCE", default=8)  # with the live layer's threads, less than the pool

# One address, and a whole airport may be behind one, may have so many requests at once, in this process.
REQUESTS_PER_ADDRESS = env.int("AIRSIDE_REQUESTS_PER_ADDRESS", default=500)
REQUESTS_WAIT = env.int("AIRSIDE_REQUESTS_WAIT", default=30)  # seconds in the queue, then 503

# So many sockets it may have open, watching so many different regions, of which so many may have a filter, such as a search.
SOCKETS_PER_ADDRESS = env.int("AIRSIDE_SOCKETS_PER_ADDRESS", default=5000)
REGIONS_PER_ADDRESS = env.int("AIRSIDE_REGIONS_PER_ADDRESS", default=2000)
FILTERS_PER_ADDRESS = env.int("AIRSIDE_FILTERS_PER_ADDRESS", default=200)
HANDSHAKES_A_SECOND = env.int("AIRSIDE_HANDSHAKES_A_SECOND", default=50)  # after SOCKETS_PER_ADDRESS at once

# Who takes payments: the class of one of django-payments' providers, and its arguments as JSON (docs/payments.md).
PAYMENT_MODEL = "checkout.Payment"
PAYMENT_HOST = urlsplit(AIRSIDE_ORIGINS[0]).netloc if AIRSIDE_ORIGINS else "127.0.0.1"
PAYMENT_USES_SSL = HTTPS
PAYMENT_PROVIDER = env.str("AIRSIDE_PAYMENT_PROVIDER", default="checkout.providers.DemoProvider" if DEMO else "")
PAYMENT_VARIANTS = (
    {"default": (PAYMENT_PROVIDER, env.json("AIRSIDE_PAYMENT_OPTIONS", default={}))} if PAYMENT_PROVIDER else {}
)
PAYMENT_HOSTS = env.list("AIRSIDE_PAYMENT_HOSTS", default=[])  # where its own pages are: forms may lead there

# Sites that may show public widgets in a frame, which need no key (site/embeds). * for any.
EMBED_SITES = env.list("AIRSIDE_EMBED_SITES", default=["*"])
if not all(site == "*" or re.fullmatch(r"https?://[A-Za-z0-9.\-:\[\]]+", site) for site in EMBED_SITES):
    raise ImproperlyConfigured("AIRSIDE_EMBED_SITES takes origins without a path, such as https://hotel.example, or *")

# Counters of rates and the heartbeats of screens are in the cache: where that is in memory, Django's own bound of 300 entries
# would throw these out.
CACHE_ENTRIES = 50_000

# Sessions are in the database: signing out must work everywhere, even while Redis is down.
REDIS_URL = env.str("REDIS_URL", default="")
# Short timeouts: without an answer we continue without Redis. A connection that a restart of Redis cut is tried again.
REDIS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry_on_error": (ConnectionError,)}
if REDIS_URL:
    hints = {"address": REDIS_URL, "health_check_interval": 10, **REDIS}
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [hints]}}
    }
    CACHES = {"default": {"BACKEND": "server.caching.RedisOrMemory", "LOCATION": REDIS_URL, "OPTIONS": REDIS}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    in_memory = "django.core.cache.backends.locmem.LocMemCache"
    CACHES = {"default": {"BACKEND": in_memory, "OPTIONS": {"MAX_ENTRIES": CACHE_ENTRIES}}}

# The key that manage.py replay sends, as any feed does. The site itself does not use it.
FEED_KEY = env.str("AIRSIDE_FEED_KEY", default="")

# The live layer, in seconds. Only tests change these values.
LIVE = {
    "outbox_every": env.float("LIVE_OUTBOX_EVERY", default=2),
    "hint_within": env.float("LIVE_HINT_WITHIN", default=0.5),
    "outbox_keeps": 600,
    "looks_back": env.float("LIVE_LOOKS_BACK", default=60),  # longer than any transaction is open: live/checks.py
    "renews_every": 3600,
    "beat_every": env.float("LIVE_BEAT_EVERY", default=10),
    "recheck_every": 3,
    "between_renders": 0.05,
    "stalled_after": env.float("LIVE_STALLED_AFTER", default=20),
    "periodic": env.bool("LIVE_PERIODIC", default=True),
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"  # for everybody but staff: accounts.landings
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_CHANGE_EMAIL = True  # one address for each account; a new one replaces it when it is confirmed
# No answer tells whether an address has an account. Sign-up therefore needs confirmed addresses: without them, the second
# sign-up with an address would have to be refused.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # the way in for an owner whose account is attacked: accounts/tries.py
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30

# Mail is written as rows, and a periodic job sends them by EMAIL_URL. The demo sends none: its mailbox page shows them.
mail = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(mail)
EMAIL_BACKEND: str = mail["EMAIL_BACKEND"]
if EMAIL_BACKEND.endswith("smtp.EmailBackend"):
    if not mail["EMAIL_HOST"]:
        raise ImproperlyConfigured("EMAIL_URL names no host; it looks like smtp+tls://user:password@mail.example:587")
    EMAIL_BACKEND = "post.smtp.EmailBackend"
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds for one mail; after that it is tried again later
MAIL_KEPT_DAYS = env.int("AIRSIDE_MAIL_KEPT_DAYS", default=14)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Airside <airside@localhost>")

# How many forms of public pages one address may send in ten minutes (limits.py). The demo's guests share one address.
POSTS_PER_ADDRESS = env.int("AIRSIDE_POSTS_PER_ADDRESS", default=10**6 if DEMO else 120)
# Wrong passwords of one address in ten minutes, for all accounts together (accounts/tries.py).
WRONG_PASSWORDS = env.int("AIRSIDE_WRONG_PASSWORDS", default=10**6 if DEMO else 100)
# Mail that strangers can cause: to one recipient in a day, from one address and in one session in an hour (post/strangers.py).
MAILS_PER_RECIPIENT = env.int("AIRSIDE_MAILS_PER_RECIPIENT", default=10**6 if DEMO else 20)
MAILS_PER_ADDRESS = env.int("AIRSIDE_MAILS_PER_ADDRESS", default=10**6 if DEMO else 600)
MAILS_PER_SESSION = env.int("AIRSIDE_MAILS_PER_SESSION", default=10**6 if DEMO else 30)
# allauth's own limits. Those of sign-in are in accounts/tries.py, those of mail in post/strangers.py.
FORMS_OF_ADDRESS = f"{POSTS_PER_ADDRESS}/10m/ip"
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "signup": FORMS_OF_ADDRESS,
    "reset_password": FORMS_OF_ADDRESS,
    "reset_password_from_key": FORMS_OF_ADDRESS,
    "confirm_email": None,
}
# What guests of one address may have at one restaurant at one time (site/strangers.py): holds that are not booked yet;
# the share of its tables that these may take, in percent; bookings of a day; parties in the queue; wishes of a day. And
# how many bookings of a day one mail address may have there.
HOLDS_PER_ADDRESS = env.int("AIRSIDE_HOLDS_PER_ADDRESS", default=12)
HOLD_SHARE = env.int("AIRSIDE_HOLD_SHARE", default=34)
SEAT_HOLDS_PER_ADDRESS = env.int("AIRSIDE_SEAT_HOLDS_PER_ADDRESS", default=30)
EVENT_HOLDS_PER_ADDRESS = env.int("AIRSIDE_EVENT_HOLDS_PER_ADDRESS", default=30)
# How many scans one account may send in a minute, over all devices where it stands at doors (bookings/events/door/pace.py).
DOOR_SCANS_A_MINUTE = env.int("AIRSIDE_DOOR_SCANS_A_MINUTE", default=600)
BOOKINGS_PER_ADDRESS = env.int("AIRSIDE_BOOKINGS_PER_ADDRESS", default=10**6 if DEMO else 30)
BOOKINGS_PER_CONTACT = env.int("AIRSIDE_BOOKINGS_PER_CONTACT", default=5)
QUEUE_PER_ADDRESS = env.int("AIRSIDE_QUEUE_PER_ADDRESS", default=30)
WISHES_PER_ADDRESS = env.int("AIRSIDE_WISHES_PER_ADDRESS", default=30)
ORDERS_PER_ADDRESS = env.int("AIRSIDE_ORDERS_PER_ADDRESS", default=10**6 if DEMO else 60)  # open ones, at one shop
PORTION_SHARE = env.int("AIRSIDE_PORTION_SHARE", default=100 if DEMO else 34)  # of a dish, held and not paid
WEBHOOKS_INSIDE = env.bool("AIRSIDE_WEBHOOKS_INSIDE", default=False)  # also to http:// and private addresses
WEBHOOKS_TIMEOUT = 15  # seconds in which an endpoint has to answer
ORDER_LINKS_KEPT = timedelta(days=14)  # after the end of an order
DOOR_CODES_PER_ADDRESS = env.int("AIRSIDE_DOOR_CODES_PER_ADDRESS", default=60)  # tries in ten minutes

# Words and times
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("es", _("Spanish")), ("fr", _("French"))]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE / "static"]
STATICFILES_FINDERS = [
    "server.static_files.FileFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "server.static_files.BundleFinder",  # css/site.css and the like
]
# Once collected, static files are hashed and compressed. Before that (tests, runserver) they come from the source folders.
STATIC_COLLECTED = env.bool("AIRSIDE_STATIC_COLLECTED", default=(STATIC_ROOT / "staticfiles.json").exists())
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "server.static_files.Compressed"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps take longest to compress, and only the developers of those libraries fetch them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *PAYMENT_HOSTS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=3600 * 24 * 30 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # balancers ask by plain http: server.probes
# Binding other hosts of the domain, and the browsers' own lists, to https can hardly be taken back. That is for the owner
# of the domain to decide, who can send the header at the proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# What the server itself refuses (server/connections.py); deploy/nginx.conf has the same bounds.
MAX_BODY = env.int("AIRSIDE_MAX_BODY", default=3 * 1024 * 1024)  # bytes; views have lower bounds
REQUEST_WITHIN = env.int("AIRSIDE_REQUEST_WITHIN", default=30)  # seconds for a whole request to arrive
CONNECTIONS_PER_ADDRESS = env.int("AIRSIDE_CONNECTIONS_PER_ADDRESS", default=5000)
BODIES_PER_ADDRESS = env.int("AIRSIDE_BODIES_PER_ADDRESS", default=50)  # over 16 KB, at once

# METRICS_KEY is what Prometheus sends. server/redaction.py keeps personal data out of the log.
METRICS_KEY = env.str("AIRSIDE_METRICS_KEY", default="")
LOG = env.str("AIRSIDE_LOG", default="plain" if DEMO or DEBUG else "json")
if LOG not in {"json", "plain"}:
    raise ImproperlyConfigured(f"AIRSIDE_LOG is json or plain, and not {LOG}")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "server.logs.JsonLines"},
        "plain": {"class": "server.logs.Lines", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    # airside.requests logs the status of each answer, so that django.request is needed for tracebacks only.
    "filters": {
        "faults": {"()": "django.utils.log.CallbackFilter", "callback": lambda record: bool(record.exc_info)},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "airside": {"level": "INFO"},
        "airside.requests": {"level": "INFO" if LOG == "json" else "WARNING"},
        "channels_redis": {"level": "CRITICAL"},  # it logs a traceback each second while Redis is down; we log one line
        "django": {"level": "INFO"},  # named here so that its own handlers are removed
        "django.request": {"filters": ["faults"]},
    },
}
