"""Training over pages: courses, sessions, signing up, attendance, the test, certificates, coverage."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback.training import certifying, coverage, invitations, moving, papers, policies, selectors, services
from feedback.training.forms import (
    ChangeSessionForm,
    CourseForm,
    ExamForm,
    FilterForm,
    PersonForm,
    SessionForm,
    session_values,
)
from feedback.training.models import Certificate, Course
from requests_app.kernel.forms import refusals_beside
from requests_app.kernel.pagination import keyset_page
from requests_app.messaging.letters import absolute
from requests_app.org.models import Department, Person
from requests_app.org.policies import standing
from requests_app.org.selectors import departments_for, get_department

PAGES = "feedback/training/{}.html".format
PAGE_SIZE = 30


@login_required
def courses(request: HttpRequest) -> HttpResponse:
    """What is held when, every course, and the reader's own certificates."""
    form = FilterForm(request.GET)
    cursor = form.cleaned_data.get("cursor", "") if form.is_valid() else ""
    page = keyset_page(selectors.courses_for(request.user), order=("name", "pk"), cursor=cursor, size=PAGE_SIZE)
    hats = standing(request.user)
    context = {
        "page": page,
        "sessions": selectors.upcoming(request.user, timezone.now()),
        "certificates": selectors.certificates_of(request.user)[: selectors.MOST_MINE],
        "may_keep": policies.keeps_any(request.user),
        "own": departments_for(request.user).filter(pk__in=hats.member_of) if not hats.is_partner else [],
        "today": timezone.localdate(),
    }
    return render(request, PAGES("list"), context)


@login_required
def new_course(request: HttpRequest) -> HttpResponse:
    policies.require_keep_any(request.user)
    return _edit(request, None)


@login_required
def edit_course(request: HttpRequest, pk: int) -> HttpResponse:
    course = selectors.get_course(person=request.user, pk=pk)
    policies.require_keep(request.user, course.department)
    return _edit(request, course)


def _edit(request: HttpRequest, course: Course | None) -> HttpResponse:
    form = CourseForm(request.POST or None, course=course, departments=_kept(request.user, course))
    if form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        with refusals_beside(form):
            made = services.save_course(by=request.user, course=course, expected_version=version, **values)
            messages.success(request, _("Kept."))
            return redirect("training:course", pk=made.pk)
    status = 400 if form.errors else 200
    return render(request, PAGES("edit"), {"form": form, "course": course}, status=status)


def _kept(person: Person, course: Course | None) -> object:
    """The departments for which this person may hold courses."""
    rows = Department.objects.filter(is_active=True).order_by("name", "pk")
    hats = standing(person)
    return rows if hats.is_admin else rows.filter(pk__in=hats.head_of)


