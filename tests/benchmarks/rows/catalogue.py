"""The catalogue on 50,000 modules: search, counts, and page 1,000, each against bare SQL that answers the same."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict

from courses.catalogue import count_facets, list_versions, narrow, open_offerings, read_query
from courses.catalogue.searching import understand
from lms.core.clock import today
from tests.benchmarks.frame import Action, benchmark

from .catalogue_shelf import FOR_WHOM, MODULES, SUBJECTS, listed, shelf

SIZE = 24
OPEN = """
    (o.ends_on IS NULL OR o.ends_on >= %(day)s) AND (o.enroll_from IS NULL OR o.enroll_from <= %(day)s)
    AND (o.enroll_until IS NULL OR o.enroll_until >= %(day)s) AND o.cancelled_at IS NULL AND o.visibility = 'public'
"""
CARDS = """
    SELECT v.*, m.code, p.slug, p.name FROM courses_moduleversion v JOIN courses_module m ON m.id = v.module_id
    JOIN organizations_organization p ON p.id = m.provider_id WHERE v.id = ANY(%(versions)s)
"""
RUNS = f"""
    SELECT o.*, v.module_id, l.city FROM courses_offering o JOIN courses_moduleversion v ON v.id = o.version_id
    LEFT JOIN organizations_location l ON l.id = o.location_id
    WHERE v.module_id = ANY(%(modules)s) AND {OPEN} ORDER BY o.starts_on
"""
RANKED = """
    SELECT e.version_id, e.module_id FROM {matches} JOIN courses_catalogueentry e ON e.id = {first}.entry_id
    ORDER BY {score} DESC, e.id DESC LIMIT 25
"""
COUNTED = f"""
    WITH fits AS MATERIALIZED (SELECT e.* FROM courses_catalogueentry e {{matches}}), chosen AS MATERIALIZED
    (SELECT * FROM fits WHERE track = 'mbo')
    SELECT 'once', track, level::text, purpose, languages, document_type, count(*) FROM fits GROUP BY 2, 3, 4, 5, 6
    UNION ALL SELECT 'provider', p.slug, p.name, '', '', '', count(*) FROM chosen
        JOIN organizations_organization p ON p.id = provider_id GROUP BY 2, 3
    UNION ALL SELECT 'sector', s.code, s.label_nl, '', '', '', count(*) FROM chosen
        JOIN courses_moduleversion_sectors t ON t.moduleversion_id = version_id
        JOIN courses_sector s ON s.id = t.sector_id GROUP BY 2, 3
    UNION ALL (SELECT 'skill', s.id::text, s.label_nl, s.label_en, '', '', count(*) FROM chosen
        JOIN courses_moduleversion_skills t ON t.moduleversion_id = version_id
        JOIN courses_skill s ON s.id = t.skill_id GROUP BY 2, 3, 4 ORDER BY 7 DESC LIMIT 10)
    UNION ALL SELECT 'run', delivery, price::text, starts_on::text, (capacity - taken)::text, '',
        count(DISTINCT v.module_id) FROM chosen JOIN courses_moduleversion v ON v.module_id = chosen.module_id
        JOIN courses_offering o ON o.version_id = v.id WHERE {OPEN} GROUP BY 2, 3, 4, 5
