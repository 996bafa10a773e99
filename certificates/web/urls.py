"""Pages."""

from django.urls import path

from . import verifying, views

app_name = "certificates"

urlpatterns = [
    path("certificaten/", views.mine, name="mine"),
    path("certificaten/<uuid:pk>/", views.detail, name="detail"),
    path("certificaten/<uuid:pk>/pdf", views.pdf, name="pdf"),
    path("certificaten/<uuid:pk>/intrekken/", views.revoke, name="revoke"),
    path("certificaten/<uuid:pk>/vervangen/", views.replace, name="replace"),
    path("aanbod/certificaten/", views.issued, name="issued"),
    path("verify/", verifying.ask, name="verify_form"),
    path("verify/<str:code>", verifying.verify, name="verify"),
]
