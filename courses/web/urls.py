"""Pages: the public catalogue, and authoring under /aanbod/."""

from django.urls import path

from . import public

app_name = "courses"

urlpatterns = [
    path("", public.catalogue, name="catalogue"),
    path("modules/images/<uuid:pk>", public.image, name="image"),
    path("modules/<slug:provider>/<slug:code>/", public.module, name="module"),
]
