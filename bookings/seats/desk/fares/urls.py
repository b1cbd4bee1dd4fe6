from django.urls import path

from bookings.seats.desk.fares import tax_views, views

urls = [
    path("desk/fares/", views.fares, name="all-fares"),
    path("desk/fares/begin/", views.begin, name="begin-fares"),
    path("desk/fares/taxes/", tax_views.taxes, name="taxes"),
    path("desk/fares/taxes/add/", tax_views.add_tax, name="add-tax"),
    path("desk/fares/taxes/<int:pk>/", tax_views.tax, name="tax"),
    path("desk/fares/taxes/<int:pk>/<slug:verb>/", tax_views.change_tax, name="change-tax"),
    path("desk/fares/<slug:cabin>/", views.tariff, name="fares"),
    path("desk/fares/<slug:cabin>/preview/", views.preview, name="preview-fares"),
    path("desk/fares/<slug:cabin>/revise/", views.revise, name="revise-fares"),
]
