"""Forms of the pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.services.correcting import NAME_LENGTH, REASON_LENGTH

UPLOAD_LIMIT = 5 * 1024 * 1024


class CodeForm(forms.Form):
    """The code on a document."""

    is_filter = True
    code = forms.CharField(
        label=_("Verification code"),
        max_length=60,
        help_text=_("26 letters and figures. Spaces, hyphens and capitals do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class NameForm(forms.Form):
    """The name a visitor reads on the document."""

    name = forms.CharField(
        label=_("Name on the document"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class FileForm(forms.Form):
    """The document a visitor received."""

    file = forms.FileField(label=_("PDF file"), widget=forms.FileInput(attrs={"accept": "application/pdf"}))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_LIMIT:
            raise forms.ValidationError(_("This file is larger than 5 MB, so it is not one of our documents."))
        return file


class RevokeForm(forms.Form):
    """Taking a certificate back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("Kept in the log; not shown to who verifies the certificate."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReplaceForm(RevokeForm):
    """Correcting a certificate."""

    holder_name = forms.CharField(
        label=_("Name on the new document"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("Leave empty to take the name as it is in the account now."),
    )
    field_order = ["holder_name", "reason"]
