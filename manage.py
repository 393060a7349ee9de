#!/usr/bin/env python
"""Django's command line for Bedside; `bin/manage` calls it with the right Python."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:  # one plain line for whoever runs the site
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Bedside cannot start: {refusal}")


if __name__ == "__main__":
    main()
