from django.urls import path

from tracking.orders.kitchen import views

urls = [
    path("kitchen/", views.kitchens, name="kitchens"),
    path("<slug:slug>/kitchen/", views.kitchen, name="kitchen"),
    path("<slug:slug>/kitchen/busy/<slug:lever>/", views.busy, name="kitchen-busy"),
    path("<slug:slug>/kitchen/dishes/", views.dishes, name="kitchen-dishes"),
    path("<slug:slug>/kitchen/dishes/<int:dish>/sell-out/", views.sell_out, name="kitchen-sell-out"),
    path("<slug:slug>/kitchen/dishes/<int:dish>/bring-back/", views.bring_back, name="kitchen-bring-back"),
    path("<slug:slug>/kitchen/find/", views.find, name="kitchen-find"),
    path("<slug:slug>/kitchen/<int:pk>/", views.order, name="kitchen-order"),
    path("<slug:slug>/kitchen/<int:pk>/slip/", views.slip, name="kitchen-slip"),
    path("<slug:slug>/kitchen/<int:pk>/tap/<slug:verb>/", views.tap, name="kitchen-tap"),
    path("<slug:slug>/kitchen/<int:pk>/parts/<int:part>/<int:ready>/", views.made, name="kitchen-made"),
    path("<slug:slug>/kitchen/<int:pk>/<slug:verb>/", views.change, name="kitchen-change"),
    path("<slug:slug>/runners/", views.runners, name="runners"),
]
