from django.urls import path

from tracking.orders.menu import basket_views, views

urls = [
    path("", views.shops, name="shops"),
    path("<slug:slug>/", views.menu, name="menu"),
    path("<slug:slug>/<int:pk>/", views.dish, name="dish"),
    path("<slug:slug>/<int:pk>/add/", views.add, name="add"),
    path("<slug:slug>/basket/", basket_views.basket, name="basket"),
    path("<slug:slug>/basket/clear/", basket_views.clear, name="basket-clear"),
    path("<slug:slug>/basket/<int:line>/", basket_views.quantity, name="basket-quantity"),
]
