"""How forms are drawn: one template for every field, so that labels, hints and errors are always
connected with their control (WCAG 1.3.1, 3.3.1)."""

from django.forms import CheckboxInput, ClearableFileInput, RadioSelect, Widget
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """``{{ form.name.as_field_group }}`` and ``{{ form }}`` use these."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"


def is_tick(widget: Widget) -> bool:
    return isinstance(widget, CheckboxInput)


def is_file(widget: Widget) -> bool:
    return isinstance(widget, ClearableFileInput)


def is_choices(widget: Widget) -> bool:
    """Several to tick or one of several to choose, each with its own line."""
    return isinstance(widget, RadioSelect)  # of which the many to tick are a kind
