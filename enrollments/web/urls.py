"""Pages of learning, of HR and of the provider's participants. Dutch words in addresses: people read them."""

from django.urls import path, re_path

from . import agenda, attendance, imports, interest, learning, overrides, participants, programmes, staff, version_moves

app_name = "enrollments"
urlpatterns = [
    path("leerlijnen/<slug:provider>/<slug:code>/", programmes.programme, name="programme"),
    path("mijn-leren/", learning.my_learning, name="my_learning"),
    path("mijn-agenda/", agenda.my_agenda, name="my_agenda"),
    path("mijn-agenda/adres-beeindigen/", agenda.end, name="end_feed"),
    path("agenda/<str:secret>.ics", agenda.feed, name="feed"),
    path("bijeenkomsten/<uuid:pk>/", agenda.session, name="session"),
    path("bijeenkomsten/<uuid:pk>/aanwezigheid/", attendance.attendance, name="attendance"),
    path("bijeenkomsten/<uuid:pk>.ics", agenda.session_file, name="session_file"),
    path("uitvoeringen/<slug:code>.ics", agenda.offering_file, name="offering_file"),
    path("inschrijven/<slug:code>/", learning.enroll_self, name="enroll_self"),
    path("interesse/<slug:provider>/<slug:code>/", interest.interest, name="interest"),
    path("interesse/<slug:provider>/<slug:code>/intrekken/", interest.take_back, name="take_back_interest"),
    path("aanbod/belangstelling/", interest.demand, name="demand"),
    path("leren/<uuid:pk>/", learning.learn, name="learn"),
    path("leren/<uuid:pk>/klaar/", learning.finished, name="finished"),
    path("leren/<uuid:pk>/stoppen/", learning.withdraw, name="withdraw"),
    path("leren/<uuid:pk>/bestanden/<uuid:file_pk>", learning.file, name="file"),
    path("leren/<uuid:pk>/<uuid:unit_pk>/", learning.unit, name="unit"),
    path("leren/<uuid:pk>/<uuid:unit_pk>/uitslag/<int:number>/", learning.result, name="result"),
    path("medewerkers/", staff.people, name="staff"),
    path("medewerkers/inschrijven/", staff.enroll, name="enroll_staff"),
    path("medewerkers/<uuid:pk>/", staff.person, name="person"),
    path("medewerkers/importeren/", imports.import_staff, name="import_staff"),
    path("medewerkers/importeren/<uuid:pk>/", imports.staff_import, name="staff_import"),
    path("medewerkers/importeren/<uuid:pk>/bevestigen/", imports.confirm, name="confirm_staff_import"),
    path("medewerkers/importeren/<uuid:pk>/afgewezen.csv", imports.rejected_rows, name="rejected_rows"),
    re_path(r"^medewerkers/importeren/sjabloon\.(?P<kind>csv|xlsx)$", imports.template, name="staff_template"),
    path("inschrijvingen/", staff.who_is_where, name="who_is_where"),
    path("aanbod/<slug:code>/deelnemers/", participants.participants, name="participants"),
    path("aanbod/versies/<uuid:pk>/overgang/", version_moves.transition, name="transition"),
    path("aanbod/versies/<uuid:pk>/overgang/<slug:code>/", version_moves.switch, name="switch_offering"),
    path("aanbod/modules/<uuid:pk>/toelaten/", overrides.overrides, name="overrides"),
    path("deelnemers/<uuid:pk>/", participants.participant, name="participant"),
]
