"""Somebody before a browser: opens pages, fills in their forms, and follows where these lead."""

from typing import Any
from urllib.parse import urljoin

from django.test import Client

from accounts.models import User
from tests.canary.pages import Element, filled, form_with, tree

HOST = "localhost:8000"


class Visitor:
    def __init__(self, address: str = "198.51.100.1", browser: str = "Mozilla/5.0") -> None:
        self.client = Client(
            headers={"host": HOST, "user-agent": browser},
            REMOTE_ADDR=address,
            raise_request_exception=False,
        )

    @classmethod
    def logged_in(cls, user: User) -> "Visitor":
        visitor = cls()
        visitor.client.force_login(user)
        return visitor

    def get(self, path: str) -> Any:
        """Open a page; where it leads elsewhere, that one."""
        return self._came(self.client.get(path, follow=True))

    def send(self, path: str, *, button: str = "", action: str = "", **changes: Any) -> Any:
        """Open `path`, fill in the form that has these fields, and press the button."""
        page = self.client.get(path, follow=True)
        at = page.redirect_chain[-1][0] if page.redirect_chain else path
        return self.submit(page, at, button=button, action=action, **changes)

    def submit(
        self, page: Any, at: str, *, button: str = "", action: str = "", **changes: Any
    ) -> Any:
        """Fill in and send the form of a page that is open."""
        assert page.status_code < 500, page.status_code
        form: Element = form_with(tree(page.text), *changes, action=action)
        fields = {**filled(form, button), **changes}
        address = urljoin(at, form.attributes.get("action") or at)
        return self._came(self.client.post(address, fields, follow=True))

    def _came(self, page: Any) -> Any:
        assert page.status_code < 400, f"{page.status_code}, {tree(page.text).text}"
        return page
