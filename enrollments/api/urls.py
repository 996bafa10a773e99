"""Routes under /api/v1/."""

from rest_framework.routers import SimpleRouter

from .viewsets import UUID_PATTERN, EnrollmentViewSet, UnitViewSet

router = SimpleRouter()
router.register("enrollments", EnrollmentViewSet, basename="enrollment")
router.register(f"enrollments/(?P<enrollment>{UUID_PATTERN})/units", UnitViewSet, basename="enrollment-unit")

urlpatterns = router.urls
