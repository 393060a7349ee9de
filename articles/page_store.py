"""Where rendered pages are kept: in the memory of each process, and no longer than said."""

import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache


class PageStore(LocMemCache):
    """Django's, which would keep what has expired until somebody asks for just that."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        self.forget_expired()
        return super().get(key, default, version)

    def forget_expired(self) -> None:
        now = time.time()
        django: Any = self  # the stubs know nothing of what stands behind it
        with django._lock:
            ends = django._expire_info.items()
            for key in [key for key, end in ends if end is not None and end <= now]:
                django._delete(key)
