"""One call for every operation of the API that does what it says: the table behind the tests of all of them.

A new operation needs a line here; `test_openapi` says so.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.factories.surveys import QUESTIONS
from tests.factories.training import QUESTIONS as ASKED


@dataclass(frozen=True)
class Call:
    """`by` names a person of the cast; `path` may hold {number}, {handoff}, {file}, {token}, {agreement}, {watcher}."""

    by: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    prepare: str = ""
    files: bool = field(default=False)


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
IMPROVEMENT = {
    "department": "it", "side": "supplier", "figure": "resolution_time", "name": "Rota", "expected": -0.2,
    "effective_on": "2026-12-07", "owner": "ansel.assigned@example.test",
}  # fmt: skip
IMPROVEMENT_ACTION = {"what": "Draw it up", "owner": "ansel.assigned@example.test", "due_on": "2026-12-07"}
REQUEST = "requests/{number}/"

ICS = "\r\n".join(
    ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "DTSTART;VALUE=DATE:20271224", "SUMMARY:Closed", "END:VEVENT",
     "END:VCALENDAR", ""]
)  # fmt: skip
COURSE = {
    "department": "it", "name": "Serving each other", "text": "What we owe", "hours": 2, "valid_months": 24,
    "pass_percent": 80, "causes": [], "questions": [one.as_data() for one in ASKED],
}  # fmt: skip
TRAINING = {
    "course": 1, "starts_at": "2027-12-01T09:00:00Z", "ends_at": "2027-12-01T11:00:00Z", "zone": "Europe/Berlin",
    "seats": 4, "trainer": "anton.agent@example.test", "place": "Room 4", "link": "https://meet.example/x",
}  # fmt: skip
PROGRAMME = {
    "name": "Best of all", "text": "For a year", "given_to": "department", "way": "staff", "tie": "joint",
    "fewest_requests": 30, "most_requests": 500, "fewest_response": 20, "most_flagged": 5, "jury": [],
    "weights": [{"criterion": "satisfied", "weight": 2}, {"criterion": "kept", "weight": 1}], "is_active": True,
}  # fmt: skip
SOON = (timezone.localdate() + timedelta(days=7)).isoformat()
AWARD = {
    "programme": 700_001, "first": (timezone.localdate() - timedelta(days=30)).isoformat(),
    "last": (timezone.localdate() - timedelta(days=2)).isoformat(),
    "nominate_until": SOON, "vote_until": (timezone.localdate() + timedelta(days=14)).isoformat(),
}  # fmt: skip
BALLOT = {"nominee": 700_002}
CALLS: dict[str, Call] = {
    "schema": Call("stranger", "get", "schema/"),
    # capacity
    "absences_list": Call("agent", "get", "absences/"),
    "absences_enter": Call(
        "agent", "post", "absences/", {"kind": "leave", "first": "2027-01-04", "last": "2027-01-08"}
    ),
    "absences_withdraw": Call("agent", "delete", "absences/{absence}/", prepare="absence"),
    "hours_list": Call("supplier_head", "get", "departments/it/hours/"),
    "hours_set": Call(
        "supplier_head", "post", "departments/it/hours/", {"person": "anton.agent@example.test", "minutes": 1200}
    ),
    "figures_capacity": Call("supplier_head", "get", "figures/departments/it/capacity/"),
    # organisation
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
    # what is offered and promised
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
    "corrective_actions_list": Call("customer_head", "get", "corrective-actions/", prepare="action"),
    "corrective_actions_open": Call(
        "supplier_head", "post", "corrective-actions/", {"title": "It came late", "supplier": "it", "customer": "sales"}
    ),
    "corrective_actions_read": Call("customer_head", "get", "corrective-actions/{action}/", prepare="action"),
    "corrective_actions_step": Call(
        "supplier_head", "post", "corrective-actions/{action}/steps/", {"step": "contain", "note": "A spare"}, "action"
    ),
    "corrective_actions_show": Call(
        "assigned", "post", "corrective-actions/{action}/files/", prepare="planned", files=True
    ),
    "corrective_actions_file": Call(
        "customer_head", "get", "corrective-action-files/{proof}/content/", prepare="planned"
    ),
    "figures_recurrence": Call("supplier_head", "get", "figures/departments/it/recurrence/?side=customer"),
    "requests_asking_read": Call("requester", "get", REQUEST + "asking/", prepare="asked"),
    "requests_asking_rate": Call(
        "assigned",
        "post",
        REQUEST + "asking/",
        {"complete": True, "in_time": False, "right_place": True, "note": "Earlier"},
        "deliver",
    ),
    "requests_rating_reply": Call(
        "agent", "post", REQUEST + "rating/replies/", {"text": "We lend a spare one."}, "rated"
    ),
    "rating_rules_read": Call("admin", "get", "rating-rules/"),
    "rating_rules_change": Call(
        "admin", "patch", "rating-rules/", {"rest_days": 7, "propose_actions": False, "shares": {"laptop": 40}}
    ),
    "causes_read": Call("stranger", "get", "causes/{cause}/", prepare="cause"),
    "causes_change": Call(
        "admin", "patch", "causes/{cause}/", {"name": "Nobody knew", "is_active": False}, prepare="cause"
    ),
    "figures_wall_checks": Call("executive", "get", "figures/wall-checks/?period=year", prepare="wall_check"),
    "figures_wall_check": Call("executive", "get", "figures/wall-checks/{campaign}/", prepare="wall_check"),
    "proposed_causes_list": Call("admin", "get", "proposed-causes/", prepare="proposed"),
    "proposed_causes_decide": Call(
        "admin", "post", "causes/{cause}/decision/", {"decision": "accept", "name": "Nobody knew"}, prepare="proposed"
    ),
    "causes_list": Call("stranger", "get", "causes/"),
    "causes_add": Call("admin", "post", "causes/", {"name": "Nobody knew"}),
    "declarations_list": Call("customer_head", "get", "chain/declarations/?department=it"),
    "declarations_declare": Call(
        "customer_head",
        "post",
        "chain/declarations/",
        {
            "department": "sales",
            "side": "supplier",
            "other": "it",
            "products": "Laptops",
            "demands": "In 2 days",
            "troubles": "Late",
            "holds": True,
        },
    ),
    "chain_map": Call("agent", "get", "chain/?period=year&department=it"),
    # awards
    "award_programmes_list": Call("admin", "get", "award-programmes/", prepare="award"),
    "award_programmes_create": Call("admin", "post", "award-programmes/", PROGRAMME),
    "award_programmes_read": Call("admin", "get", "award-programmes/{programme}/", prepare="award"),
    "award_programmes_replace": Call("admin", "put", "award-programmes/{programme}/", PROGRAMME, "award"),
    "awards_list": Call("stranger", "get", "awards/", prepare="award"),
    "awards_open": Call("admin", "post", "awards/", AWARD, "only_programme"),
    "awards_read": Call("executive", "get", "awards/{award}/", prepare="award"),
    "awards_nominate": Call(
        "requester", "post", "awards/{award}/nominations/", {"department": "it", "reason": "They call back"}, "award"
    ),
    "awards_vote": Call("requester", "put", "awards/{voted}/vote/", BALLOT, "voted"),
    "awards_step": Call("admin", "post", "awards/{award}/steps/", {"step": "cancel", "note": "A fault"}, "award"),
    # training
    "courses_list": Call("stranger", "get", "courses/", prepare="training"),
    "courses_create": Call("supplier_head", "post", "courses/", COURSE),
    "courses_read": Call("stranger", "get", "courses/{course}/", prepare="training"),
    "trainings_list": Call("stranger", "get", "trainings/", prepare="training"),
    "trainings_plan": Call("supplier_head", "post", "trainings/", TRAINING, "only_course"),
    "trainings_read": Call("stranger", "get", "trainings/{training}/", prepare="training"),
    "courses_change": Call("supplier_head", "patch", "courses/{course}/", {"name": "Better", "hours": 3}, "training"),
    "trainings_change": Call("supplier_head", "patch", "trainings/{training}/", {"seats": 5}, "training"),
    "recommendations_list": Call("supplier_head", "get", "training-recommendations/", prepare="recommended"),
    "recommendations_dismiss": Call(
        "supplier_head", "post", "training-recommendations/{recommendation}/dismiss/", prepare="recommended"
    ),
    "trainings_sign_up": Call(
        "customer_head", "post", "trainings/{training}/sign-up/", {"person": "cora.colleague@example.test"}, "training"
    ),
    "trainings_withdraw": Call(
        "customer_head", "post", "trainings/{training}/withdraw/", {"person": "rita.requester@example.test"}, "training"
    ),
    "trainings_attendance": Call(
        "agent", "post", "trainings/{trained}/attendance/", {"present": [], "absent": []}, "trained"
    ),
    "trainings_cancel": Call("supplier_head", "post", "trainings/{training}/cancel/", prepare="training"),
    "trainings_test": Call("requester", "get", "training-tests/{signup}/", prepare="trained"),
    "trainings_answer": Call(
        "requester", "post", "training-tests/{signup}/", {"answers": [[1], [0, 2]], "version": 1}, "trained"
    ),
    "certificates_list": Call("requester", "get", "certificates/"),
    "training_coverage": Call("stranger", "get", "training-coverage/?department=sales", prepare="training"),
    "needs_list": Call("customer_head", "get", "needs/", prepare="need"),
    "needs_propose": Call(
        "requester", "post", "needs/", {"department": "it", "title": "One sign-in", "customers": ["sales"]}
    ),
    "needs_read": Call("customer_head", "get", "needs/{need}/", prepare="need"),
    "needs_change": Call("agent", "patch", "needs/{need}/", {"title": "Better", "customers": ["sales"]}, "need"),
    "needs_step": Call(
        "agent",
        "post",
        "needs/{need}/steps/",
        {"step": "analyse", "note": "Seven a head", "urgency": 3, "importance": 4},
        "need",
    ),
    "needs_add_source": Call("agent", "post", "needs/{need}/sources/", {"kind": "talk", "text": "In May"}, "need"),
    "needs_rate": Call("requester", "post", "needs/{need}/rating/", {"importance": 5, "satisfaction": 2}, "need"),
    "forum_list": Call("stranger", "get", "forum/?q=passwords&show=open", prepare="topic"),
    "forum_ask": Call("requester", "post", "forum/", {"title": "Who has the key?", "department": "it"}),
    "forum_read": Call("stranger", "get", "forum/{topic}/", prepare="topic"),
    "forum_replies": Call("stranger", "get", "forum/{topic}/replies/", prepare="topic"),
    "forum_reply": Call("stranger", "post", "forum/{topic}/replies/", {"body": "On the wall"}, "topic"),
    "forum_mark_answer": Call("requester", "post", "forum/{topic}/answer/", {"reply": None}, "topic"),
    "forum_follow": Call("stranger", "post", "forum/{topic}/follow/", {"wanted": True}, "topic"),
    "forum_hide": Call("supplier_head", "post", "forum/{topic}/hide/", {"reason": "Twice"}, "topic"),
    "forum_hide_reply": Call(
        "supplier_head", "post", "forum/replies/{topic_reply}/hide/", {"reason": "Twice"}, "topic"
    ),
    "forum_show": Call("supplier_head", "post", "forum/{topic}/show/", prepare="topic"),
    "forum_show_reply": Call("supplier_head", "post", "forum/replies/{topic_reply}/show/", prepare="topic"),
    "forum_change": Call("requester", "patch", "forum/{topic}/", {"title": "Why at all?", "body": "Tell me"}, "topic"),
    "forum_read_reply": Call("stranger", "get", "forum/replies/{topic_reply}/", prepare="topic"),
    "forum_change_reply": Call("agent", "patch", "forum/replies/{topic_reply}/", {"body": "From June on"}, "topic"),
    "groups_list": Call("stranger", "get", "groups/?state=at_work", prepare="group"),
    "groups_found": Call(
        "supplier_head",
        "post",
        "groups/",
        {
            "department": "it",
            "others": ["sales"],
            "name": "One sign-in",
            "goal": "No second password",
            "starts_on": SOON,
            "ends_on": SOON,
        },
    ),
    "groups_read": Call("requester", "get", "groups/{group}/", prepare="group"),
    "groups_change": Call("supplier_head", "patch", "groups/{group}/", {"goal": "None by May"}, "group"),
    "groups_step": Call(
        "supplier_head", "post", "groups/{group}/steps/", {"step": "finish", "note": "One password"}, "group"
    ),
    "groups_bring_in": Call("supplier_head", "post", "groups/{group}/members/", {"department": "facilities"}, "group"),
    "groups_let_go": Call("supplier_head", "post", "groups/{group}/members/{seat}/leave/", prepare="group"),
    "groups_give_task": Call(
        "requester",
        "post",
        "groups/{group}/tasks/",
        {"text": "List them", "owner": "rita.requester@example.test", "due_on": SOON},
        "group",
    ),
    "groups_move_task": Call("requester", "post", "groups/tasks/{group_task}/", {"state": "doing"}, "group"),
    "groups_plan_meeting": Call(
        "supplier_head", "post", "groups/{group}/meetings/", {"starts_at": f"{SOON}T10:00:00+01:00"}, "group"
    ),
    "groups_meeting_step": Call(
        "supplier_head",
        "post",
        "groups/meetings/{group_meeting}/steps/",
        {"step": "hold", "decisions": "A"},
        "group_met",
    ),
    "groups_meeting_minutes": Call(
        "requester",
        "put",
        "groups/meetings/{group_meeting}/minutes/",
        {"notes": "Said", "decisions": "A"},
        "group_held",
    ),
    "groups_check": Call("supplier_head", "post", "groups/{group}/wall/", {"step": "close"}, "group"),
    "groups_answer_check": Call(
        "requester",
        "post",
        "groups/{group}/answer/",
        {"budget": 4, "schedule": 4, "specification": 4, "customer": 4, "goals": 4},
        "group",
    ),
    "voices_list": Call("customer_head", "get", "voices/", prepare="voice"),
    "voices_say": Call("requester", "post", "voices/", {"kind": "praise", "title": "Quick", "department": "it"}),
    "voices_read": Call("customer_head", "get", "voices/{voice}/", prepare="voice"),
    "voices_step": Call(
        "supplier_head", "post", "voices/{voice}/steps/", {"step": "take_up", "note": "In spring"}, "voice"
    ),
    "voices_posts": Call("stranger", "get", "voices/{voice}/posts/", prepare="post"),
    "voices_discuss": Call("stranger", "post", "voices/{voice}/posts/", {"body": "In summer too"}, "post"),
    "voices_withdraw_post": Call("requester", "post", "voices/{voice}/posts/{post}/withdraw/", prepare="post"),
    "voices_vote": Call("stranger", "post", "voices/{voice}/vote/", {"wanted": True}, "voice"),
    "meetings_series_list": Call("customer_head", "get", "meetings/series/", prepare="talk"),
    "meetings_arrange": Call(
        "supplier_head",
        "post",
        "meetings/series/",
        {"kind": "customer", "supplier": "it", "customer": "sales", "every_weeks": 1, "weekday": 1, "at_time": "10:00"},
    ),
    "corrective_actions_hide": Call("assigned", "delete", "corrective-action-files/{proof}/", prepare="planned"),
    "meetings_series_read": Call("customer_head", "get", "meetings/series/{series}/", prepare="talk"),
    "meetings_series_change": Call("supplier_head", "patch", "meetings/series/{series}/", {"minutes": 20}, "talk"),
    "meetings_of_department": Call("agent", "get", "meetings/departments/it/", prepare="talk"),
    "meetings_list": Call("agent", "get", "meetings/?state=begun", prepare="talk"),
    "meetings_plan": Call(
        "supplier_head", "post", "meetings/series/{series}/talks/", {"starts_at": f"{SOON}T10:00:00+01:00"}, "talk"
    ),
    "meetings_read": Call("agent", "get", "meetings/{talk}/", prepare="talk"),
    "meetings_step": Call("supplier_head", "post", "meetings/{talk}/steps/", {"step": "end"}, "talk"),
    "meetings_add_line": Call(
        "agent",
        "post",
        "meetings/{talk}/lines/",
        {"kind": "task", "text": "Send it", "owner": "anton.agent@example.test", "due_on": SOON},
        "talk",
    ),
    "meetings_minutes": Call(
        "agent", "put", "meetings/{talk}/minutes/", {"side": "supplier", "text": "We listened"}, "talk"
    ),
    "meetings_finish_task": Call("agent", "post", "meetings/lines/{task}/done/", prepare="talk"),
    "surveys_list": Call("supplier_head", "get", "surveys/", prepare="survey"),
    "surveys_create": Call(
        "supplier_head", "post", "surveys/", {"title": "How we serve", "department": "it", "ready": "wall_check"}
    ),
    "surveys_read": Call("supplier_head", "get", "surveys/{survey}/", prepare="survey"),
    "surveys_questions": Call("supplier_head", "put", "surveys/{survey}/", {"questions": QUESTIONS}, "survey"),
    "campaigns_list": Call("requester", "get", "campaigns/", prepare="campaign"),
    "campaigns_create": Call(
        "supplier_head",
        "post",
        "surveys/{survey}/campaigns/",
        {"title": "May", "departments": ["sales"], "roles": ["member"], "anonymous": False, "closes_on": SOON},
        "survey",
    ),
    "campaigns_read": Call("requester", "get", "campaigns/{campaign}/", prepare="campaign"),
    "campaigns_change": Call(
        "supplier_head",
        "put",
        "campaigns/{campaign_draft}/",
        {"departments": ["sales"], "kinds": ["employee"], "closes_on": SOON},
        "campaign_draft",
    ),
    "campaigns_step": Call("supplier_head", "post", "campaigns/{campaign}/steps/", {"step": "close"}, "campaign"),
    "campaigns_answer": Call("requester", "put", "campaigns/{campaign}/answer/", {"answers": {"q1": 4}}, "campaign"),
    "campaigns_results": Call("customer_head", "get", "campaigns/{campaign}/results/", prepare="campaign_closed"),
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
    "agreements_what_if": Call(
        "supplier_head", "post", "agreements/{agreement}/what-if/", {"from": "2026-01-01", "to": "2026-12-31"}, "signed"
    ),
    "agreements_what_if_read": Call(
        "supplier_head", "get", "agreements/{agreement}/what-if/{run}/", prepare="replayed"
    ),
    "agreements_recompute": Call(
        "supplier_head", "post", "agreements/{agreement}/recompute/", {"dry_run": True}, "signed"
    ),
    "reports_supplier": Call("supplier_head", "get", "figures/departments/it/supplier/report/?form=csv"),
    "reports_customer": Call("customer_head", "get", "figures/departments/sales/customer/report/?form=csv"),
    "charts_list": Call("supplier_head", "get", "figures/departments/it/charts/"),
    "charts_read": Call("supplier_head", "get", "figures/departments/it/charts/resolution_time/"),
    "charts_answer": Call(
        "supplier_head",
        "post",
        "figures/departments/it/charts/resolution_time/answers/",
        {"do": "acknowledge", "week": "2026-01-05", "rule": 1},
        prepare="signalled",
    ),
    "charts_choose_rules": Call(
        "supplier_head", "put", "figures/departments/it/charts/resolution_time/rules/", {"rules": [1, 2]}
    ),
    "reports_list": Call("supplier_head", "get", "reports/"),
    "reports_subscribe": Call("supplier_head", "post", "reports/", {"department": "it", "subject": "supplier"}),
    "reports_file": Call("executive", "get", "reports/file/?subject=company&form=csv&figure=created"),
    "figures_plans": Call("supplier_head", "get", "figures/departments/it/plans/"),
    "figures_company_plans": Call("executive", "get", "figures/company/plans/"),
    "figures_scorecard": Call("supplier_head", "get", "figures/departments/it/scorecard/"),
    "reports_stop": Call("supplier_head", "delete", "reports/{report}/", prepare="subscribed"),
    "exports_list": Call("agent", "get", "exports/"),
    "exports_ask": Call("agent", "post", "exports/", {"department": "it", "from": "2026-01-01", "to": "2026-12-31"}),
    "exports_read": Call("agent", "get", "exports/{export}/", prepare="exported"),
    "exports_download": Call("agent", "get", "exports/{export}/content/", prepare="exported"),
    "improvements_list": Call("agent", "get", "improvements/?department=it", prepare="improvement"),
    "improvements_marks": Call("agent", "get", "improvements/marks/?department=it", prepare="improvement"),
    "improvements_plan": Call("supplier_head", "post", "improvements/", IMPROVEMENT),
    "improvements_read": Call("agent", "get", "improvements/{improvement}/", prepare="improvement"),
    "improvements_change": Call(
        "supplier_head", "patch", "improvements/{improvement}/", {"expected": -0.1}, prepare="improvement"
    ),
    "improvements_move": Call(
        "supplier_head", "post", "improvements/{improvement}/moves/", {"move": "start"}, prepare="improvement"
    ),
    "improvements_add_action": Call(
        "supplier_head", "post", "improvements/{improvement}/actions/", IMPROVEMENT_ACTION, prepare="improvement"
    ),
    "improvements_change_action": Call(
        "supplier_head",
        "patch",
        "improvements/{improvement}/actions/{line}/",
        {"what": "Draw it"},
        prepare="improvement",
    ),
    "improvements_finish_action": Call(
        "supplier_head", "post", "improvements/{improvement}/actions/{line}/done/", prepare="improvement"
    ),
    "calendars_days_off": Call("admin", "post", "calendars/standard/days-off/", {"ics": ICS, "dry_run": True}),
    "calendars_recompute": Call("admin", "post", "calendars/standard/recompute/", {"dry_run": True}),
    # requests
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
    "requests_rating_read": Call("requester", "get", REQUEST + "rating/", prepare="deliver"),
    "requests_rating_give": Call(
        "requester", "put", REQUEST + "rating/", {"overall": 4, "dimensions": {"empathy": 5}}, prepare="deliver"
    ),
    # figures
    "figures_supplier": Call("agent", "get", "figures/departments/it/supplier/", prepare="deliver"),
    "figures_customer": Call("customer_head", "get", "figures/departments/sales/customer/", prepare="deliver"),
    "figures_matrix": Call("executive", "get", "figures/matrix/?figure=created", prepare="deliver"),
    "figures_series": Call("agent", "get", "figures/series/?figure=resolution_time&supplier=it", prepare="deliver"),
    "figures_process": Call("agent", "get", "figures/departments/it/process/", prepare="deliver"),
    "figures_themes": Call("agent", "get", "figures/departments/it/themes/"),
    "figures_forecast": Call("agent", "get", "figures/departments/it/forecast/", prepare="deliver"),
    "figures_benchmark": Call("executive", "get", "figures/benchmark/?figure=resolution_kept", prepare="deliver"),
    "figures_relation": Call("agent", "get", "figures/relations/it/sales/", prepare="deliver"),
    "figures_relations": Call("agent", "get", "figures/departments/it/relations/", prepare="deliver"),
    "figures_targets": Call("stranger", "get", "figures/targets/?department=it"),
    "figures_targets_set": Call(
        "supplier_head", "put", "figures/targets/", {"department": "it", "targets": {"resolution_kept": 0.9}}
    ),
    "figures_passing_department": Call("agent", "get", "figures/departments/it/passing/", prepare="deliver"),
    "figures_passing": Call("executive", "get", "figures/passing/?period=30", prepare="deliver"),
    "figures_definitions": Call("stranger", "get", "figures/definitions/"),
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
