"""The settings under which the tests run: a trial, whatever this machine's environment says."""

import os
import tempfile

os.environ.update(
    SITE_URL="http://localhost:8000",
    SITE_NAME="Bedside",
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    CACHE_URL="locmemcache://",
    DEBUG="false",
    ENV_FILE=os.devnull,
    SECRET_KEY="",
    SENTRY_DSN="",
    TIME_ZONE="UTC",
    LANGUAGE_CODE="en",
)
os.environ["DATA_DIR"] = os.environ.get("TEST_DATA_DIR") or tempfile.mkdtemp(prefix="bedside-test-")

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# With hashed names `live_server` would answer 404 to every style sheet.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Most tests are about what is seen; those about first comments set what a site with moderators has.
HOLD_FIRST_COMMENTS = 0
