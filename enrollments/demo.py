"""Third chapter of the demo story: who takes what, from first steps to finished modules."""

from typing import Any

from django.db import transaction

from courses.kinds import kind_named
from courses.models import Module, Offering, Unit
from enrollments.demo_agreements import tell_agreements
from enrollments.demo_duties import begin_hygiene_rule, keep_up
from enrollments.demo_meetings import tell_meetings
from enrollments.demo_needs import tell_needs
from enrollments.demo_region import tell_region
from enrollments.demo_reports import tell_reports
from enrollments.demo_requests import tell_requests
from enrollments.models import Enrollment
from enrollments.services.enrolling import enroll_self, enroll_staff, withdraw_enrollment
from enrollments.services.interest import show_interest
from enrollments.services.learning import mark_unit_done, open_unit, submit_attempt
from enrollments.services.overriding import give_override
from lms.accounts.models import User
from lms.organizations.demo.moments import ago, day
from lms.organizations.models import Organization

ANNEKE = "anneke.veldhuis@zwaluwstaal.example"
WILCO = "wilco.tenbrinke@loozerveld.example"
SASKIA = "saskia.boerma@bargervers.example"
PRIYA = "priya.ramdin@oosterveen.example"
THIJS = "thijs.boverhof@postvak.example"
KNOWN_ALREADY = "Werkte vijf jaar als data-analist in de procesindustrie; besproken bij de intake."


def tell(stdout: Any) -> None:
    """Three HR managers enroll people, one learner enrolls himself, and they learn as far as each of them got."""
    if Enrollment.objects.exists():
        return
    with transaction.atomic():
        _hygiene_two_years_ago()
        _spring()
        _summer()
        _autumn()
        _waiting_list()
        _on_his_own()
        tell_meetings()
        _without_a_date()
        tell_requests()
        tell_agreements()
        tell_needs()
        keep_up()
        tell_reports()
        tell_region()
    stdout.write(f"    {Enrollment.objects.count()} enrollments")


def _hygiene_two_years_ago() -> None:
    """Henk's proof was valid for two years: it has expired by now."""
    _enroll(805, SASKIA, "barger-vers", "hygienisch-werken-eerste-ronde", "henk.tuinstra", mandatory=True)
    _study("henk.tuinstra", "hygienisch-werken-eerste-ronde", 790, 785)


def _spring() -> None:
    """Gerrit does not finish: thirty days after the last day his enrollment expires."""
    _enroll(210, WILCO, "loozerveld", "data-analyse-voorjaar", "sanne.oldenhof")
    _study("sanne.oldenhof", "data-analyse-voorjaar", 200, 121, slips=1)
    cnc = "cnc-veilig-instellen-voorjaar"
    _enroll(200, ANNEKE, "zwaluwstaal", cnc, "fatma.yildiz", "esra.demir", "gerrit.assen", "janwillem.schuurman")
    _study("gerrit.assen", cnc, 180, 150, units=4)
    _study("esra.demir", cnc, 182, 118)
    _study("fatma.yildiz", cnc, 185, 110, slips=1)
    _study("janwillem.schuurman", cnc, 170, 104)


def _summer() -> None:
    lean, cobots = "lean-op-de-werkvloer-doorlopend", "cobots-loozerveld"
    _enroll(100, ANNEKE, "zwaluwstaal", lean, "bert.hoogeveen", "chantal.vandermeulen")
    _enroll(92, SASKIA, "barger-vers", lean, "omer.aydin", "tirza.bouwhuis")
    _enroll(
        *(91, WILCO, "loozerveld", cobots),
        *("roelof.snippe", "ria.beltman", "kevin.hartsuiker", "dennis.zuidema", "noor.elamrani"),
        mandatory=True,
    )
    _study("dennis.zuidema", cobots, 88, 88, units=1)
    _study("roelof.snippe", cobots, 86, 71)
    _withdraw(75, "dennis.zuidema@loozerveld.example", "dennis.zuidema", cobots)
    _study("bert.hoogeveen", lean, 95, 63, slips=2)
    _study("chantal.vandermeulen", lean, 90, 40, units=3)
    _study("ria.beltman", cobots, 60, 33, units=3)
    _study("kevin.hartsuiker", cobots, 58, 51)
    _study("omer.aydin", lean, 52, 52, units=1)
    begin_hygiene_rule()
    _study("aleksandra.nowak", "hygienisch-werken-doorlopend", 58, 57)


def _autumn() -> None:
    cnc, tig = "cnc-veilig-instellen-najaar", "tig-lassen-zwaluwstaal"
    _enroll(38, SASKIA, "barger-vers", "data-analyse-najaar", "tirza.bouwhuis")
    _study("tirza.bouwhuis", "data-analyse-najaar", 33, 6, units=5, slips=1)
    _enroll(30, ANNEKE, "zwaluwstaal", cnc, "jeroen.kampherbeek", "mateusz.kowalczyk")
    _enroll(30, ANNEKE, "zwaluwstaal", cnc, "gerrit.assen", due=6)  # his second try: he is late, as HR sees
    _study("jeroen.kampherbeek", cnc, 24, 2, units=5, slips=1)
    _study("gerrit.assen", cnc, 20, 9, units=2)
    _enroll(24, ANNEKE, "zwaluwstaal", tig, "bert.hoogeveen", "chantal.vandermeulen", "michal.wisniewski")
    _study("bert.hoogeveen", tig, 19, 4, units=5)
    _fail_quiz(3, "bert.hoogeveen", tig)
    _study("noor.elamrani", "cobots-loozerveld", 21, 15, units=4)
    _fail_quiz(14, "noor.elamrani", "cobots-loozerveld")
    _enroll(5, ANNEKE, "zwaluwstaal", "lean-op-de-werkvloer-doorlopend", "jeroen.kampherbeek")


