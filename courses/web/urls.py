"""Pages: the public catalogue, and authoring under /aanbod/. Dutch words in addresses: people read them."""

from django.urls import path, re_path

from . import (
    authoring,
    comparing,
    completion,
    content,
    learner_preview,
    library,
    module_page,
    offerings,
    public,
    sharing,
    systems,
    unit_editor,
)

app_name = "courses"

urlpatterns = [
    path("", public.catalogue, name="catalogue"),
    path("robots.txt", sharing.robots, name="robots"),
    path("sitemap.xml", sharing.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sharing.sitemap_part, name="sitemap_part"),
    path("modules/share/<uuid:pk>/<slug:name>.png", sharing.share_picture, name="share_picture"),
    path("vergelijken/", comparing.compare, name="compare"),
    path("modules/images/<uuid:pk>", public.image, name="image"),
    path("modules/<slug:provider>/<slug:code>/", module_page.module, name="module"),
    path("modules/bestanden/<uuid:pk>", library.file, name="file"),
    path("voor-systemen/", systems.for_systems, name="for_systems"),
    path("aanbod/", authoring.my_modules, name="my_modules"),
    path("aanbod/modules/nieuw/", authoring.new_module, name="new_module"),
    path("aanbod/modules/<uuid:pk>/", authoring.authored_module, name="authored_module"),
    path("aanbod/modules/<uuid:pk>/nieuwe-versie/", authoring.new_draft, name="new_draft"),
    path("aanbod/modules/<uuid:pk>/bestanden/", library.library, name="library"),
    path("aanbod/bestanden/<uuid:pk>/verwijderen/", library.delete_file, name="delete_file"),
    path("aanbod/afbeeldingen/<uuid:pk>/verwijderen/", library.delete_image, name="delete_image"),
    path("aanbod/versies/<uuid:pk>/", authoring.facts, name="facts"),
    path("aanbod/versies/<uuid:pk>/vaardigheden/", authoring.skills, name="skills"),
    path("aanbod/versies/<uuid:pk>/inhoud/", content.content, name="content"),
    path("aanbod/versies/<uuid:pk>/hoofdstukken/", content.add_section, name="add_section"),
    path("aanbod/versies/<uuid:pk>/afronden/", completion.rule, name="rule"),
    path("aanbod/versies/<uuid:pk>/afronden/zin/", completion.rule_sentence, name="rule_sentence"),
    path("aanbod/versies/<uuid:pk>/voorbeeld/", authoring.preview, name="preview"),
    path("aanbod/versies/<uuid:pk>/als-deelnemer/", learner_preview.preview_learning, name="preview_learning"),
    path("aanbod/versies/<uuid:pk>/controle/", authoring.check, name="check"),
    path("aanbod/versies/<uuid:pk>/publiceren/", authoring.publish, name="publish"),
    path("aanbod/versies/<uuid:pk>/weggooien/", authoring.discard, name="discard"),
    path("aanbod/versies/<uuid:pk>/inplannen/", offerings.new_offering, name="new_offering"),
    path("aanbod/hoofdstukken/<uuid:pk>/", content.change_section, name="change_section"),
    path("aanbod/onderdelen/<uuid:pk>/", unit_editor.unit, name="unit"),
    path("aanbod/onderdelen/<uuid:pk>/wijzigen/", content.change_unit, name="change_unit"),
    re_path(
        r"^aanbod/onderdelen/(?P<pk>[0-9a-f-]{36})/tekst/(?P<language>nl|en)/$",
        unit_editor.preview_text,
        name="preview_text",
    ),
    path("aanbod/onderdelen/<uuid:pk>/voorbeeld/", learner_preview.preview_unit, name="preview_unit"),
    path("aanbod/uitvoeringen/<slug:code>/", offerings.edit, name="edit_offering"),
    path("aanbod/uitvoeringen/<slug:code>/annuleren/", offerings.cancel, name="cancel_offering"),
]
