"""The organisation, what is offered and promised, and requests."""

from tests.api_calls.call import REQUEST, Call

FILING = {
    "service": "laptop",
    "title": "A laptop",
    "description": "For the new colleague",
    "urgency": 2,
    "impact": 2,
    "form": {"model": "13 inch", "needed_by": "2027-01-04", "pieces": "2", "why": "travels"},
}
WEEK = [[["09:00", "12:30"], ["13:00", "17:00"]]] * 5 + [[], []]
TARGETS = {"response": {"1": 3600, "2": 7200}, "resolution": {"1": 14400}}
ICS = "\r\n".join(
    ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "DTSTART;VALUE=DATE:20271224", "SUMMARY:Closed", "END:VEVENT",
     "END:VCALENDAR", ""]
)  # fmt: skip
CALLS: dict[str, Call] = {
    "schema": Call("stranger", "get", "schema/"),
    "absences_list": Call("agent", "get", "absences/"),
    "absences_enter": Call(
        "agent", "post", "absences/", {"kind": "leave", "first": "2027-01-04", "last": "2027-01-08"}
    ),
    "absences_withdraw": Call("agent", "delete", "absences/{absence}/", prepare="absence"),
    "hours_list": Call("supplier_head", "get", "departments/it/hours/"),
    "hours_set": Call(
        "supplier_head", "post", "departments/it/hours/", {"person": "anton.agent@example.test", "minutes": 1200}
    ),
    "departments_list": Call("stranger", "get", "departments/"),
    "departments_create": Call(
        "admin", "post", "departments/", {"slug": "legal", "name": "Legal", "parent": "it", "time_zone": "Asia/Tokyo"}
    ),
    "departments_read": Call("stranger", "get", "departments/it/"),
    "departments_change": Call("admin", "patch", "departments/it/", {"mission": "Keep it running."}),
    "hats_set": Call("admin", "put", "departments/it/members/{colleague}/", {"roles": ["agent"], "home": False}),
    "people_list": Call("stranger", "get", "people/"),
    "people_create": Call("admin", "post", "people/", {"email": "new@example.test", "name": "Nora New"}),
    "people_read": Call("stranger", "get", "people/{colleague}/"),
    "people_change": Call("admin", "patch", "people/{colleague}/", {"position": "Buyer", "time_zone": "Asia/Tokyo"}),
    "people_me": Call("stranger", "get", "people/me/"),
    "calendars_list": Call("stranger", "get", "calendars/"),
    "calendars_create": Call(
        "admin",
        "post",
        "calendars/",
        {
            "name": "Shop",
            "zone": "Europe/Berlin",
            "weekly": WEEK,
            "special_days": [{"date": "2026-12-24", "name": "Christmas Eve", "windows": []}],
        },
    ),
    "calendars_read": Call("stranger", "get", "calendars/standard/"),
    "calendars_replace": Call("admin", "put", "calendars/standard/", {"weekly": WEEK, "reason": "Shorter days"}),
    "calendars_working_time": Call(
        "stranger",
        "post",
        "calendars/standard/working-time/",
        {"between": [["2026-11-24T09:00:00+01:00", "2026-11-24T17:00:00+01:00"]]},
    ),
    "calendars_ics": Call("stranger", "get", "calendars/standard/ics/"),
    "calendars_versions": Call("stranger", "get", "calendars/standard/versions/"),
    "tokens_list": Call("stranger", "get", "tokens/"),
    "tokens_create": Call("stranger", "post", "tokens/", {"name": "reports", "days": 30, "read_only": True}),
    "tokens_read": Call("stranger", "get", "tokens/{token}/"),
    "tokens_withdraw": Call("stranger", "delete", "tokens/{token}/"),
    "services_list": Call("stranger", "get", "services/"),
    "services_create": Call(
        "supplier_head",
        "post",
        "services/",
        {
            "department": "it",
            "name": "Printer",
            "form": [{"key": "floor", "label": "Which floor", "type": "choice", "choices": ["1", "2"]}],
        },
    ),
    "services_read": Call("stranger", "get", "services/laptop/"),
    "services_change": Call("supplier_head", "patch", "services/laptop/", {"summary": "Delivered to your desk"}),
    "agreements_list": Call("stranger", "get", "agreements/"),
    "agreements_create": Call("supplier_head", "post", "agreements/", {"supplier": "it", "targets": TARGETS}),
    "agreements_read": Call("stranger", "get", "agreements/{agreement}/"),
    "agreements_replace": Call("admin", "put", "agreements/{agreement}/", {"targets": TARGETS, "acceptance_days": 3}),
    "agreements_propose": Call(
        "supplier_head", "post", "agreements/{agreement}/propose/", {"note": "Read it"}, "draft"
    ),
    "agreements_counter": Call(
        "customer_head", "post", "agreements/{agreement}/counter/", {"round": 1, "price": "rate card A"}, "proposal"
    ),
    "agreements_sign": Call("customer_head", "post", "agreements/{agreement}/sign/", {"round": 1}, "proposal"),
    "agreements_withdraw": Call(
        "customer_head", "post", "agreements/{agreement}/withdraw/", {"reason": "Too dear"}, "proposal"
    ),
    "agreements_end": Call("supplier_head", "post", "agreements/{agreement}/end/", {"reason": "We merge"}, "signed"),
    "agreements_pdf": Call("stranger", "get", "agreements/{agreement}/pdf/", prepare="signed"),
    "agreements_recompute": Call(
        "supplier_head", "post", "agreements/{agreement}/recompute/", {"dry_run": True}, "signed"
    ),
    "calendars_days_off": Call("admin", "post", "calendars/standard/days-off/", {"ics": ICS, "dry_run": True}),
    "calendars_recompute": Call("admin", "post", "calendars/standard/recompute/", {"dry_run": True}),
    "requests_list": Call("requester", "get", "requests/"),
    "requests_file": Call("requester", "post", "requests/", FILING),
    "requests_read": Call("requester", "get", REQUEST),
    "requests_change": Call("requester", "patch", REQUEST, {"title": "Two laptops"}),
    "requests_move": Call("assigned", "post", REQUEST + "moves/", {"action": "accept"}),
    "messages_list": Call("requester", "get", REQUEST + "messages/"),
    "messages_post": Call("assigned", "post", REQUEST + "messages/", {"body": "Which one?", "internal": True}),
    "events_list": Call("requester", "get", REQUEST + "events/"),
    "clocks_list": Call("requester", "get", REQUEST + "clocks/"),
    "watchers_list": Call("requester", "get", REQUEST + "watchers/"),
    "watchers_add": Call("requester", "post", REQUEST + "watchers/", {"person": "stan.stranger@example.test"}),
    "worklogs_list": Call("agent", "get", REQUEST + "worklogs/"),
    "worklogs_post": Call("agent", "post", REQUEST + "worklogs/", {"minutes": 30, "note": "Set up"}),
    "watchers_remove": Call("watcher", "delete", REQUEST + "watchers/{watcher}/"),
    "attachments_list": Call("requester", "get", REQUEST + "attachments/"),
    "attachments_add": Call("requester", "post", REQUEST + "attachments/", {}, files=True),
    "attachments_download": Call("requester", "get", "attachments/{file}/content/"),
    "handoffs_to_answer": Call("other_agent", "get", "handoffs/", prepare="offer"),
    "handoffs_of_request": Call("assigned", "get", REQUEST + "handoffs/", prepare="offer"),
    "handoffs_offer": Call(
        "assigned", "post", REQUEST + "handoffs/", {"to": "facilities", "reason": "Yours"}, prepare="accept"
    ),
    "handoffs_read": Call("assigned", "get", "handoffs/{handoff}/", prepare="offer"),
    "handoffs_accept": Call("other_agent", "post", "handoffs/{handoff}/accept/", {}, prepare="offer"),
    "handoffs_decline": Call(
        "other_agent", "post", "handoffs/{handoff}/decline/", {"reason": "Not ours"}, prepare="offer"
    ),
    "handoffs_withdraw": Call("assigned", "post", "handoffs/{handoff}/withdraw/", {}, prepare="offer"),
}
