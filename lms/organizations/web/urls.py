"""Pages for who administers an organization."""

from django.urls import path

from . import places, views

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
]
