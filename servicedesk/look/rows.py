"""One row of a form: which shape its control takes, and the ids that tie label, help, error and control together."""

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

FEW = 3  # up to this many choices stand side by side as cards


class FieldRow:
    """What components/_field.html draws."""

    def __init__(
        self, bound: BoundField, *, label: str = "", help_text: str | None = None, short: bool = False, rows: int = 0
    ):
        self.bound = bound
        self.label = label or bound.label
        self.help_text = bound.help_text if help_text is None else help_text
        self.errors = bound.errors
        self.optional = not bound.field.required
        self.id = bound.id_for_label or bound.auto_id or f"id_{bound.html_name}"
        self._short, self._rows = short, rows

    @property
    def shape(self) -> str:
        """cards, radios, checks, check, file or line."""
        widget = self.bound.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checks"
        if isinstance(widget, forms.RadioSelect):
            return "cards" if len(list(widget.choices)) <= FEW else "radios"
        return "file" if isinstance(widget, forms.FileInput) else "line"

    @property
    def is_group(self) -> bool:
        return self.shape in ("cards", "radios", "checks")

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}_help"] if self.help_text else []
        parts += [f"{self.id}_msg"] if self.errors else []
        return " ".join(parts)

    @property
    def control(self) -> SafeString:
        return self.bound.as_widget(attrs=self._attrs())

    @property
    def choices(self) -> list[dict]:
        """The subwidgets of a group, each with its own id."""
        mark = {"aria-describedby": self.described_by} if self.described_by else {}
        found = self.bound.field.widget.subwidgets(self.bound.html_name, self.bound.value(), {"id": self.id, **mark})
        return [
            {
                "id": choice["attrs"].get("id", ""),
                "type": choice["type"],
                "name": choice["name"],
                "value": choice["value"],
                "label": choice["label"],
                "checked": choice["selected"],
            }
            for choice in found
        ]

    def _attrs(self) -> dict[str, str | bool]:
        widget = self.bound.field.widget
        # a placeholder is no label, and the label stands above already
        attrs: dict[str, str | bool] = {"class": self._classes(widget), "placeholder": False}
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        if isinstance(widget, forms.Textarea) and self._rows:
            attrs["rows"] = str(self._rows)
        return attrs

    def _classes(self, widget: forms.Widget) -> str:
        base = "form-control"
        if isinstance(widget, forms.CheckboxInput):
            base = "form-check-input"
        elif isinstance(widget, forms.Select):
            base = "form-select"
        elif isinstance(widget, forms.FileInput):
            base = ""
        own = widget.attrs.get("class", "")
        number = isinstance(widget, forms.NumberInput)
        brief = self._short or number or widget.attrs.get("type") in ("date", "time", "datetime-local")
        return " ".join(part for part in (base, "short" if brief else "", "num" if number else "", own) if part)
