"""One's own API tokens, as the API shows them."""

from rest_framework import serializers

from lms.accounts.models import ApiToken


class TokenSerializer(serializers.ModelSerializer):
    """A token, without its secret."""

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "created_at", "last_used_on", "expires_at"]
        read_only_fields = ["prefix", "created_at", "last_used_on"]


class NewTokenSerializer(serializers.Serializer):
    """A token just made: the only time that its secret is shown."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    secret = serializers.CharField(help_text="Send it as `Authorization: Bearer …`. It is not shown again.")
    expires_at = serializers.DateTimeField(allow_null=True)
