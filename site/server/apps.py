from django.apps import AppConfig

from server import sqlite


class ServerConfig(AppConfig):
    name = "server"

    def ready(self) -> None:
        sqlite.register()
