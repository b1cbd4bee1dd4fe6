from django.urls import path

from tracking.orders.customers import placing, views

urls = [
    path("mine/", views.mine, name="mine"),
    path("order/<str:token>/", views.order, name="order"),
    path("order/<str:token>/pay/", views.pay, name="pay"),
    path("order/<str:token>/cancel/", views.cancel, name="cancel"),
    path("order/<str:token>/revoke/", views.revoke, name="revoke"),
    path("<slug:slug>/order/", placing.place_basket, name="place"),
]
