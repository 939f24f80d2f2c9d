"""What every page gets: the shell around it and the theme. Costs nothing on a part that never asks."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from servicedesk.look.nav import addresses, shell_for

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict:
    """`shell`: the sidebar of a signed-in reader, else None; `theme`: light, dark or ""
    (as the system); `addresses`: where the forms of the shell lead."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    user = getattr(request, "user", None)
    return {
        "shell": SimpleLazyObject(lambda: shell_for(request)) if user is not None and user.is_authenticated else None,
        "theme": theme if theme in THEMES else "",
        "addresses": addresses(),
    }
