from django.urls import include, path

from accounts import views

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("", include("allauth.account.urls")),
]
