from django.urls import include, path

from accounts import views

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("", include("allauth.account.urls")),
]
