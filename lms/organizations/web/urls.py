"""Pages for who administers an organization."""

from django.urls import path

from . import views

app_name = "organizations"
urlpatterns = [
    path("organisaties/", views.index, name="index"),
    path("organisaties/<slug:slug>/leden/", views.members, name="members"),
    path("organisaties/<slug:slug>/leden/<uuid:membership_id>/intrekken/", views.remove, name="remove_member"),
]
