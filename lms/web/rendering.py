"""How forms look: `{{ form }}` and `{{ field.as_field_group }}` give our accessible fields everywhere."""

from django.forms.renderers import TemplatesSetting


class PageFormRenderer(TemplatesSetting):
    """The project's FORM_RENDERER."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"
