"""The catalogue: find a service, see what it promises to this reader."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from requests_app.catalogue.forms import SearchForm
from requests_app.catalogue.selectors import get_service
from requests_app.kernel.pages import render_page_or_part
from servicedesk.pages.selectors import catalogue_page, service_page


@login_required
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    typed = form.cleaned_data if form.is_valid() else {"q": "", "need": "", "department": ""}
    context = {"form": form, "typed": typed, "page": catalogue_page(request.user, **typed)}
    status = 200 if form.is_valid() else 400
    return render_page_or_part(request, "catalogue/list.html", "catalogue/_list.html", context, status=status)


@login_required
@require_GET
def service(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_service(person=request.user, slug=slug)
    return render(request, "catalogue/service.html", {"page": service_page(request.user, found)})
