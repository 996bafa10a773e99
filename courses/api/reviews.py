"""Reviews of drafts: read here, written by the actions of a version."""

from typing import Any

from rest_framework import viewsets

from courses.models import Review

from .filters import ReviewFilter
from .review_serializers import ReviewSerializer
from .viewsets import UUID_PATTERN


class ReviewViewSet(viewsets.ReadOnlyModelViewSet):
    """The rounds of the drafts that one may see, newest first. `?open=true`: what waits for a decision."""

    queryset = Review.objects.none()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter
    lookup_value_regex = UUID_PATTERN

    def get_queryset(self) -> Any:
        visible = Review.objects.visible_to(self.request.user)
        return visible.select_related("version", "submitted_by", "decided_by")
