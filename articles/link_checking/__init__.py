"""Asking the addresses of cited sources whether they still answer. Off unless CHECK_LINKS is on."""
