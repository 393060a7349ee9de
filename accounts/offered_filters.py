"""Lists of the admin are narrowed by what their filters offer, and by nothing else.

Django answers `?column=` for every column of a list, in the address: `?author=5` would show all
that one member wrote, under whatever names, `?comments=…` among the members who wrote a comment,
and `?email__startswith=…` would spell out an address.
"""

from django.db.models import Model
from django.http import HttpRequest

from accounts.odd_requests import SturdyAdmin

# What Django's own filters and the hierarchy of dates append to the name of their field.
ENDINGS = (
    *("", "__exact", "__id__exact", "__in", "__isnull", "__isempty"),
    *("__gte", "__lt", "__year", "__month", "__day"),
)


class OfferedFiltersOnly[Row: Model](SturdyAdmin[Row]):
    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        offered = {self.date_hierarchy or ""}
        for one in self.get_list_filter(request):
            field = one[0] if isinstance(one, (list, tuple)) else one
            offered.add(str(getattr(field, "parameter_name", field)))
        return any(lookup == f"{name}{ending}" for name in offered if name for ending in ENDINGS)
