"""Pages of training needs, below /opleidingsbehoeften/, and of the skill gap."""

from django.urls import path, re_path

from . import need_answers, need_bundles, needs, skill_gap

urlpatterns = [
    path("opleidingsbehoeften/", needs.needs, name="needs"),
    path("opleidingsbehoeften/nieuw/", needs.new_need, name="new_need"),
    path("opleidingsbehoeften/<uuid:pk>/", needs.need, name="need"),
    path("opleidingsbehoeften/<uuid:pk>/intrekken/", needs.take_back, name="take_back_need"),
    path("opleidingsbehoeften/<uuid:pk>/besluiten/", need_answers.decide, name="decide_need"),
    path("opleidingsbehoeften/regio/", need_bundles.regional_needs, name="regional_needs"),
    path("opleidingsbehoeften/bundels/", need_bundles.bundles, name="bundles"),
    path("opleidingsbehoeften/bundels/nieuw/", need_bundles.make_bundle, name="make_bundle"),
    path("opleidingsbehoeften/bundels/<uuid:pk>/", need_bundles.bundle, name="bundle"),
    path("opleidingsbehoeften/bundels/<uuid:pk>/wijzigen/", need_bundles.change_bundle, name="change_bundle"),
    path("opleidingsbehoeften/bundels/<uuid:pk>/beantwoorden/", need_answers.answer, name="answer_bundle"),
    path("vaardigheidskloof/", skill_gap.skill_gap, name="skill_gap"),
    path("vaardigheidskloof/mensen/", skill_gap.people, name="skill_gap_people"),
    re_path(r"^vaardigheidskloof/vaardigheidskloof\.(?P<form>csv|xlsx)$", skill_gap.file, name="skill_gap_file"),
]
