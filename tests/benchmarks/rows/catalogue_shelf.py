"""50,000 modules in the words of the trade, with runs, indexed as the product indexes them. Filled once per run."""

import itertools
import random
from datetime import timedelta
from functools import cache

from django.db import connection

from courses.catalogue.texts import indexed_text
from courses.models import CatalogueEntry, CatalogueWord, Module, ModuleVersion, Offering, Sector, Skill
from lms.core.clock import now, today
from lms.organizations.models import Location
from tests.factories import ProviderFactory

MODULES = 50_000
PROVIDERS = 60
TOWNS = ["Hardenberg", "Ommen", "Coevorden", "Emmen", "Hoogeveen", "Zwolle", "Almelo", "Meppel", "Assen", "Borger"]
SUBJECTS = """
TIG-lassen; MIG/MAG-lassen; CNC-draaien; CNC-frezen; verspanen; plaatwerk zetten; technische tekeningen lezen;
PLC-programmeren; storingen zoeken; sensortechniek; pneumatiek; hydrauliek; elektrisch veilig werken; robots bedienen;
cobots instellen; spuitgieten; extrusie; matrijzen wisselen; heftruck rijden; reachtruck rijden; magazijnbeheer;
hijsen en aanslaan; VCA-basis; bedrijfshulpverlening; machineveiligheid; hygiënisch werken; allergenen beheersen;
verpakkingslijnen omstellen; lean verbeteren; Six Sigma; kwaliteitsmetingen; data-analyse; Excel; Power BI;
digitale tweelingen; voorspellend onderhoud; smeertechniek; waterstofveiligheid; warmtepompen; zonnepanelen;
Nederlands op de werkvloer; technisch Engels; rekenen in de techniek; leidinggeven; communiceren; coachen;
werkvoorbereiding; productieplanning; inkoop; cybersecurity; 3D-printen; lijmtechniek; coaten; isoleren
"""
FOR_WHOM = """
operators; monteurs; starters; gevorderden; teamleiders; zij-instromers; planners; de nachtploeg; leermeesters;
de voedingsindustrie; de metaalindustrie; de kunststofindustrie; kleine bedrijven; het magazijn; de onderhoudsdienst;
de maakindustrie; technici; uitzendkrachten; ploegleiders; de agrarische sector
"""
WAYS = """
in de praktijk; stap voor stap; op de werkplek; in één dag; voor het examen; met oefeningen; zonder ongelukken;
van begin tot eind
"""
RUNS_OPEN = 0.6


def listed(words: str) -> list[str]:
    """What stands between semicolons."""
    return " ".join(words.split()).split("; ")


@cache
def shelf() -> int:
    """How many modules there are."""
    chance = random.Random(3)
    providers = ProviderFactory.create_batch(PROVIDERS)
    places = [
        Location.objects.create(organization=provider, name="Lokaal", city=TOWNS[number % len(TOWNS)])
        for number, provider in enumerate(providers)
    ]
    skills = [
        Skill(uri=f"http://bench.test/{number}", label_nl=f"{subject} toepassen", label_en=f"apply skill {number}")
        for number, subject in enumerate(listed(SUBJECTS) * 4)
    ]
    Skill.objects.bulk_create(skills)
    sectors = [Sector(code=f"b{number}", label_nl=f"Tak {number}", label_en=f"Branch {number}") for number in range(20)]
    Sector.objects.bulk_create(sectors)
    combinations = itertools.cycle(itertools.product(listed(SUBJECTS), listed(FOR_WHOM), listed(WAYS)))
    for start in range(0, MODULES, 5000):
        _fill(chance, [next(combinations) for _ in range(5000)], start, providers, places, skills, sectors)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return CatalogueEntry.objects.count()


def _fill(chance, titles, start, providers, places, skills, sectors) -> None:
    modules = [
        Module(provider=providers[chance.randrange(PROVIDERS)], code=f"m-{start + number}")
        for number in range(len(titles))
    ]
    Module.objects.bulk_create(modules)
    versions = [
        ModuleVersion(
            module=module,
            number=1,
            title={"nl": f"{subject} voor {whom}"},
            summary={"nl": f"{subject} {way}: voor wie al werkt en verder wil."},
            description={"nl": f"U leert {subject} {way}, met voorbeelden uit {whom}. Na afloop werkt u zelfstandig."},
            outcomes=[{"nl": f"Past {subject} toe volgens de instructie."}],
            track=chance.choice(["mbo", "mbo", "mbo", "hbo", "wo"]),
            purpose=chance.choice(["upskilling", "upskilling", "retraining"]),
            level=chance.randrange(1, 8),
            languages=chance.choice([["nl"], ["nl"], ["nl", "en"], ["en"]]),
            document_type=chance.choice(["participation", "certificate", "microcredential"]),
        )
        for module, (subject, whom, way) in zip(modules, titles, strict=True)
    ]
    ModuleVersion.objects.bulk_create(versions)
    taught, within, runs = ModuleVersion.skills.through, ModuleVersion.sectors.through, []
    taught.objects.bulk_create(
        taught(moduleversion=version, skill=skill) for version in versions for skill in chance.sample(skills, 3)
    )
    within.objects.bulk_create(within(moduleversion=version, sector=chance.choice(sectors)) for version in versions)
    moment = now()
    for number, version in enumerate(versions):
        version.published_at = moment + timedelta(seconds=start + number)
    ModuleVersion.objects.bulk_update(versions, ["published_at"], batch_size=2500)
    for version in versions:
        if chance.random() < RUNS_OPEN:
            at = chance.randrange(PROVIDERS)
            delivery = chance.choice(["online", "hub", "blended", "workplace", "digital_classroom"])
            runs.append(
                Offering(
                    version=version,
                    provider=version.module.provider,
                    code=f"r-{version.pk}",
                    starts_on=today() + timedelta(days=chance.randrange(-60, 120)),
                    capacity=chance.choice([None, 8, 12, 20]),
                    price=chance.choice([0, 95, 245, 495, 780, 1250]),
                    delivery=delivery,
                    location=None if delivery in ("online", "digital_classroom") else places[at],
                )
            )
    Offering.objects.bulk_create(runs)
    _index(versions)


def _index(versions: list[ModuleVersion]) -> None:
    found = ModuleVersion.objects.filter(pk__in=[version.pk for version in versions])
    shown = list(found.select_related("module__provider").prefetch_related("skills").order_by("published_at"))
    entries = CatalogueEntry.objects.bulk_create(_entry(version) for version in shown)
    words: set[tuple[str, str]] = set()
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY courses_catalogueterm (entry_id, term, weight) FROM STDIN") as copy,
    ):
        for entry, version in zip(entries, shown, strict=True):
            text = indexed_text(version)
            words |= text.words
            for term, weight in text.weights.items():
                copy.write_row((entry.pk, term, weight))
    CatalogueWord.objects.bulk_create(
        (CatalogueWord(text=word, term=term) for word, term in words), ignore_conflicts=True
    )


def _entry(version: ModuleVersion) -> CatalogueEntry:
    return CatalogueEntry(
        module=version.module,
        version=version,
        provider=version.module.provider,
        provider_name=version.module.provider.name,
        listed_at=version.published_at,
        track=version.track,
        purpose=version.purpose,
        level=version.level,
        languages=",".join(version.languages),
        document_type=version.document_type,
    )
