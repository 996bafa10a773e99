"""Pages of one's own account, and of the invitation to it."""

from typing import cast
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.models import ApiToken, User
from lms.accounts.services import accept_invitation, find_invitation, issue_token, revoke_token
from lms.core.errors import Invalid, NotFound

from .forms import InvitationForm, ProfileForm, TokenForm

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, and the ways to the rest."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your details are saved."))
        return redirect("accounts:account")
    return render(request, "accounts/account.html", {"form": form, "has_second_step": is_mfa_enabled(request.user)})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's API tokens. A new one is shown in the answer that makes it, and nowhere after."""
    user = cast(User, request.user)
    form = TokenForm(request.POST or None)
    secret = ""
    if form.is_valid():
        secret = issue_token(user, form.cleaned_data["name"])
        form = TokenForm()
    own = ApiToken.objects.filter(user=user).order_by("-id")[:100]
    return render(request, "accounts/tokens.html", {"form": form, "tokens": own, "secret": secret})


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """The token stops working at once."""
    token = get_object_or_404(ApiToken, pk=token_id, user=request.user)
    revoke_token(token)
    messages.success(request, _("The token %(name)s no longer works.") % {"name": token.name})
    return redirect("accounts:tokens")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind the link of an invitation: choose a password, and in."""
    try:
        response = _accept(request, secret)
    except NotFound:
        response = render(request, "accounts/invitation_gone.html", status=404)
    response["Referrer-Policy"] = "same-origin"
    return response


def _accept(request: HttpRequest, secret: str) -> HttpResponse:
    invitation = find_invitation(secret)
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            user = accept_invitation(secret, form.cleaned_data["password"])
        except Invalid as error:
            for problem in error.errors:
                form.add_error("password", problem.message)
        else:
            request.session.flush()
            login(request, user, backend=SIGN_IN_BACKEND)
            messages.success(request, _("Your account is ready."))
            return redirect("web:dashboard")
    return render(request, "accounts/accept_invitation.html", {"invitation": invitation, "form": form})
