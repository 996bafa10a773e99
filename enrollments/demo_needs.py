"""What employers of the demo story need: open, bundled, asked, answered, met and taken back."""

from collections.abc import Iterable
from typing import Any

from courses.models import ModuleVersion, Occupation, Skill
from enrollments.models import NeedBundle, TrainingNeed
from enrollments.needs.bundles import needs_in, parties_of
from enrollments.services.answering import answer_bundle, meet_need
from enrollments.services.bundling import ask_providers, make_bundle
from enrollments.services.functions import link_function
from enrollments.services.needs import post_need, take_back_need
from lms.accounts.models import User
from lms.organizations.demo.moments import ago, day
from lms.organizations.models import Department, Location, Organization

ZWALUWSTAAL, LOOZERVELD, BARGER = "zwaluwstaal", "loozerveld", "barger-vers"
HR = {
    ZWALUWSTAAL: "anneke.veldhuis@zwaluwstaal.example",
    LOOZERVELD: "wilco.tenbrinke@loozerveld.example",
    BARGER: "saskia.boerma@bargervers.example",
}
TOWNS = {ZWALUWSTAAL: "Hardenberg", LOOZERVELD: "Coevorden", BARGER: "Emmen"}
LOTTE, HARM = "lotte.hemmink@vechtenveen.example", "harm.nijenhuis@reestdal.example"
FUNCTIONS = (
    (ZWALUWSTAAL, "Lasser", "welder"),
    (ZWALUWSTAAL, "Operator CNC", "computer numerical control machine operator"),
    (ZWALUWSTAAL, "Verspaner", "milling machine operator"),
    (ZWALUWSTAAL, "Monteur", "mechanical engineering technician"),
    (LOOZERVELD, "Monteur", "mechanical engineering technician"),
    (LOOZERVELD, "Kwaliteitsmedewerker", "product quality inspector"),
    (LOOZERVELD, "Omsteller", "moulding machine technician"),
    (BARGER, "Onderhoudsmonteur", "mechanical engineering technician"),
    (BARGER, "Kwaliteitsmedewerker", "product quality controller"),
)
TIG = ("perform tungsten inert gas welding", "welding techniques", "wear appropriate protective gear")
PLC = ("troubleshoot", "interpret electrical diagrams", "sensors")
COBOTS = ("human-robot collaboration", "follow standards for machinery safety")
CONTROL = ("statistical process control", "perform data analysis")


def tell_needs() -> None:
    """Six stories: welding is still open, control is being bundled, faults are asked, cobots are answered and met."""
    _link_functions()
    _cobots()
    _faults()
    _control()
    _welding()
    _lean()


def _link_functions() -> None:
    for employer, title, occupation in FUNCTIONS:
        by, at = _person(HR[employer]), Organization.objects.get(slug=employer)
        with ago(50, by=by):
            link_function(by=by, employer=at, title=title, occupation=Occupation.objects.get(label_en=occupation))


def _cobots() -> None:
    """Answered with a new offering; Loozerveld accepted its places, Zwaluwstaal still decides."""
    needs = [
        _post(48, LOOZERVELD, COBOTS, 3, "Samenwerken met cobots", level=2, by_day=day(-120), department="Assemblage"),
        _post(45, ZWALUWSTAAL, COBOTS, 2, "Cobots in de lasserij", level=2, by_day=day(-130), department="Lasserij"),
    ]
    bundle = _bundle(40, "Veilig werken naast cobots", needs)
    _ask(38, bundle)
    harm = _person(HARM)
    version = ModuleVersion.objects.current().get(module__code="werken-met-cobots")
    facts: dict[str, Any] = {
        "version": version,
        "code": "cobots-samen-coevorden",
        "starts_on": day(-40),
        "ends_on": day(-70),
        "capacity": 8,
        "price": "295.00",
        "delivery": "hub",
        "language": "nl",
        "location": Location.objects.get(name="Leslocatie Coevorden"),
    }
    parties = parties_of(harm, bundle, needs_in(bundle))
    with ago(30, by=harm):
        answer = answer_bundle(
            by=harm,
            bundle=bundle,
            places={party.key: party.people for party in parties},
            plan=facts,
            message="Vier middagen op onze leslocatie in Coevorden, met twee cobots om mee te oefenen.",
            until=day(-33),
        )
    wilco = _person(HR[LOOZERVELD])
    with ago(24, by=wilco):
        meet_need(by=wilco, need=needs[0], answer=answer)


def _faults() -> None:
    """Providers are asked, nobody answered yet."""
    needs = [
        _post(26, LOOZERVELD, PLC, 3, "Storingen zoeken in PLC's", level=3, department="Technische dienst"),
        _post(24, ZWALUWSTAAL, PLC, 2, "Storingen zoeken", level=3, department="Technische dienst"),
        _post(21, BARGER, PLC[:2], 2, "Elektrische storingen", level=3, department="Technische dienst"),
    ]
    bundle = _bundle(14, "Storingen zoeken voor de technische dienst", needs)
    _ask(9, bundle)


def _control() -> None:
    """Lotte is still gathering."""
    needs = [
        _post(12, LOOZERVELD, CONTROL, 2, "Regelkaarten lezen en maken", level=5, department="Kwaliteit"),
        _post(11, BARGER, CONTROL, 1, "Statistische procesbeheersing", level=5, department="Kwaliteit"),
    ]
    _bundle(6, "Statistiek voor kwaliteitsmedewerkers", needs)


def _welding() -> None:
    """Three employers posted the same: who bundles it?"""
    _post(8, ZWALUWSTAAL, TIG, 4, "TIG-lassen", level=2, by_day=day(-150), department="Lasserij")
    _post(5, LOOZERVELD, TIG, 3, "TIG-lassen voor de plaatwerkerij", level=2, by_day=day(-165))
    _post(3, BARGER, TIG[:2], 2, "RVS lassen in de technische dienst", level=2, by_day=day(-140))


def _lean() -> None:
    """Barger Vers found it elsewhere, and took it back."""
    need = _post(33, BARGER, ("identify process improvements",), 5, "Verspilling herkennen", level=2)
    saskia = _person(HR[BARGER])
    with ago(20, by=saskia):
        take_back_need(by=saskia, need=need)


def _post(
    days: int, employer: str, skills: Iterable[str], people: int, title: str, *, department: str = "", **facts: Any
) -> TrainingNeed:
    by, at = _person(HR[employer]), Organization.objects.get(slug=employer)
    wanted = Skill.objects.filter(label_en__in=list(skills))
    with ago(days, by=by):
        return post_need(
            by=by,
            employer=at,
            skills=list(wanted),
            people=people,
            title=title,
            place=TOWNS[employer],
            department=Department.objects.filter(employer=at, name=department).first(),
            **facts,
        )


def _bundle(days: int, title: str, needs: list[TrainingNeed]) -> NeedBundle:
    lotte = _person(LOTTE)
    hub = Organization.objects.get(slug="vecht-en-veen")
    with ago(days, by=lotte):
        return make_bundle(by=lotte, coordinator=hub, title=title, needs=needs, note="Liefst overdag, in groepen.")


def _ask(days: int, bundle: NeedBundle) -> None:
    lotte = _person(LOTTE)
    with ago(days, by=lotte):
        ask_providers(by=lotte, bundle=bundle)


def _person(email: str) -> User:
    return User.objects.get(email=email)
