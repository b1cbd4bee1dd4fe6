from screens.kiosk import urls as kiosk

app_name = "screens"
urlpatterns = [*kiosk.urls]
