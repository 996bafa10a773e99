"""Routes under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from .authoring import ModuleViewSet, SectionViewSet, UnitViewSet, VersionViewSet
from .catalogue import CatalogueViewSet
from .comparing import CompareViewSet
from .exchange import ExchangedModuleView, ExchangedOfferingView, ExchangeFilesView
from .members import ModuleMemberViewSet
from .prerequisites import PrerequisiteViewSet
from .programmes import ProgrammeViewSet
from .reserved import ReservedPlacesViewSet
from .reviews import ReviewViewSet
from .sessions import SessionViewSet
from .uploads import FileViewSet, ImageViewSet
from .viewsets import OccupationViewSet, OfferingViewSet, SectorViewSet, SkillViewSet

router = SimpleRouter()
router.register("catalogue/compare", CompareViewSet, basename="compare")
router.register("catalogue", CatalogueViewSet, basename="catalogue")
router.register("files", FileViewSet, basename="file")
router.register("images", ImageViewSet, basename="image")
router.register("module-members", ModuleMemberViewSet, basename="module-member")
router.register("modules", ModuleViewSet, basename="module")
router.register("occupations", OccupationViewSet, basename="occupation")
router.register("offerings", OfferingViewSet, basename="offering")
router.register("reserved-places", ReservedPlacesViewSet, basename="reserved-places")
router.register("reviews", ReviewViewSet, basename="review")
router.register("prerequisites", PrerequisiteViewSet, basename="prerequisite")
router.register("programmes", ProgrammeViewSet, basename="programme")
router.register("sections", SectionViewSet, basename="section")
router.register("sessions", SessionViewSet, basename="session")
router.register("sectors", SectorViewSet, basename="sector")
router.register("skills", SkillViewSet, basename="skill")
router.register("units", UnitViewSet, basename="unit")
router.register("versions", VersionViewSet, basename="version")

exchanged = {"modules": ExchangedModuleView, "offerings": ExchangedOfferingView}
urlpatterns = [
    path("exchange/modules/", ExchangeFilesView.as_view(), name="exchange-files"),
    *(
        path(f"providers/<slug:slug>/{key}/<slug:code>/", view.as_view(), name=f"exchanged-{key}")
        for key, view in exchanged.items()
    ),
    # Partner systems write addresses without the slash, and a PUT cannot be redirected.
    *(
        path(f"providers/<slug:slug>/{key}/<slug:code>", view.as_view(schema=None), name=f"exchanged-{key}")
        for key, view in exchanged.items()
    ),
    *router.urls,
]
