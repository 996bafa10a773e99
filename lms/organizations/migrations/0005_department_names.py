"""Every department that employments name becomes a row."""

from django.db import migrations


def make_departments(apps, schema_editor):
    """Every name that employments carry becomes a department of that employer; capitals do not make another one."""
    Department = apps.get_model("organizations", "Department")
    Employment = apps.get_model("organizations", "Employment")
    named = Employment.objects.exclude(department_name="").order_by("id")
    found = {}
    for employer, name in (
        named.values_list("employer", "department_name").distinct().order_by("employer", "department_name")
    ):
        key = (employer, name.casefold())
        if key not in found:
            found[key] = Department.objects.create(employer_id=employer, name=name)
        Employment.objects.filter(employer=employer, department_name=name).update(department=found[key])


def name_departments(apps, schema_editor):
    """Back: employments carry the name."""
    Employment = apps.get_model("organizations", "Employment")
    for department in apps.get_model("organizations", "Department").objects.all():
        Employment.objects.filter(department=department).update(department_name=department.name)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_departments")]

    operations = [migrations.RunPython(make_departments, name_departments)]
