from tracking.flights.desk import urls as desk
from tracking.flights.travellers import urls as travellers

app_name = "flights"
urlpatterns = [*travellers.urls, *desk.urls]