"""


def questions() -> Iterator[str]:
    """A subject and for whom, a subject alone, or a subject with a typing mistake, in turn and always the same."""
    chance = random.Random(5)
    subjects = [subject.split()[0] for subject in listed(SUBJECTS)]
    for number in itertools.count():
        subject = chance.choice(subjects)
        yield f"{subject} {chance.choice(FOR_WHOM.split('; ')).split()[-1]}" if number % 2 else f"cursus {subject}"


def asked(address: str) -> Any:
    """As a visitor asks it."""
    return narrow(read_query(QueryDict(address)), AnonymousUser())


def matches(question: str, joined_to: str = "") -> tuple[str, dict[str, Any], str]:
    """The words of a question as SQL on the index."""
    words = understand(question).required
    parts = [
        f"(SELECT entry_id, max(weight) AS weight FROM courses_catalogueterm WHERE term = ANY(%(word_{number})s) "
        f"GROUP BY entry_id) AS t{number}"
        for number in range(len(words))
    ]
    sql = f"JOIN {parts[0]} ON t0.entry_id = {joined_to}.id" if joined_to else parts[0]
    sql += "".join(f" JOIN {part} ON t{number}.entry_id = t0.entry_id" for number, part in enumerate(parts[1:], 1))
    named = {f"word_{number}": list(terms) for number, terms in enumerate(words)}
    return sql, named, " + ".join(f"t{number}.weight" for number in range(len(words)))


def rows_of(sql: str, named: dict[str, Any]) -> list[Any]:
    """All of them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        return cursor.fetchall()


def bare_cards(sql: str, named: dict[str, Any]) -> None:
    """A page by bare SQL: the keys, the versions, the runs."""
    page = rows_of(sql, named)
    versions, modules = [row[0] for row in page], [row[1] for row in page]
    rows_of(CARDS, {"versions": versions})
    rows_of(RUNS, {"modules": modules, "day": today()})


def product_page(address: str, after: str = "") -> str:
    """A page as the catalogue makes it; gives the cursor of the next."""
    narrowing = asked(address)
    page = list_versions(narrowing, after=after, size=SIZE)
    open_offerings(narrowing.user, page.items, *narrowing.runs.values())
    return page.after


@benchmark("catalogue-search", target=1.5, rounds=80, note="page 1 of two words among 50,000 modules, by relevance")
def search() -> Iterator[tuple[Action, Action]]:
    """Each round another question."""
    shelf()
    for question in questions():
        sql, named, score = matches(question)
        ranked = RANKED.format(matches=sql, first="t0", score=score)
        yield (
            lambda ranked=ranked, named=named: bare_cards(ranked, named),
            lambda question=question: product_page(f"q={question}"),
        )


@benchmark("catalogue-facets", target=1.5, rounds=40, note="all counts of two words and a track, against one statement")
def facets() -> Iterator[tuple[Action, Action]]:
    """Each round another question."""
    shelf()
    for question in questions():
        sql, named, _score = matches(question, joined_to="e")
        counted, named = COUNTED.format(matches=sql), {**named, "day": today()}
        yield (
            lambda counted=counted, named=named: rows_of(counted, named),
            lambda question=question: count_facets(asked(f"q={question}&track=mbo")),
        )


@benchmark("catalogue-facets-all", target=1.5, rounds=8, note="all counts of all 50,000 modules, only a track asked")
def all_facets() -> Iterator[tuple[Action, Action]]:
    """The entrance with one choice: the most there is to count."""
    shelf()
    counted, named = COUNTED.format(matches=""), {"day": today()}
    while True:
        yield lambda: rows_of(counted, named), lambda: count_facets(asked("track=mbo"))


def _page_thousand(address: str) -> str:
    """The cursor of page 1,000."""
    narrowing, after = asked(address), ""
    for _step in range(4):
        after = list_versions(narrowing, after=after, size=SIZE * 250 - (SIZE if _step == 3 else 0)).after
    return after


@benchmark("catalogue-page-1000", target=1.2, rounds=40, note="page 1,000 of all modules, newest first, against page 1")
def deep_page() -> Iterator[tuple[Action, Action]]:
    """The product against itself."""
    if shelf() < MODULES:
        raise AssertionError("the shelf is not full")
    after = _page_thousand("")
    while True:
        yield lambda: product_page(""), lambda: product_page("", after)


@benchmark("catalogue-rank-1000", target=1.2, rounds=20, note="page 1,000 of “cursus”, by relevance, against page 1")
def deep_ranked_page() -> Iterator[tuple[Action, Action]]:
    """Every module fits this word: the most there is to rank."""
    shelf()
    after = _page_thousand("q=cursus")
    while True:
        yield lambda: product_page("q=cursus"), lambda: product_page("q=cursus", after)
