"""Figures, and what is made of them."""

from tests.api_calls.call import Call

IMPROVEMENT = {
    "department": "it", "side": "supplier", "figure": "resolution_time", "name": "Rota", "expected": -0.2,
    "effective_on": "2026-12-07", "owner": "ansel.assigned@example.test",
}  # fmt: skip
IMPROVEMENT_ACTION = {"what": "Draw it up", "owner": "ansel.assigned@example.test", "due_on": "2026-12-07"}
CALLS: dict[str, Call] = {
    "figures_capacity": Call("supplier_head", "get", "figures/departments/it/capacity/"),
    "agreements_what_if": Call(
        "supplier_head", "post", "agreements/{agreement}/what-if/", {"from": "2026-01-01", "to": "2026-12-31"}, "signed"
    ),
    "agreements_what_if_read": Call(
        "supplier_head", "get", "agreements/{agreement}/what-if/{run}/", prepare="replayed"
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
}
