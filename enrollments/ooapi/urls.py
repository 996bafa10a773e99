"""Routes under /ooapi/ for associations and persons: the published paths, letter for letter."""

from django.urls import path

from courses.ooapi.urls import spelled

from .views import AssociationItem, Me, OfferingAssociations, PersonAssociations, PersonItem

urlpatterns = [
    path("persons/me", Me.as_view(), name="ooapi-me"),
    path("persons/<uuid:pk>", PersonItem.as_view(), name="ooapi-person"),
    *spelled(
        "persons/<uuid:person>/associations",
        "persons/<uuid:person>/course-offering-associations",
        PersonAssociations,
        "person-associations",
    ),
    *spelled(
        "offerings/<uuid:offering>/associations",
        "course-offerings/<uuid:offering>/course-offering-associations",
        OfferingAssociations,
        "offering-associations",
    ),
    *spelled("associations/<uuid:pk>", "course-offering-associations/<uuid:pk>", AssociationItem, "association"),
]
