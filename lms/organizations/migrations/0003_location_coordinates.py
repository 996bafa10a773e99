"""Locations that were kept without coordinates get those of their postal code or town."""

from decimal import Decimal

from django.db import migrations

from lms.organizations.places import find_place


def locate(apps, schema_editor):
    location_model = apps.get_model("organizations", "Location")
    for location in location_model.objects.filter(latitude=None).iterator():
        place = find_place(location.postal_code) or find_place(location.city)
        if place:
            location.latitude = Decimal(str(place.latitude))
            location.longitude = Decimal(str(place.longitude))
            location.save(update_fields=["latitude", "longitude"])


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_rooms")]

    operations = [migrations.RunPython(locate, migrations.RunPython.noop)]
