"""What the frame around every page is made of: style sheets, scripts, and whom the demo lets in."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

DEMO_ACCOUNTS = [
    ("staff", _("works in Sales and asks")),
    ("agent", _("answers in IT Services")),
    ("head", _("leads IT Services")),
    ("customer-head", _("leads Sales")),
    ("admin", _("sets the rules")),
    ("executive", _("reads all figures")),
    ("auditor", _("reads everything, changes nothing")),
]


@register.simple_tag
@cache
def styles() -> SafeString:
    """The style sheets of every page, in their order."""
    sheets = ((static(f"css/{name}.css"),) for name in ("tokens", "base", "components", "pages"))
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', sheets)


@register.simple_tag
@cache
def core_scripts() -> SafeString:
    """htmx and our own small modules; nothing works only with them."""
    own = ("theme", "toasts", "menus", "forms", "drafts", "keys", "palette")
    library = format_html('<script src="{}" defer></script>\n', static("django_htmx/htmx-2.min.js"))
    modules = ((static(f"js/{name}.js"),) for name in own)
    return library + format_html_join("\n", '<script src="{}" type="module"></script>', modules)


@register.simple_tag
@cache
def chart_scripts() -> SafeString:
    """In the block `scripts` of pages with charts."""
    modules = ("js/charts.js", "js/charts_time.js", "js/charts_parts.js")
    library = format_html('<script src="{}" defer></script>', static("vendor/echarts.min.js"))
    return library + format_html_join(
        "", '<script src="{}" type="module"></script>', ((static(name),) for name in modules)
    )


@register.simple_tag
def demo_accounts() -> list[dict]:
    """Whom the demo company lets in, for the sign-in page; nobody in a real one."""
    if not settings.DEMO:
        return []
    return [{"email": f"{name}@demo.example", "role": role} for name, role in DEMO_ACCOUNTS]
