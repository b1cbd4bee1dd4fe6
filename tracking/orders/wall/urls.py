from django.urls import path

from tracking.orders.wall import views

urls = [path("<slug:slug>/wall/", views.wall, name="wall")]
