from django.urls import path

from tracking.orders.customers.placing import views

urls = [path("<slug:slug>/order/", views.place_basket, name="place")]
