"""The addresses that providers call. The library reverses them by these names, without a namespace."""

from django.urls import path

from checkout import views

urlpatterns = [
    path("process/<uuid:token>/", views.process, name="process_payment"),
    path("process/<slug:variant>/", views.webhook, name="static_process_payment"),
]
