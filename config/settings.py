"""All of Bedside's settings, read from the environment; `.env.example` explains each one.

There are two modes, told apart by SITE_URL alone. A loopback SITE_URL is a *trial*: plain http,
no service needed, mail kept in files. Anything else is *production*: https, real mail, and a start
with a dangerous setting is refused with one plain line.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config.environment import (
    demand,
    env,
    hours_of_day,
    is_loopback,
    number_or_none,
    one_of,
    trial_secret_key,
)
from config.logs import watch

BASE_DIR = Path(__file__).resolve().parent.parent

# A variable that is set wins over its line in the file.
env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))

# --- What this site is -------------------------------------------------------------------------

SITE_NAME = env.str("SITE_NAME", default="Bedside")
PORT = env.int("PORT", default=8000)  # where bin/run serves
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
_address = urlsplit(SITE_URL)
if _address.scheme not in {"http", "https"} or not _address.hostname or _address.path:
    raise ImproperlyConfigured("SITE_URL must look like https://health.example.org, without path.")
TRIAL = is_loopback(_address.hostname)
if not TRIAL and _address.scheme != "https":
    raise ImproperlyConfigured("SITE_URL must begin with https:// unless it is on this computer.")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"The folder DATA_DIR cannot be made: {error}.") from error
if not os.access(DATA_DIR, os.W_OK):
    raise ImproperlyConfigured(f"The folder DATA_DIR ({DATA_DIR}) cannot be written to.")

# What was erased, by ids alone. It is not restored with the database, but replayed onto it.
ERASURE_LEDGER = Path(env.str("ERASURE_LEDGER", default=str(DATA_DIR / "erasures.jsonl")))

ROOT_LABEL = env.str("ROOT_LABEL", default="More")  # the first crumb; it links to /topics/
MINIMUM_AGE = env.int("MINIMUM_AGE", default=16)  # GDPR article 8: 13 to 16, by country
CONSENT_VERSION = "2026-11"  # raised when the words of the consent at sign-up change
COMMENTS_CLOSE_AFTER_DAYS = env.int("COMMENTS_CLOSE_AFTER_DAYS", default=0)  # 0: never
# How many of a member's first comments wait for a moderator; None: 1 once there is a moderator.
HOLD_FIRST_COMMENTS = number_or_none("HOLD_FIRST_COMMENTS")
READING_HOURS = hours_of_day("READING_HOURS")  # when moderators read, in TIME_ZONE: (9, 17)
READ_WITHIN_HOURS = env.int("READ_WITHIN_HOURS", default=24)  # a held comment, usually
# Whether an article's first publication needs clinical review, or may say that it had none.
CLINICAL_REVIEW = one_of("CLINICAL_REVIEW", "labelled", "required")
# Long overdue for review: whether a moderator reads comments before readers see them.
OVERDUE_HOLDS_COMMENTS = env.bool("OVERDUE_HOLDS_COMMENTS", default=False)
CHECK_LINKS = env.bool("CHECK_LINKS", default=False)  # whether a command may ask other sites
COUNTRY = env.str("COUNTRY", default="").upper()  # ISO 3166-1: whose helplines stand first
SIDE_EFFECTS_URL = env.str("SIDE_EFFECTS_URL", default="")  # where side effects are reported

if TRIAL:
    CONTROLLER = env.str("CONTROLLER", default="")
    CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="editor@localhost")
else:
    CONTROLLER = demand("CONTROLLER", "name the person or body that answers for personal data.")
    CONTACT_EMAIL = demand("CONTACT_EMAIL", "give the address at which readers reach you.")

# --- Safety -------------------------------------------------------------------------------------

DEBUG = TRIAL and env.bool("DEBUG", default=False)
if env.bool("DEBUG", default=False) and not TRIAL:
    raise ImproperlyConfigured("DEBUG shows secrets to visitors: it is for a trial only.")

if TRIAL:
    SECRET_KEY = env.str("SECRET_KEY", default="") or trial_secret_key(DATA_DIR / "secret-key")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
else:
    SECRET_KEY = demand("SECRET_KEY", "make one with `openssl rand -base64 48`.")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters.")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_address.hostname])
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS may not be '*': name the site's hosts.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not TRIAL
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SECURE_SSL_REDIRECT = not TRIAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for by the machine itself, over http
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not TRIAL else None
SECURE_HSTS_SECONDS = 0 if TRIAL else env.int("HSTS_SECONDS", default=365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not TRIAL
SECURE_REFERRER_POLICY = "same-origin"  # nobody outside learns which article was read
X_FRAME_OPTIONS = "DENY"

# Nothing on a page comes from another origin, and nothing inline runs.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
}

# Sixty-four kilobytes above the longest article: a form also carries its summary and its sources.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "articles",
    "comments",
    "config.apps.BedsideConfig",
    "config.apps.BedsideAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # allauth's list of sessions needs it
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # What a request is refused by stands below these three: its page has their headers too.
    "config.middleware.private_unless_said",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.middleware.canonical_host",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.refuse_malformed_requests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.explain_refused_methods",
    "config.middleware.keep_sessions_in_use",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'bedside.sqlite3'}")
}
_engine = DATABASES["default"].get("ENGINE")
if _engine not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://.")
if _engine == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A write transaction takes its lock when it begins: no deadlock between two that upgrade.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was answered with success is on disk, also after a power cut.
        # secure_delete: what was erased is overwritten, and not just left for the next row.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA secure_delete=ON;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL", default=4),
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes: rate limits in a cache of each process would multiply by the workers.
# Past its size a cache forgets at random: Django's 300 entries are less than a minute's visitors,
# and whoever guesses passwords could have their count forgotten by logging in as 300 others.
CACHES = {
    "default": env.cache_url("CACHE_URL", default="dbcache://bedside_cache?max_entries=20000"),
    # Rendered pages. Each process may have its own: what is kept is known by what it is made of.
    # No longer than an hour: nobody asks again for some that show what has been erased.
    "pages": {
        "BACKEND": "articles.page_store.PageStore",
        "LOCATION": "pages",
        "TIMEOUT": 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 500},  # some 30 MB
    },
}
CACHES["default"]["KEY_FUNCTION"] = "accounts.ratelimits.unreadable_key"

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "media/"

STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.JoinedManifestStorage"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}}

# --- Mail ---------------------------------------------------------------------------------------

# Everyone calls Django's mail; it becomes a row in the caller's transaction (accounts/mail.py), and
# the worker hands that row to "delivery".
MAIL_FILES = DATA_DIR / "mail"
MAILERS = {
    "default": {"BACKEND": "accounts.mail.QueueBackend"},
    "delivery": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(MAIL_FILES)},
    },
}
if not TRIAL:
    _smtp = urlsplit(demand("SMTP_URL", "for example smtp+tls://name:password@mail.example:587."))
    if _smtp.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not _smtp.hostname:
        raise ImproperlyConfigured("SMTP_URL must begin with smtp+tls://, smtp+ssl:// or smtp://.")
    MAILERS["delivery"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _smtp.hostname,
            "port": _smtp.port or 587,
            "username": unquote(_smtp.username or ""),
            "password": unquote(_smtp.password or ""),
            "use_tls": _smtp.scheme == "smtp+tls",
            "use_ssl": _smtp.scheme == "smtp+ssl",
            "timeout": 20,
        },
    }
# The sender's name is a setting of its own: the site's may name a condition (docs/running.md).
MAIL_FROM = env.str("MAIL_FROM", default=CONTACT_EMAIL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM

# --- Accounts -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# One backend: with two, every failed log-in hashes twice. Allauth's is a ModelBackend as well.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.passwords.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    # NIST SP 800-63B-4 and OWASP ASVS 5.0, V6.2: length counts, composition rules do not.
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "accounts.passwords.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "handle"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmResetForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.models.display_name"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Codes, not links: a phone opens a link in another browser than the one that waits for it.
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # seconds; mail may be slow
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # through the second factor, like every log-in
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_RATE_LIMITS = {"confirm_email": "3/m/key"}  # a form sent twice finds its code, not a 429
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
MFA_FORMS = {
    "activate_totp": "accounts.second_factors.ActivateTOTPForm",
    "add_webauthn": "accounts.second_factors.AddWebAuthnForm",
    "authenticate": "accounts.second_factors.AuthenticateForm",
    "authenticate_webauthn": "accounts.second_factors.AuthenticateWebAuthnForm",
    "login_webauthn": "accounts.second_factors.LoginWebAuthnForm",
    "reauthenticate": "accounts.second_factors.ReauthenticateForm",
    "reauthenticate_webauthn": "accounts.second_factors.ReauthenticateWebAuthnForm",
    "signup_webauthn": "accounts.second_factors.SignupWebAuthnForm",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRIAL  # WebAuthn on http is for localhost alone
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # one step of 30 s either way, as RFC 6238 (5.2) recommends
USERSESSIONS_TRACK_ACTIVITY = False  # it writes to the database on every request

# --- Words --------------------------------------------------------------------------------------

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("zh-hans", _("Chinese")),
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("fr", _("French")),
    ("ja", _("Japanese")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# --- Watching -----------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.PlainLines"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        # Django's own handlers would print words, and mail them to ADMINS.
        "django": {"handlers": []},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.db.backends": {"level": "WARNING"},  # below it come statements with their values
        # Every scanner of the internet asks for a host that is not ours: it gets 400, and no line.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}

watch(env.str("SENTRY_DSN", default=""))
