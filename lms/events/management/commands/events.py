"""Look at the outbox, deliver what is due, retry dead letters, reconcile."""

from django.core.management.base import BaseCommand
from django.db.models import Count

from lms.events.models import Delivery, DeliveryState
from lms.events.services import deliver_due, reconcile_all, retry_delivery


class Command(BaseCommand):
    help = "Show the outbox (no option), --relay what is due, --retry dead letters, --reconcile."

    def add_arguments(self, parser):
        parser.add_argument("--relay", action="store_true", help="deliver everything that is due, here and now")
        parser.add_argument("--retry", action="store_true", help="give every dead letter a fresh start")
        parser.add_argument("--reconcile", action="store_true", help="look for what should exist and does not")

    def handle(self, *args, **options):
        if options["retry"]:
            dead = list(Delivery.objects.filter(state=DeliveryState.DEAD))
            for delivery in dead:
                retry_delivery(delivery)
            self.stdout.write(f"{len(dead)} dead letters will be tried again.")
        if options["relay"]:
            total = 0
            while tried := deliver_due():
                total += tried
            self.stdout.write(f"{total} deliveries tried.")
        if options["reconcile"]:
            for name, mended in reconcile_all().items():
                self.stdout.write(f"{name}: {mended} mended.")
        counts = dict(Delivery.objects.values_list("state").annotate(Count("id")))
        for state in DeliveryState:
            self.stdout.write(f"{state.value}: {counts.get(state.value, 0)}")
        for delivery in Delivery.objects.filter(state=DeliveryState.DEAD).select_related("event")[:20]:
            self.stdout.write(f"dead: {delivery.event} -> {delivery.handler}: {delivery.last_error}")
