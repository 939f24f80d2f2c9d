"""The cast. Sales asks, IT supplies, Facilities looks on; each person stands in exactly one relation."""

from dataclasses import dataclass

from requests_app.agreements.services import ensure_company_default
from requests_app.calendars.models import Calendar
from requests_app.calendars.services import create_calendar
from requests_app.calendars.states import ROUND_THE_CLOCK
from requests_app.catalogue.models import Service
from requests_app.catalogue.services import create_service
from requests_app.catalogue.states import FieldType, FormField
from requests_app.org.models import Department, Person
from requests_app.org.services import save_department, set_hats

PASSWORD = "correct horse battery staple"

LAPTOP_FORM = [
    FormField("model", "Model", type=FieldType.CHOICE, required=True, choices=("13 inch", "15 inch")),
    FormField("needed_by", "Needed by", type=FieldType.DATE),
    FormField("pieces", "How many", type=FieldType.NUMBER),
    FormField("why", "What for", type=FieldType.LONG_TEXT),
]


@dataclass(frozen=True)
class Company:
    """The letters are the contexts of the permission matrix, as seen from a request of Sales with IT.

    Targets are the company's default; the default calendar is open round the clock, so that due times are
    plain sums. `laptop` is a service of IT with a form; `badge` one of Facilities without.
    """

    calendar: Calendar
    it: Department
    sales: Department
    facilities: Department
    laptop: Service
    badge: Service
    requester: Person  # RQ, member of Sales
    watcher: Person  # WT once added by name; else nobody to the request (Facilities)
    colleague: Person  # CC, member of Sales
    customer_head: Person  # CH, head of Sales
    agent: Person  # SA, agent of IT
    assigned: Person  # AS, agent of IT, who accepts in accept()
    supplier_head: Person  # SH, head of IT
    other_agent: Person  # OA, agent of Facilities
    other_head: Person  # OH, head of Facilities
    stranger: Person  # U, member of Facilities
    admin: Person  # AD, no department
    auditor: Person  # AU, no department
    executive: Person  # EX, no department

    @property
    def by_context(self) -> dict[str, Person]:
        """Letter → person, for tests that walk the matrix (all but AN)."""
        return {
            "U": self.stranger, "RQ": self.requester, "WT": self.watcher, "CC": self.colleague,
            "CH": self.customer_head, "SA": self.agent, "AS": self.assigned, "SH": self.supplier_head,
            "OA": self.other_agent, "OH": self.other_head, "AD": self.admin, "AU": self.auditor,
            "EX": self.executive,
        }  # fmt: skip


def make_person(name: str, department: Department | None = None, *roles: str, **fields) -> Person:
    """Somebody called `name` at <name>@example.test, with these hats in the department, which is their home."""
    person = Person.objects.create_user(f"{name.lower().replace(' ', '.')}@example.test", PASSWORD, name=name, **fields)
    if department:
        root = Person(name="the installation", is_admin=True)
        set_hats(by=root, person=person, department=department, roles=set(roles or {"member"}), home=True)
    return person


def build_company() -> Company:
    admin = make_person("Ada Admin", is_admin=True)
    calendar = create_calendar(by=admin, name="Standard", zone="Europe/Berlin", weekly=ROUND_THE_CLOCK, is_default=True)
    ensure_company_default()
    it = save_department(by=admin, slug="it", name="IT Services")
    sales = save_department(by=admin, slug="sales", name="Sales")
    facilities = save_department(by=admin, slug="facilities", name="Facilities")
    return Company(
        calendar=calendar,
        it=it,
        sales=sales,
        facilities=facilities,
        laptop=create_service(by=admin, department=it, name="Laptop", slug="laptop", fields=LAPTOP_FORM),
        badge=create_service(by=admin, department=facilities, name="Badge", slug="badge"),
        requester=make_person("Rita Requester", sales),
        watcher=make_person("Wanda Watcher", facilities),
        colleague=make_person("Cora Colleague", sales),
        customer_head=make_person("Hanna Head", sales, "head"),
        agent=make_person("Anton Agent", it, "agent"),
        assigned=make_person("Ansel Assigned", it, "agent"),
        supplier_head=make_person("Sofia Supplier", it, "head"),
        other_agent=make_person("Olaf Other", facilities, "agent"),
        other_head=make_person("Oda Other", facilities, "head"),
        stranger=make_person("Stan Stranger", facilities),
        admin=admin,
        auditor=make_person("Aud Auditor", is_auditor=True),
        executive=make_person("Ex Executive", is_executive=True),
    )
