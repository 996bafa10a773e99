"""Pages of the frame itself."""

from django.urls import path

from . import views

app_name = "web"
urlpatterns = [
    path("start/", views.dashboard, name="dashboard"),
    path("taal/", views.set_language, name="set_language"),
]
