"""What people say of each other's work, and what they do about it."""

from datetime import timedelta

from django.utils import timezone

from tests.api_calls.call import REQUEST, SOON, Call
from tests.factories.surveys import QUESTIONS
from tests.factories.training import QUESTIONS as ASKED

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
AWARD = {
    "programme": 700_001, "first": (timezone.localdate() - timedelta(days=30)).isoformat(),
    "last": (timezone.localdate() - timedelta(days=2)).isoformat(),
    "nominate_until": SOON, "vote_until": (timezone.localdate() + timedelta(days=14)).isoformat(),
}  # fmt: skip
BALLOT = {"nominee": 700_002}
CALLS: dict[str, Call] = {
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
    "requests_rating_read": Call("requester", "get", REQUEST + "rating/", prepare="deliver"),
    "requests_rating_give": Call(
        "requester", "put", REQUEST + "rating/", {"overall": 4, "dimensions": {"empathy": 5}}, prepare="deliver"
    ),
}