def _waiting_list() -> None:
    """Four places at the hub; the fifth and sixth wait."""
    plc = "plc-storingen-leerhub"
    _enroll(40, WILCO, "loozerveld", plc, "johan.reinders", "noor.elamrani")
    _enroll(39, ANNEKE, "zwaluwstaal", plc, "janwillem.schuurman")
    _enroll(37, SASKIA, "barger-vers", plc, "henk.tuinstra")
    _enroll(35, WILCO, "loozerveld", plc, "roelof.snippe")
    _enroll(33, ANNEKE, "zwaluwstaal", plc, "gerrit.assen")


def _on_his_own() -> None:
    """Thijs enrolls himself: no employer sees it. The school lets him in without the module that comes first."""
    thijs, priya = _person(THIJS), _person(PRIYA)
    with ago(10, by=priya):
        module = Offering.objects.get(code="digitale-tweelingen-winter").version.module
        give_override(by=priya, learner=thijs, module=module, reason=KNOWN_ALREADY)
    for days, code in ((9, "digitale-tweelingen-winter"), (3, "hygienisch-werken-doorlopend")):
        with ago(days, by=thijs):
            enroll_self(by=thijs, offering=Offering.objects.get(code=code))
    _study("thijs.boverhof", "hygienisch-werken-doorlopend", 2, 2, units=1)


def _without_a_date() -> None:
    """Nine wishes for a date that suits; who waited for welding or cobots when a date was planned, was told so."""
    for days, code, *names in (
        (140, "tig-lassen-basis", "thijs.boverhof"),
        (96, "tig-lassen-basis", "kevin.hartsuiker"),
        (62, "werken-met-cobots", "johan.reinders", "omer.aydin"),
        (41, "plc-storingen-zoeken", "mateusz.kowalczyk"),
        (27, "tig-lassen-basis", "roelof.snippe", "mateusz.kowalczyk"),
        (12, "digitale-tweelingen", "sanne.oldenhof"),
        (8, "plc-storingen-zoeken", "thijs.boverhof"),
    ):
        for name in names:
            with ago(days, by=(person := _person(name))):
                show_interest(by=person, module=Module.objects.get(code=code))


def _person(name: str) -> User:
    return User.objects.get(email=name) if "@" in name else User.objects.get(email__startswith=f"{name}@")


def _enrollment(name: str, code: str) -> Enrollment:
    return Enrollment.objects.select_related("offering").get(learner=_person(name), offering__code=code)


def _enroll(
    days: int, hr: str, employer: str, code: str, *names: str, mandatory: bool = False, due: int | None = None
) -> None:
    """So many days ago; to be done by `due` days ago."""
    by, due_on = _person(hr), None if due is None else day(due)
    with ago(days, by=by):
        enroll_staff(
            by=by,
            employer=Organization.objects.get(slug=employer),
            offering=Offering.objects.get(code=code),
            learners=[_person(name) for name in names],
            mandatory=mandatory,
            due_on=due_on,
        )


def _withdraw(days: int, by: str, name: str, code: str) -> None:
    who = _person(by)
    with ago(days, by=who):
        withdraw_enrollment(by=who, enrollment=_enrollment(name, code))


def _study(name: str, code: str, begin: int, end: int, *, units: int | None = None, slips: int = 0) -> None:
    """The learner does the first `units` units (or all) between two days, with `slips` wrong answers per quiz."""
    learner, enrollment = _person(name), _enrollment(name, code)
    path = _path(enrollment)[:units]
    for step, unit in enumerate(path):
        passed = (begin - end) * (step + 1) // len(path)
        with ago(begin - passed, hours=1 - step / len(path), by=learner):
            open_unit(by=learner, enrollment=enrollment, unit=unit)
            if kind_named(unit.kind).judged:
                submit_attempt(by=learner, enrollment=enrollment, unit=unit, answers=_answers(unit, slips))
            else:
                mark_unit_done(by=learner, enrollment=enrollment, unit=unit)


def _fail_quiz(days: int, name: str, code: str) -> None:
    """The first quiz that is not done yet goes wrong."""
    learner, enrollment = _person(name), _enrollment(name, code)
    done = enrollment.unit_progress.filter(done_at__isnull=False).values_list("unit_id", flat=True)
    quiz = next(unit for unit in _path(enrollment) if kind_named(unit.kind).judged and unit.pk not in done)
    with ago(days, by=learner):
        open_unit(by=learner, enrollment=enrollment, unit=quiz)
        submit_attempt(
            by=learner, enrollment=enrollment, unit=quiz, answers=_answers(quiz, len(quiz.data["questions"]) // 2 + 1)
        )


def _path(enrollment: Enrollment) -> list[Unit]:
    units = Unit.objects.filter(section__version=enrollment.version_id).select_related("section")
    return list(units.order_by("section__position", "position"))


def _answers(unit: Unit, slips: int) -> dict[str, list[str]]:
    """Right answers, except to the last `slips` questions with one right option."""
    questions = unit.data["questions"]
    single = [question["id"] for question in questions if question["type"] == "single"]
    wrong = set(single[len(single) - slips :]) if slips else set()
    return {
        question["id"]: (
            [next(option["id"] for option in question["options"] if option["id"] not in question["correct"])]
            if question["id"] in wrong
            else question["correct"]
        )
        for question in questions
    }
