from django.urls import path

from embeds.owners import views

urls = [
    path("embeds/", views.own, name="own"),
    path("embeds/new/<slug:widget>/", views.new, name="new"),
    path("embeds/<int:pk>/", views.embed, name="embed"),
    path("embeds/<int:pk>/<slug:verb>/", views.change, name="act"),
]
