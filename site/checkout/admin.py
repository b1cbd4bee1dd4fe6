from django.contrib import admin

from checkout.models import Payment, Refund
from verbs.admin import ReadOnlyAdmin


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    list_display = ("description", "money", "status", "created", "settled_at")
    list_filter = ("status",)
    search_fields = ("description",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    list_display = ("payment", "money", "reason", "state", "made_at", "sent_at", "problem")
    list_filter = ("state",)
