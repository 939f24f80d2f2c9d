"""What the sidebar offers to whom: links only to pages that exist and that the reader may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from requests_app.agreements.negotiation.selectors import count_waiting
from requests_app.desk.selectors.lists import open_in_queue
from requests_app.org.models import Person
from requests_app.org.policies import ALLOWED_CODES, Own, best_code, contexts_without_object, own_departments, standing
from servicedesk.pages.settings.sections import parts_for

MOST_COUNTED = 99
NEW_IN = {
    "departments": "department_new", "people": "person_new", "services": "service_new", "calendars": "calendar_new",
}  # fmt: skip
SEEN_IN_FULL = 3  # own departments listed with all their pages; the others get their queue only


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str
    key: str = ""
    count: str = ""
    current: bool = False


@dataclass(frozen=True)
class Section:
    heading: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Addresses:
    """Where the forms of the shell lead; empty while a page is not installed."""

    search: str
    theme: str
    language: str
    profile: str
    password: str
    sign_out: str


@dataclass(frozen=True)
class Shell:
    """Everything around the page: who reads it, where they can go. Made of plain values, so that it can be compared."""

    name: str
    hat: str
    sections: tuple[Section, ...] = ()
    tabs: tuple[Link, ...] = ()

    @property
    def itself(self) -> "Shell":
        """Pages hold it lazily; what is drawn once for each shell needs the shell behind that."""
        return self


def shell_for(request: HttpRequest) -> Shell:
    """The sidebar and the phone's tab bar of the signed-in reader."""
    person, here = request.user, request.path
    hats = standing(person)
    own = own_departments(person)
    departments = [department for department in own if department.pk in hats.supplies_for]
    own_links = _own_links(here)
    queues = [_department_section(here, person, department, place) for place, department in enumerate(departments)]
    sections = [Section("", own_links), *queues]
    sections.append(Section(_("Company"), _company_links(here, person)))
    sections.append(Section(_("Settings"), _settings_links(here, person)))
    return Shell(
        name=person.name,
        hat=_hat(person, own),
        sections=tuple(section for section in sections if section.links),
        tabs=_tabs(own_links, queues),
    )


def addresses() -> Addresses:
    return Addresses(
        search=_url("search"),
        theme=_url("look:theme"),
        language=_url("set_language"),
        profile=_url("me:profile"),
        password=_url("account_change_password"),
        sign_out=_url("account_logout"),
    )


def _own_links(here: str) -> tuple[Link, ...]:
    new = here.startswith(_url("catalogue:list") or "/services/") and here.endswith("/new/")
    return _present(
        Link(_("My desk"), _url("desk:home"), "device-desktop", key="g d", current=here == "/"),
        Link(_("Requests"), _url("desk:requests"), "file", key="g r", current=_under(here, "desk:requests")),
        Link(
            _("Services"),
            _url("catalogue:list"),
            "layout-grid",
            key="g s",
            current=_under(here, "catalogue:list") and not new,
        ),
        Link(_("New request"), _anchored(_url("catalogue:list"), "find"), "plus", key="c", current=new),
    )


def _department_section(here: str, person: Person, department: Own, place: int) -> Section:
    """The pages of one department the reader supplies for; keys lead to those of the first."""
    names = ["desk:queue"]
    if place < SEEN_IN_FULL:
        names += ["dashboards:supplier", "dashboards:customer", "relations:list"]
    looks = {
        "desk:queue": (_("Queue"), "list", "g q"),
        "dashboards:supplier": (_("As supplier"), "chart-line", "g u"),
        "dashboards:customer": (_("As customer"), "arrow-back-up", "g k"),
        "relations:list": (_("Relations"), "arrows-exchange", "g l"),
    }
    links = []
    for name in names:
        label, icon, key = looks[name]
        count = _open_count(person, department) if name == "desk:queue" and place < SEEN_IN_FULL else ""
        current = _under(here, name, department.slug)
        links.append(Link(label, _url(name, department.slug), icon, "" if place else key, count, current))
    return Section(department.name, _present(*links))


