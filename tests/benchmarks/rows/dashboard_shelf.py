"""A million enrollments of ten employers with 20,000 staff each, one in twenty of them gone. Made set-based."""

from functools import cache

from django.db import connection, transaction

from lms.organizations.models import Department, Organization
from tests.factories import OrganizationFactory, offering_of, published_version

EMPLOYERS, STAFF, TAKEN, OFFERINGS, DEPARTMENTS = 10, 20_000, 5, 200, 40
PERSON = "('018f0000-0000-7000-8000-' || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"

PEOPLE = f"""
    INSERT INTO accounts_user (id, password, is_superuser, given_name, name_prefix, family_name, email, language,
        is_active, is_staff, date_joined)
    SELECT {PERSON.format(number="n")}, '!', false, 'Anouk', '', 'Jansen ' || n, 'p' || n || '@bench.test', 'nl',
        true, false, now()
    FROM generate_series(0, %(people)s - 1) AS n
"""
EMPLOYMENTS = f"""
    INSERT INTO organizations_employment (id, employer_id, user_id, personnel_number, department_id, job_title,
        starts_on, ends_on)
    SELECT gen_random_uuid(), (%(employers)s::uuid[])[n / %(staff)s + 1], {PERSON.format(number="n")}, n::text,
        (%(departments)s::uuid[])[(n / %(staff)s) * %(per_employer)s + n %% %(per_employer)s + 1], '',
        current_date - 800, CASE WHEN n %% 20 = 0 THEN current_date - 30 END
    FROM generate_series(0, %(people)s - 1) AS n
"""
TAKES = f"""
    INSERT INTO enrollments_enrollment (id, learner_id, offering_id, version_id, provider_id, employer_id, arranged_by,
        mandatory, created_at, activated_at, ended_at, state, units_required, units_done, last_activity_at, due_on)
    SELECT ('018f0000-0000-7001-8000-' || lpad(to_hex(n::bigint), 12, '0'))::uuid,
        {PERSON.format(number="n %% %(people)s")}, o.id, o.version_id, o.provider_id,
        (%(employers)s::uuid[])[(n %% %(people)s) / %(staff)s + 1], 'employer', n %% 3 = 0,
        now() - interval '300 days', now() - interval '299 days',
        CASE WHEN n %% 10 < 5 THEN now() - (n %% 400) * interval '1 day' END,
        CASE WHEN n %% 10 < 5 THEN 'completed' WHEN n %% 10 = 5 THEN 'waitlisted' ELSE 'active' END,
        10, CASE WHEN n %% 10 < 5 THEN 10 ELSE n %% 9 END,
        CASE WHEN n %% 10 BETWEEN 5 AND 6 THEN NULL ELSE now() - (n %% 200) * interval '1 day' END,
        CASE WHEN n %% 4 = 0 THEN current_date + ((n * 31) %% 200)::int - 20 END
    FROM generate_series(0, %(people)s * %(taken)s - 1) AS n
    JOIN (SELECT o.*, row_number() OVER (ORDER BY id) AS place FROM courses_offering o WHERE code LIKE 'bench-%%') o
        ON o.place = (n * 7 + n / %(people)s) %% %(offerings)s + 1
"""


@cache
def shelf() -> Organization:
    """One of the employers: 100,000 of the million are its own."""
    version = published_version()
    for number in range(OFFERINGS):
        offering_of(version, code=f"bench-{number}", ends_on=None)
    employers = sorted(OrganizationFactory.create_batch(EMPLOYERS), key=lambda employer: employer.pk)
    departments = [
        Department(employer=employer, name=f"Afdeling {number}")
        for employer in employers
        for number in range(DEPARTMENTS)
    ]
    Department.objects.bulk_create(departments)
    named = {
        "people": EMPLOYERS * STAFF,
        "staff": STAFF,
        "taken": TAKEN,
        "offerings": OFFERINGS,
        "per_employer": DEPARTMENTS,
        "employers": [employer.pk for employer in employers],
        "departments": [department.pk for department in departments],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # rows that fit by how they are made
        for statement in (PEOPLE, EMPLOYMENTS, TAKES):
            cursor.execute(statement, named)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return employers[0]
