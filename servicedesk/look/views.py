"""The one thing a reader sets about the look, and the mark of the product where browsers look for it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from servicedesk.look.context import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie, so that the server draws the page right at once, and go back."""
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if here else "/")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        secure = bool(settings.SESSION_COOKIE_SECURE)
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it by this name beside answers that are no page of ours: JSON, files, the schema."""
    return HttpResponseRedirect(static("img/mark.svg"))
