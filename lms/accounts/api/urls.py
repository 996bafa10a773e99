"""Routes under /api/v1/."""

from rest_framework.routers import SimpleRouter

from .viewsets import TokenViewSet

router = SimpleRouter()
router.register("me/tokens", TokenViewSet, basename="my-token")
urlpatterns = router.urls