@login_required
def course(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = selectors.get_course(person=request.user, pk=pk), timezone.now()
    context = {
        "course": found,
        "sessions": selectors.upcoming(request.user, now, course=found),
        "past": selectors.past(request.user, found, now),
        "covers": coverage.coverage_by_department(request.user, found),
        "causes": found.causes.order_by("name"),
        "asks": len(found.questions),
        "may_keep": policies.keeps(request.user, found.department_id),
    }
    return render(request, PAGES("course"), context)


@login_required
def new_session(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_course(person=request.user, pk=pk)
    policies.require_keep(request.user, found.department)
    form = SessionForm(request.POST or None, department=found.department, trainers=selectors.trainers_of(found))
    if form.is_valid():
        with refusals_beside(form):
            made = services.plan_session(by=request.user, course=found, **form.values())
            messages.success(request, _("The session is planned."))
            return redirect("training:session", pk=made.pk)
    status = 400 if form.errors else 200
    return render(request, PAGES("plan"), {"form": form, "course": found}, status=status)


@login_required
def change_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, place, trainer or number of seats, until it begins."""
    found = selectors.get_session(person=request.user, pk=pk)
    course = found.course
    policies.require_keep(request.user, course.department)
    trainers = selectors.trainers_of(course, besides=found.trainer_id)
    initial = session_values(found)
    form = ChangeSessionForm(request.POST or None, department=course.department, trainers=trainers, initial=initial)
    if form.is_valid():
        with refusals_beside(form):
            version = form.cleaned_data["version"]
            moving.change_session(by=request.user, session=found, expected_version=version, **form.values())
            messages.success(request, _("Kept. When its time or place is another one, everybody signed up is told."))
            return redirect("training:session", pk=pk)
    status = 400 if form.errors else 200
    return render(request, PAGES("plan"), {"form": form, "course": course, "session": found}, status=status)


@login_required
def session(request: HttpRequest, pk: int) -> HttpResponse:
    page = selectors.session_page(person=request.user, pk=pk)
    return render(request, PAGES("session"), {"page": page, "session": page.session})


def _named(request: HttpRequest) -> Person:
    """Whom the form names, else the reader."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data["person"] or request.user


@login_required
@require_POST
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_session(person=request.user, pk=pk)
    signup = services.sign_up(by=request.user, session=found, person=_named(request))
    seated = _("Signed up.") if signup.state == "seated" else _("On the waiting list.")
    messages.success(request, seated)
    return redirect("training:session", pk=pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_session(person=request.user, pk=pk)
    services.withdraw(by=request.user, session=found, person=_named(request))
    messages.success(request, _("Withdrawn."))
    return redirect("training:session", pk=pk)


@login_required
@require_POST
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody with a seat is named in the form; who is ticked was there."""
    page = selectors.session_page(person=request.user, pk=pk)
    policies.require_record(request.user, page.session)
    ticked = set(request.POST.getlist("there"))
    present = {one.signup.pk: str(one.signup.pk) in ticked for one in page.to_record}
    present = {pk: there for pk, there in present.items() if not _is_me(page, pk, request.user)}
    certifying.record_attendance(by=request.user, session=page.session, present=present)
    there = sum(present.values())
    words = ngettext("Recorded: %(n)s person was there.", "Recorded: %(n)s people were there.", there)
    messages.success(request, words % {"n": there})
    return redirect("training:session", pk=pk)


def _is_me(page: selectors.SessionPage, pk: int, person: Person) -> bool:
    mine = page.line.mine
    return mine is not None and mine.pk == pk and mine.person_id == person.pk


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_session(person=request.user, pk=pk)
    services.cancel_session(by=request.user, session=found)
    messages.success(request, _("Cancelled. Everybody who was signed up is told."))
    return redirect("training:session", pk=pk)


@login_required
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The session for the reader's calendar."""
    found = selectors.get_session(person=request.user, pk=pk)
    url = absolute(reverse("training:session", args=[found.pk]))
    content = invitations.write_ics(found, request.user, url=url, cancelled=found.cancelled_at is not None)
    return _file(invitations.NAME, content, "text/calendar; charset=utf-8")


def _file(name: str, content: bytes, content_type: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)


@login_required
def exam(request: HttpRequest, pk: int) -> HttpResponse:
    """The short test: what is ticked goes to the server, which alone knows the right answers."""
    page = selectors.exam_page(person=request.user, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = ExamForm(data, questions=page.questions, version=page.course.version)
    if form.is_valid():
        with refusals_beside(form):
            attempt = certifying.take_test(
                by=request.user, signup=page.signup, answers=form.answers,
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip
            _tell(request, attempt)
            return redirect("training:test", pk=pk)
    context = {"page": page, "form": form, "course": page.course}
    return render(request, PAGES("test"), context, status=400 if form.errors else 200)


def _tell(request: HttpRequest, attempt: certifying.Attempt) -> None:
    words = _("Passed: %(right)s of %(of)s right.") if attempt.passed else _("Not passed: %(right)s of %(of)s right.")
    (messages.success if attempt.passed else messages.warning)(
        request, words % {"right": attempt.right, "of": attempt.of}
    )


@login_required
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as PDF, for whom it is and who leads them."""
    name, content = papers.pdf_of(selectors.readable_certificate(person=request.user, pk=pk))
    return _file(name, content, "application/pdf")


@login_required
def check(request: HttpRequest, pk: int, signature: str) -> HttpResponse:
    """Whoever holds the link sees whether the certificate is genuine and still valid; without it there is nothing."""
    rows = Certificate.objects.select_related("person", "course__department")
    found = rows.filter(pk=pk).first()
    if found is None or not papers.is_genuine(found, signature):
        raise Http404
    return render(request, PAGES("check"), {"certificate": found, "holds": found.valid_until >= timezone.localdate()})


@login_required
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """How many of a department's people hold which certificate; its head reads their names."""
    found = get_department(person=request.user, slug=slug)
    if standing(request.user).is_partner:
        raise Http404
    covers, held = coverage.coverage_of(request.user, found), request.GET.get("held") == "yes"
    context = {
        "department": found,
        "covers": [cover for cover in covers if cover.n] if held else covers,
        "held": held,
        "recommended": selectors.recommended_to([found.pk]),
        "may_answer": found.pk in standing(request.user).head_of,
    }
    return render(request, PAGES("department"), context)


@login_required
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """The head says that a recommended course is not needed."""
    found = selectors.get_recommendation(person=request.user, pk=pk)
    services.end_recommendation(by=request.user, recommendation=found)
    messages.success(request, _("Kept."))
    return redirect("training:department", slug=found.department.slug)
