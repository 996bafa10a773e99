"""Signing in by personnel number, and starting with the code of a letter: for people without an e-mail address."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.forms import AddEmailForm
from allauth.account.internal.flows.login import perform_login, perform_password_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lms.accounts.models import Invitation, User
from lms.accounts.services import accept_invitation, find_invitation
from lms.audit.services import record_audit
from lms.core.errors import Invalid, NotFound
from lms.core.ids import normalize_code
from lms.organizations.models import Employment
from lms.organizations.signing_in import find_letter, find_numbered

from .told import tell_form

EMPLOYER = "employer"  # the cookie that remembers which one was typed at this browser
A_YEAR = 365 * 24 * 3600
UNLIKE = _("Employer, personnel number and password do not belong together.")
UNLIKE_LETTER = _("Employer, personnel number and code do not belong together, or the letter is too old.")


class WhoForm(forms.Form):
    """Who one is, as one's employer knows one."""

    employer = forms.CharField(
        label=_("Employer"), max_length=200, help_text=_("the name, or the short name in your letter")
    )
    personnel_number = forms.CharField(label=_("Personnel number"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].widget.attrs["autocomplete"] = "organization"
        self.fields["personnel_number"].widget.attrs["autocomplete"] = "username"


class NumberSignInForm(WhoForm):
    """Employer, personnel number and password."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    remember = forms.BooleanField(label=_("Stay signed in on this device"), required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """The same answer and the same limits whatever is wrong."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.user = get_adapter(self.request).authenticate(self.request, **self._credentials())
            if self.user is None:
                raise forms.ValidationError(UNLIKE)
        return given

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """On through the steps that follow a password, such as the second one. An address is not asked for."""
        if self.user is None:
            raise ValueError("login comes after a form that is valid")
        with transaction.atomic():
            record_audit("organizations.sign_in_by_number", self.user)
        login = Login(user=self.user, email_verification=EmailVerificationMethod.NONE, redirect_url=redirect_url)
        response: HttpResponse = perform_password_login(request, self._credentials(), login)
        request.session.set_expiry(settings.SESSION_COOKIE_AGE if self.cleaned_data["remember"] else 0)
        numbered = find_numbered(self.cleaned_data["employer"], self.cleaned_data["personnel_number"])
        return remember_employer(response, numbered.employer.slug) if numbered else response

    def _credentials(self) -> dict[str, str]:
        """`username` is what failed attempts are counted by."""
        given = {name: self.cleaned_data[name] for name in ("employer", "personnel_number", "password")}
        return given | {"username": f"{given['employer']} {given['personnel_number']}"}


class LetterForm(WhoForm):
    """What is typed from a letter."""

    code = forms.CharField(
        label=_("Code"), max_length=60, help_text=_("16 letters and digits, such as 7K3M-9QXT-2BND-HV8C")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false",
        }  # fmt: skip


class StartForm(forms.Form):
    """The password, and an address for who wants to give one."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=lazy(password_validators_help_text_html, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("if you want: your own, not one of your employer. We send a code to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NumberSignIn(LoginView):
    """As signing in by e-mail address: the same limits, the same second step."""

    form_class = NumberSignInForm
    template_name = "organizations/sign_in_by_number.html"
    http_method_names = ["get", "post", "head", "options"]

    def get_form_class(self) -> type[forms.Form]:
        return self.form_class

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"employer": self.request.COOKIES.get(EMPLOYER, "")}


@never_cache
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """The short address in a letter, for who types: employer, number and code."""
    form = LetterForm(request.POST or None, initial={"employer": request.COOKIES.get(EMPLOYER, "")})
    if form.is_valid():
        if limited := _limited(request, form.cleaned_data):
            return limited
        try:
            find_letter(**form.cleaned_data)
        except NotFound:
            form.add_error(None, UNLIKE_LETTER)
        else:
            return redirect("organizations:activate_by_code", normalize_code(form.cleaned_data["code"]))
    return render(request, "organizations/activate.html", {"form": form})


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def activate_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Behind the QR code of a letter: choose a password, and in."""
    if limited := _limited(request, {}):
        return limited
    try:
        response = _start(request, find_invitation(normalize_code(code), printed=True), normalize_code(code))
    except NotFound:
        response = render(request, "organizations/letter_gone.html", status=404)
    response["Referrer-Policy"] = "same-origin"
    return response


def _start(request: HttpRequest, invitation: Invitation, code: str) -> HttpResponse:
    user = invitation.user
    employments = Employment.objects.filter(user=user, employer=invitation.organization_id).select_related("employer")
    employment = employments.order_by("-starts_on").first()
    if employment is None:
        raise NotFound
    form = StartForm(request.POST or None)
    if form.is_valid():
        try:
            user = accept_invitation(code, form.cleaned_data["password"], printed=True)
        except Invalid as problem:
            tell_form(form, problem)
        else:
            return remember_employer(_sign_in(request, user, form.cleaned_data["email"]), employment.employer.slug)
    context = {"form": form, "employment": employment, "person": user, "again": not user.is_pending}
    return render(request, "organizations/start.html", context)


def _sign_in(request: HttpRequest, user: User, email: str) -> HttpResponse:
    """Through the second step where there is one. An address counts once its code was typed."""
    request.session.flush()
    response: HttpResponse = perform_login(request, Login(user=user, email_verification=EmailVerificationMethod.NONE))
    if request.user.is_authenticated:
        adding = AddEmailForm(data={"email": email}, user=user)
        if email and adding.is_valid():
            adding.save(request)
            return redirect("account_email_verification_sent")
    return response


def remember_employer(response: HttpResponse, employer: str) -> HttpResponse:
    """So that it need not be typed again at this browser."""
    response.set_cookie(
        EMPLOYER, employer, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _limited(request: HttpRequest, asked: dict[str, str]) -> HttpResponse | None:
    """As wrong passwords are: so many from one address, and so many for one person."""
    key = " ".join(asked.get(name, "") for name in ("employer", "personnel_number")).lower()
    return ratelimit.consume_or_429(request, action="letter" if asked else "letter_link", key=key)
