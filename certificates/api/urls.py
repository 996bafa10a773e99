"""Routes under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from .viewsets import CertificateViewSet, VerifyView

router = SimpleRouter()
router.register("certificates", CertificateViewSet, basename="certificate")

urlpatterns = [*router.urls, path("verify/<str:code>/", VerifyView.as_view(), name="api-verify")]
