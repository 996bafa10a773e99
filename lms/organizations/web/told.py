"""What a service refuses, put with the fields of the form it is about."""

from django import forms

from lms.core.errors import DomainError


def tell_form(form: forms.BaseForm, problem: DomainError) -> None:
    """Each problem at its own field; the whole sentence on top where a problem names no field of this form."""
    named = [error for error in problem.errors if error.field in form.fields]
    for error in named:
        form.add_error(error.field, error.message)
    if not named:
        form.add_error(None, problem.detail)
