"""Pages of agreements and invoices, below /afspraken/."""

from django.urls import path

from . import agreements, invoices

urlpatterns = [
    path("", agreements.agreements, name="agreements"),
    path("nieuw/", agreements.propose, name="propose_agreement"),
    path("facturen/", invoices.invoices, name="invoices"),
    path("facturen/<uuid:pk>/betaald/", invoices.paid, name="invoice_paid"),
    path("<uuid:pk>/", agreements.agreement, name="agreement"),
    path("<uuid:pk>/akkoord/", agreements.accept, name="accept_agreement"),
    path("<uuid:pk>/prijs/", agreements.price, name="price_agreement"),
    path("<uuid:pk>/bijboeken/", agreements.add, name="add_to_agreement"),
    path("<uuid:pk>/corrigeren/", agreements.correct, name="correct_agreement"),
    path("<uuid:pk>/beeindigen/", agreements.end, name="end_agreement"),
    path("<uuid:pk>/factuur/", invoices.new_invoice, name="new_invoice"),
]
