"""Addresses of the lists behind figures, and of what two departments are to each other.

`servicedesk.pages` shows them; only the address is known here.
"""

from urllib.parse import urlencode

from metrics.rollups.states import Period

LIST = "/requests/"


def rows_link(*, figure: str, side: str, department: str, period: Period, **narrowed: object) -> str:
    """The list of requests behind a figure; department, customer, supplier and service by slug, also several.

    A department stands for itself and those below it, with only="1" for itself; the other side for those named alone.
    """
    params = {"figure": figure, "side": side, "department": department, "from": period.start, "to": period.end}
    return f"{LIST}?{urlencode(params | {name: value for name, value in narrowed.items() if value}, doseq=True)}"


def relation_link(one: str, other: str) -> str:
    """The page of a pair, by slugs; whoever asks, it is the same page."""
    first, second = sorted((one, other))
    return f"/relations/{first}/{second}/"


def passing_link(department: str = "") -> str:
    """The page of handoffs and holders of a department, by slug; without one, of the company."""
    return f"/departments/{department}/passing/" if department else "/company/passing/"