def _open_count(person: Person, department: Own) -> str:
    """How much is open in the queue, as the queue itself counts it; above 99 it no longer matters how much."""
    count = open_in_queue(person, department.pk, most=MOST_COUNTED + 1)
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def _company_links(here: str, person: Person) -> tuple[Link, ...]:
    links = [_agreements_link(here, person), _actions_link(here), _talks_link(here), _voices_link(here)]
    links.append(_surveys_link(here))
    if not standing(person).is_partner:
        links.append(Link(_("Training"), _url("training:list"), "book", current=_under(here, "training:list")))
        links.append(Link(_("Awards"), _url("awards:list"), "trophy", current=_under(here, "awards:list")))
    links.append(_needs_link(here))
    links.append(_groups_link(here))
    links.append(Link(_("Forum"), _url("forum:list"), "help-circle", current=_under(here, "forum:list")))
    if best_code("metrics.cross_department_named", contexts_without_object(person)) in ALLOWED_CODES:
        links.append(
            Link(
                _("Overview"),
                _url("dashboards:company"),
                "building",
                key="g o",
                current=_under(here, "dashboards:company") and not _under(here, "chain_map:company"),
            )
        )
        address = _url("chain_map:company")
        links.append(Link(_("Supply chain"), address, "link", current=_under(here, "chain_map:company")))
    if parts_for(person):
        address = _url("settings:home")
        links.append(Link(_("Settings"), address, "settings", current=bool(address) and here == address))
    if standing(person).is_admin:
        links.append(
            Link(_("Health"), _url("health:detail"), "activity-heartbeat", current=_under(here, "health:detail"))
        )
    return _present(*links)


def _agreements_link(here: str, person: Person) -> Link:
    """With the number of proposals that wait for this reader's answer; only heads can have any."""
    waiting = count_waiting(person)
    return Link(
        _("Agreements"),
        _url("agreements:list"),
        "writing-sign",
        key="g a",
        count=str(waiting) if waiting else "",
        current=_under(here, "agreements:list"),
    )


def _actions_link(here: str) -> Link:
    address = _url("actions:list")
    return Link(_("Corrective actions"), address, "refresh", current=_under(here, "actions:list"))


def _voices_link(here: str) -> Link:
    address = _url("voice:list")
    return Link(_("What people say"), address, "heart", current=_under(here, "voice:list"))


def _surveys_link(here: str) -> Link:
    return Link(_("Surveys"), _url("surveys:list"), "list", current=_under(here, "surveys:list"))


def _talks_link(here: str) -> Link:
    return Link(_("Talks"), _url("talks:list"), "users", current=_under(here, "talks:list"))


def _needs_link(here: str) -> Link:
    return Link(_("Needs"), _url("needs:list"), "layout-kanban", current=_under(here, "needs:list"))


def _groups_link(here: str) -> Link:
    return Link(_("Joint groups"), _url("groups:list"), "users-group", current=_under(here, "groups:list"))


def _settings_links(here: str, person: Person) -> tuple[Link, ...]:
    """The parts of the settings, while one is in one of them."""
    if not _under(here, "settings:home"):
        return ()
    return _present(
        *(
            Link(str(part.title), _url(f"settings:{part.name}"), part.icon, current=_in_part(here, part.name))
            for part in parts_for(person)
        )
    )


def _in_part(here: str, name: str) -> bool:
    """Pages that make something new belong to the list that they are reached from."""
    return _under(here, f"settings:{name}") or here == _url(f"settings:{NEW_IN.get(name, '-')}")


def _tabs(own_links: tuple[Link, ...], queues: list[Section]) -> tuple[Link, ...]:
    """Four tabs of the phone; the fifth, "More", opens the sidebar. Who supplies has the queue at hand."""
    own = {link.icon: link for link in own_links}
    first = [own[icon] for icon in ("device-desktop", "layout-grid", "plus") if icon in own]
    queue = [link for section in queues[:1] for link in section.links if link.icon == "list"]
    fourth = queue or [own[icon] for icon in ("file",) if icon in own]
    short = {"device-desktop": pgettext("tab", "Desk"), "plus": pgettext("tab", "New")}
    return tuple(Link(short.get(tab.icon, tab.label), tab.url, tab.icon, current=tab.current) for tab in first + fourth)


def _hat(person: Person, own: Sequence[Own]) -> str:
    """How the reader is introduced below the name: the position, else the department."""
    if person.position:
        return person.position
    hats = standing(person)
    leads = next((department.name for department in own if department.pk in hats.head_of), "")
    if leads:
        return _("Leads %(department)s") % {"department": leads}
    return next((department.name for department in own), person.email)


def _url(name: str, *args: str) -> str:
    """The page's address, or nothing while the page is not installed."""
    return _reversed(get_urlconf() or settings.ROOT_URLCONF, name, args)


@lru_cache(maxsize=512)
def _reversed(urlconf: str, name: str, args: tuple[str, ...]) -> str:
    try:
        return reverse(name, urlconf=urlconf, args=args)
    except NoReverseMatch:
        return ""


def _under(here: str, name: str, *args: str) -> bool:
    url = _url(name, *args)
    return bool(url) and here.startswith(url)


def _anchored(url: str, anchor: str) -> str:
    return f"{url}#{anchor}" if url else ""


def _present(*links: Link) -> tuple[Link, ...]:
    return tuple(link for link in links if link.url)
