"""Exports of facts over HTTP."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from metrics.exports import selectors, services
from metrics.exports.forms import ExportForm
from metrics.exports.states import MOST_ROWS
from metrics.rollups.states import Side
from requests_app.kernel.errors import NotAllowed, WrongInput
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.org.models import Department

ROWS = 20
USUAL_DAYS = 90
FIELDS = {"from": "first", "to": "last"}
SIDES = {Side.SUPPLIER: gettext_lazy("as supplier"), Side.CUSTOMER: gettext_lazy("as customer")}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """The reader's exports, and a form to ask for one."""
    departments = selectors.departments_to_export(request.user)
    if not departments:
        raise NotAllowed(
            _("The facts of a department are exported by its agents and heads, and by auditors."),
            needed=_("Ask the head of your department."),
        )
    form = _form(request, departments)
    if form.is_valid():
        with refusals_beside(form):
            _ask(request, form)
            messages.success(request, _("The file is being written. It waits here for seven days."))
            return redirect("exports:list")
    rows = selectors.exports_of(request.user).order_by()
    page = keyset_page(rows, order=("-id",), cursor=request.GET.get("cursor", ""), size=ROWS)
    names = dict(Department.objects.filter(pk__in={row.department_id for row in page.rows}).values_list("pk", "name"))
    lines = [(row, names.get(row.department_id, ""), SIDES[row.side]) for row in page.rows]
    context = {
        "form": form,
        "lines": lines,
        "page": page,
        "waits": any(row.waits for row in page.rows),
        "most": MOST_ROWS,
    }
    return render(request, "metrics/exports.html", context, status=400 if form.errors else 200)


def _form(request: HttpRequest, departments: list[Department]) -> ExportForm:
    today = timezone.localdate()
    usual = {"first": today - timedelta(days=USUAL_DAYS), "last": today, "department": request.GET.get("department")}
    return ExportForm(request.POST if request.method == "POST" else None, departments=departments, initial=usual)


def _ask(request: HttpRequest, form: ExportForm) -> None:
    try:
        services.ask(by=request.user, **form.values())
    except WrongInput as error:  # the address and the API say from and to
        raise WrongInput({FIELDS.get(name, name): why for name, why in error.errors.items()}) from error


@login_required
@require_GET
def content(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, if the reader may still have it."""
    return selectors.file_answer(request.user, selectors.get_export(person=request.user, pk=pk))
