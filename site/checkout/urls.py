from django.urls import path

from checkout import views

app_name = "checkout"
urlpatterns = [
    path("<uuid:token>/", views.payment, name="payment"),
    path("<uuid:token>/done/", views.done, name="done"),
]
