from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from post.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    """The state of each message. The text is not shown, since it may hold links that grant access."""

    list_display = ("to", "subject", "state", "problem", "tries", "made_at", "due_at")
    list_filter = ["state"]
    search_fields = ["to"]
    fields = readonly_fields = (*list_display, "ended_at")
    ordering = ["-pk"]
    actions = ["send_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return super().has_change_permission(request, obj) and obj is None  # for the list's action

    @admin.action(description=_("Send again what was refused or given up"), permissions=["change"])
    def send_again(self, request: HttpRequest, messages: QuerySet[Message]) -> None:
        for message in messages:
            message.send_again()
