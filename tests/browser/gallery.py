"""Every component on one page, for the eye and for axe. Served only by tests (see test_look.py)."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.views.generic import RedirectView

from servicedesk.urls import handler404  # noqa: F401
from servicedesk.urls import urlpatterns as real_pages

HERE = Path(__file__).parent
WEEKS = [f"{week:02d}" for week in range(30, 42)]
VALUES = [7.0, 6.1, 7.4, 7.2, 5.7, 13.9, 6.9, 6.5, 5.7, 5.8, 6.9, 7.1]


class SampleForm(forms.Form):
    title = forms.CharField(label="What do you need?", help_text="One sentence, as you would say it to a colleague.")
    purpose = forms.CharField(label="What is it for?", widget=forms.Textarea, required=False)
    place = forms.ChoiceField(label="Where?", choices=[("", "Choose a place"), ("c2", "Building C, floor 2")])
    sockets = forms.IntegerField(label="How many sockets?", min_value=1)
    urgency = forms.ChoiceField(
        label="How soon does it hurt?",
        widget=forms.RadioSelect,
        choices=[("1", "Now"), ("2", "This week"), ("3", "It can wait")],
    )
    reason = forms.ChoiceField(
        label="Sent back because",
        widget=forms.RadioSelect,
        choices=[
            ("a", "Not what was asked"),
            ("b", "Incomplete"),
            ("c", "Does not work yet"),
            ("d", "No instructions"),
        ],
    )
    tell = forms.MultipleChoiceField(
        label="Tell",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("h", "The head"), ("w", "Watchers")],
    )
    day = forms.DateField(label="Needed on", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    file = forms.FileField(label="Files", required=False)
    agree = forms.BooleanField(label="Send me a copy", required=False)


def _charts(now: datetime) -> dict:
    weeks = [f"{week}" for week in WEEKS]
    table = {
        "caption": "Table: 12 weeks",
        "head": ["Week", "Median", "n"],
        "rows": [[w, f"{v} h", 40] for w, v in zip(weeks, VALUES, strict=True)],
    }
    control = {
        "label": "Control chart of the weekly median of resolution, 12 weeks, one signal in week 35.",
        "weeks": weeks,
        "values": VALUES,
        "n": [40] * 12,
        "unit": "hours",
        "phases": [{"from": 0, "to": 11, "cl": 6.7, "ucl": 10.2, "lcl": 4.4, "word": "Phase 1"}],
        "signals": {"5": {"text": "Above the upper limit", "word": "mail outage"}},
        "actions": [{"no": "A", "at": "36", "word": "Request templates"}],
        "ticks": [4, 6, 8, 12, 16],
    }
    stack = {
        "label": "Mean working hours per request by holder, two services.",
        "rows": ["Access rights", "New workplace"],
        "totals": [3.0, 15.9],
        "parts": [
            {"name": "IT Services", "color": "h-us", "values": [1.6, 5.8]},
            {"name": "Customer", "color": "h-cust", "values": [0.9, 3.2]},
            {"name": "Other departments", "color": "h-other", "values": [0.5, 6.9]},
        ],
    }
    line = {
        "label": "Agreement kept, six months, both sides.",
        "x": ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"],
        "unit": " %",
        "min": 80,
        "max": 100,
        "series": [
            {"name": "IT for Sales", "values": [89, 91, 91, 93, 92, 94]},
            {"name": "target 92 %", "values": [92] * 6, "target": True},
            {"name": "Sales for IT", "values": [90, 89, 88, 86, 87, 85]},
        ],
    }
    return {"control": control, "stack": stack, "line": line, "table": table} | _relations()


def _relations() -> dict:
    sankey = {
        "label": "Requests between four departments.",
        "nodes": [{"id": "c:Sales"}, {"id": "c:Production"}, {"id": "s:IT Services"}, {"id": "s:Purchasing"}],
        "links": [
            {"source": "c:Sales", "target": "s:IT Services", "value": 184},
            {"source": "c:Production", "target": "s:IT Services", "value": 90},
            {"source": "c:Production", "target": "s:Purchasing", "value": 131, "hi": True},
        ],
    }
    whisker = {
        "label": "Share kept by supplier with 95 % interval.",
        "unit": " %",
        "min": 70,
        "max": 100,
        "mean": 90.1,
        "mean_label": "company 90.1 %",
        "rows": [
            {"name": "Legal", "v": 95.0, "lo": 91.2, "hi": 99.0, "n": 25, "open": True},
            {"name": "IT Services", "v": 91.2, "lo": 89.0, "hi": 93.5, "n": 540, "open": False},
        ],
    }
    return {"sankey": sankey, "whisker": whisker}


def _tiles() -> list[dict]:
    common = {"definition": "Working time from filing to the first reply by a person.", "url": "/gallery/?rows=1"}
    return [
        common
        | {
            "name": "First response",
            "value": "38",
            "unit": "min median",
            "series": [46, 45, 42, 41, 40, 38],
            "target": 60,
            "series_label": "First response, six weeks, falling from 46 to 38 minutes",
            "state": "good",
            "state_words": "Within 60 min",
            "change": "−6 min, better",
            "foot": "p90 2 h 05 min, target 4 h · n 612",
        },
        common
        | {
            "name": "Agreement kept",
            "value": "91.4",
            "unit": "%",
            "series": [88, 90, None, 91, 93, 91.4],
            "target": 92,
            "series_label": "Agreement kept, six weeks, from 88 to 91.4 percent",
            "state": "warn",
            "state_words": "Just below 92 %",
            "change": "+2.1 points, better",
            "foot": "n 540",
        },
        common | {"name": "Satisfaction", "why": "no rated requests yet"},
        common
        | {
            "name": "Backlog",
            "value": "42",
            "unit": "open",
            "series": [35, 35, 38, 40, 42, 42],
            "state": "bad",
            "series_label": "Backlog, six weeks, rising from 35 to 42",
            "state_words": "Oldest 12 days",
            "change": "+6, worse",
            "foot": "Median age 2.1 days",
        },
    ]


def _context(request: HttpRequest) -> dict:
    now = timezone.now()
    form = SampleForm(request.POST or None)
    form.is_valid()
    return _charts(now) | {
        "form": form,
        "empty_form": SampleForm(prefix="empty"),
        "now": now,
        "times": [
            now - timedelta(minutes=5),
            now - timedelta(days=1),
            now + timedelta(days=3),
            now - timedelta(days=400),
        ],
        "statuses": ["new", "accepted", "in_progress", "on_hold", "delivered", "closed", "declined", "cancelled"],
        "clock_states": ["kept", "missed", "overdue", "warned", "running", "paused", "none"],
        "holders": [
            {"kind": "us", "name": "Facilities", "seconds": 48300},
            {"kind": "cust", "name": "IT Services (you)", "seconds": 31200},
            {"kind": "third", "name": "Outside electrician", "seconds": 21600},
            {"kind": "nobody", "name": "Nobody yet", "seconds": 1500},
        ],
        "clocks": [
            {"label": "First response", "state": "kept", "elapsed": 1500, "target": 7200},
            {
                "label": "Resolution",
                "state": "paused",
                "elapsed": 49800,
                "target": 57600,
                "paused": 37800,
                "why": "Company default, priority High.",
                "parts": [("us", 5000), ("pause", 12000), ("us", 20000), ("pause", 25800), ("us", 24800)],
            },
            {"label": "Answer", "state": "missed", "elapsed": 9000, "target": 7200},
            {"label": "Delivery", "state": "none", "elapsed": 9000, "target": None, "why": "nothing was agreed"},
        ],
        "tiles": _tiles(),
        "filters": [
            {"name": "Status", "words": "open", "param": "status"},
            {"name": "Service", "words": "Telephony", "param": "service", "value": "tel"},
        ],
        "keyset": SimpleNamespace(rows=[], next="abc", previous="def"),
        "sentence": {
            "act": "You accept the delivery",
            "until": now + timedelta(days=2),
            "left": 82200,
            "after": "Without an answer it counts as accepted.",
        },
    }


@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    if "toast" in request.GET:
        messages.success(request, "Filed as SR-000123. Facilities answers by today 14:00.")
        messages.error(request, "The file was too large and was not kept.")
    template = engines["django"].from_string((HERE / "gallery.html").read_text())
    return HttpResponse(template.render(_context(request), request))


def note(request: HttpRequest) -> HttpResponse:
    """Takes a text, or sends the form back when it is too short."""
    if len(request.POST.get("text", "")) > 3:
        return HttpResponseRedirect("/gallery/")
    return gallery(request)


def unsafe(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<!doctype html><title>x</title><p style="color: red">x</p><script>window.ran = true</script>')


def part(request: HttpRequest) -> HttpResponse:
    """What htmx asks for: answers with the status it is asked to give."""
    code = int(request.GET.get("code", "200"))
    words = f'<p class="dk-sent">The server said {code}.</p>'
    return HttpResponse(f'<div>{words}<p data-focus tabindex="-1">Look here.</p></div>', status=code)


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("on purpose")


def search(request: HttpRequest) -> HttpResponse:
    found = (
        '<a data-result="Request" href="/gallery/?found=1">SR-000123 Lamp in room 4</a>'
        if "lamp" in request.GET.get("q", "")
        else ""
    )
    return HttpResponse(f"<!doctype html><title>Search</title><main>{found}</main>")


extra = [
    path("", RedirectView.as_view(url="/gallery/")),
    path("gallery/", gallery, name="gallery"),
    path("gallery/note/", note),
    path("gallery/unsafe/", unsafe),
    path("gallery/part/", part),
    path("gallery/broken/", broken),
]
if not any(getattr(one, "name", "") == "search" for one in real_pages):
    extra.append(path("search/", search, name="search"))
urlpatterns = extra + real_pages
