"""Every kind of event there is, with what its `data` holds. Data is JSON with a version `v`.

Events about a request always carry `department`: the id of the supplying department at which it
happened (for an offered handoff: the one it is offered to). Ids are integers, times are ISO 8601.
"""

REQUEST = "request"

REQUEST_KINDS = {
    "request.filed": "customer supplier service requester filed_by priority urgency impact channel need_type "
    "customer_kind confidential targets {measure: {seconds|days, calendar}} due {measure: time} (imported deadlines)",
    "request.edited": "before, after",
    "request.assigned": "assignee before",
    "request.accepted": "assignee",
    "request.started": "",
    "request.held": "reason pauses note",
    "request.resumed": "by_reply",
    "request.delivered": "note",
    "request.confirmed": "",
    "request.rejected": "agreed received remedy",
    "request.declined": "reason",
    "request.cancelled": "reason",
    "request.reopened": "reason, clock (restart, where that was agreed)",
    "request.closed": "automatic",
    "request.reprioritised": "before {priority urgency impact} after {..} reason targets",
    "message.public": "message side (supplier|customer) human",
    "message.internal": "message",
    "handoff.offered": "handoff from to reason",
    "handoff.accepted": "handoff from to assignee",
    "handoff.declined": "handoff from to reason",
    "handoff.withdrawn": "handoff from to",
    "handoff.expired": "handoff from to",
    "clock.warned": "measure target due share",
    "clock.recomputed": "calendar, or agreement and targets; clocks [{measure holder before after}]",
    "clock.escalated": "measure target due step percent",
    "clock.breached": "measure target due",
    "rating.invited": "invitation person supplier",
    "rating.given": "rating overall dimensions effort supplier person",
    "rating.changed": "rating overall dimensions effort supplier person",
    "rating.answered": "rating",
    "work.logged": "seconds (negative: a correction) person day log",
}
OTHER_KINDS = {
    "config.changed": "what before after",
    "absence.entered": "person kind from to",
    "absence.withdrawn": "person kind from to",
    "hours.changed": "person department before after (minutes a week) from",
    "agreement.drafted": "customer supplier round side",
    "agreement.proposed": "customer supplier round side note after (terms)",
    "agreement.countered": "customer supplier round side note before after (terms)",
    "agreement.signed": "customer supplier round side before {agreement}",
    "agreement.withdrawn": "customer supplier round side note",
    "agreement.ended": "customer supplier round note at",
    "agreement.expiring": "customer supplier round until",
    "action.opened": "customer supplier source_kind source",
    "action.contained": "customer supplier before note",
    "action.analysed": "customer supplier before whys cause cause_name",
    "action.planned": "customer supplier before note owner due_on",
    "action.done": "customer supplier before note",
    "action.sent_back": "customer supplier before note",
    "action.verified": "customer supplier before",
    "action.closed": "customer supplier before",
    "action.reopened": "customer supplier before note, again (the action that showed it)",
    "action.cancelled": "customer supplier before note, continues (the action opened again instead)",
    "action.overdue": "customer supplier due_on",
    "action.check_due": "customer supplier check_on",
    "voice.said": "voice (its kind) customer supplier request",
    "voice.answered": "voice customer supplier request note",
    "voice.accepted": "voice customer supplier request",
    "voice.disagreed": "voice customer supplier request note",
    "voice.withdrawn": "voice customer supplier request",
    "voice.taken_up": "voice customer supplier request note",
    "voice.declined": "voice customer supplier request note",
    "voice.done": "voice customer supplier request note",
    "voice.voted": "voice customer supplier request",
    "voice.unvoted": "voice customer supplier request",
    "need.proposed": "supplier customers",
    "need.changed": "supplier customers",
    "need.analysed": "supplier customers before note",
    "need.decided": "supplier customers before note",
    "need.carried_out": "supplier customers before note",
    "need.evaluated": "supplier customers before note",
    "need.reopened": "supplier customers before note",
    "need.set_aside": "supplier customers before note",
    "need.taken_back_up": "supplier customers before note",
    "need.rated": "supplier customers customer importance satisfaction",
    "need.source_added": "supplier customers source (its kind)",
    "need.source_removed": "supplier customers source (its kind)",
    "need.overdue": "supplier customers due_on",
    "chart.frozen": "department figure side starts_on centre spread",
    "chart.signalled": "department figure side week rule verdict",
    "chart.acknowledged": "department figure side week rule reason",
    "chart.dismissed": "department figure side week rule reason",
    "chart.rebased": "department figure side starts_on note",
    "survey.created": "title ready",
    "survey.changed": "version questions (how many)",
    "survey.answered": "again (named campaigns only: an anonymous answer leaves no event)",
    "campaign.drafted": "survey anonymous",
    "campaign.opened": "survey version invited (how many)",
    "campaign.reminded": "waiting (how many)",
    "campaign.closed": "invited answered (how many)",
    "improvement.planned": "department other service comparison owner and the plan: side figure expected effective_on",
    "improvement.started": "department other before",
    "improvement.changed": "department other, what changed with before {..}; or action with due_on or done_on",
    "improvement.judged": "department other before note verdict effect low high",
    "improvement.closed": "department other before note",
    "improvement.cancelled": "department other before note",
    "import.finished": "file rows refused",
}
KINDS = frozenset(REQUEST_KINDS) | frozenset(OTHER_KINDS)

DATA_VERSION = 1
# A lease bridges only the moment between claiming and locking: rows at work are locked and cannot be claimed again.
# So when a worker dies, what it had is taken up within seconds.
LEASE_SECONDS, LONGEST_LEASE = 5, 60
SHORTEST_PAUSE, LONGEST_PAUSE = 60, 1800
MOST_ATTEMPTS = 12


def pause_before_attempt(attempts: int) -> int:
    """Seconds until a delivery that failed `attempts` times may be tried again: 60 s to 30 min."""
    return min(SHORTEST_PAUSE * 2 ** max(attempts - 1, 0), LONGEST_PAUSE)
