"""Endpoints about one's own account."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from lms.accounts.models import ApiToken, User
from lms.accounts.services import digest_of, issue_token, revoke_token

from .serializers import NewTokenSerializer, TokenSerializer


class TokenViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """One's own API tokens: look, make, revoke."""

    serializer_class = TokenSerializer
    queryset = ApiToken.objects.none()

    def get_queryset(self):
        return ApiToken.objects.filter(user=self.request.user.pk)

    @extend_schema(responses={201: NewTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token; the answer is the only place where its secret is shown."""
        asked = TokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        secret = issue_token(
            cast(User, request.user), asked.validated_data["name"], expires_at=asked.validated_data.get("expires_at")
        )
        token = self.get_queryset().get(digest=digest_of(secret))
        shown = {"id": token.pk, "name": token.name, "secret": secret, "expires_at": token.expires_at}
        return Response(NewTokenSerializer(shown).data, status=201)

    def destroy(self, request: Request, pk: str) -> Response:
        """The token stops working at once."""
        revoke_token(self.get_object())
        return Response(status=204)
