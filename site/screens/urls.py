from screens.kiosk import urls as kiosk
from screens.staff import urls as staff

app_name = "screens"
urlpatterns = [*kiosk.urls, *staff.urls]
