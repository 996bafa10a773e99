"""Pages of one's own account."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", views.revoke, name="revoke_token"),
    path("uitnodiging/<str:secret>/", views.accept, name="accept_invitation"),
]
