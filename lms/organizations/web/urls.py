"""Pages for who administers an organization, for its HR, and for who signs in by personnel number."""

from django.urls import path

from . import departments, employments, invitations, places, signing_in, views

app_name = "organizations"
urlpatterns = [
    path("organisaties/", views.index, name="index"),
    path("organisaties/<slug:slug>/locaties/", places.places, name="places"),
    path("organisaties/<slug:slug>/locaties/nieuw/", places.new_location, name="new_location"),
    path("organisaties/<slug:slug>/locaties/<uuid:pk>/", places.location, name="location"),
    path("organisaties/<slug:slug>/locaties/<uuid:pk>/lokaal/", places.new_room, name="new_room"),
    path("organisaties/<slug:slug>/lokalen/<uuid:pk>/", places.room, name="room"),
    path("organisaties/<slug:slug>/lokalen/<uuid:pk>/verwijderen/", places.delete_room, name="delete_room"),
    path("organisaties/<slug:slug>/leden/", views.members, name="members"),
    path("organisaties/<slug:slug>/leden/<uuid:membership_id>/intrekken/", views.remove, name="remove_member"),
    path("medewerkers/afdelingen/", departments.departments, name="departments"),
    path("medewerkers/afdelingen/<uuid:pk>/", departments.department, name="department"),
    path("medewerkers/afdelingen/<uuid:pk>/samenvoegen/", departments.merge, name="merge_department"),
    path("medewerkers/afdelingen/<uuid:pk>/verwijderen/", departments.delete, name="delete_department"),
    path("medewerkers/nieuw/", employments.add, name="add_person"),
    path("medewerkers/<uuid:pk>/wijzigen/", employments.edit, name="edit_employment"),
    path("medewerkers/<uuid:pk>/adres/", employments.address, name="correct_address"),
    path("medewerkers/<uuid:pk>/vertrek/", employments.leave, name="leave"),
    path("medewerkers/uitnodigingen/", invitations.invitations, name="invitations"),
    path("medewerkers/uitnodigingen/versturen/", invitations.invite, name="invite"),
    path("medewerkers/brieven/", invitations.letters, name="letters"),
    path("aanmelden/nummer/", signing_in.NumberSignIn.as_view(), name="sign_in_by_number"),
    path("activeren/", signing_in.activate, name="activate"),
    path("activeren/<str:code>/", signing_in.activate_by_code, name="activate_by_code"),
]
