"""``flush`` as the tests need it: what a test has committed goes, what migrations have made stays."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connections

KEPT = {model._meta.db_table for model in (ContentType, Permission, Group, Group.permissions.through)}


class Command(flush.Command):
    """Django's own makes content types, permissions and groups again, after each test, with other keys: that takes 15
    times as long, and a server that serves several tests would remember keys that are gone."""

    def handle(self, **options):
        connection = connections[options["database"]]
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
        statements = connection.ops.sql_flush(self.style, sorted(tables), reset_sequences=options["reset_sequences"])
        connection.ops.execute_sql_flush(statements)
