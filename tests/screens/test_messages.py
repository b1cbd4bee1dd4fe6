"""Emergency messages: sent with care, shown as delivered, and never for ever."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from live.models import Publish
from screens import topics
from screens.kiosk import beats
from screens.models import Message
from screens.staff.regions import Messages
from tests.screens.conftest import Device
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def staff(client, technician):
    client.force_login(technician)
    return client


def send(staff, **data):
    said = {"text": "Leave the hall", "severity": "extreme", "zone": "", "lasts": "60", **data}
    return staff.post(reverse("screens:send"), said)


def test_it_says_first_how_many_screens_it_takes_over(staff, make_screen, technician):
    make_screen("one")
    make_screen("two")
    make_screen("blank", paired=False)
    page = send(staff, text_de="Verlassen Sie die Halle")
    assert page.status_code == 200
    assert "This takes over 2 screens at once." in page.text
    assert not Message.objects.exists()
    assert send(staff, text_de="Verlassen Sie die Halle", screens="2").status_code == 303
    message = Message.objects.get()
    assert (message.text, message.severity, message.zone, message.sent_by) == (
        "Leave the hall",
        "extreme",
        "",
        technician,
    )
    assert [message.text_in(code) for code in ("de", "fr")] == ["Verlassen Sie die Halle", "Leave the hall"]
    assert message.expires - message.effective == HOUR
    assert topics.messages() in Publish.objects.values_list("topic", flat=True)


def test_if_the_number_has_changed_it_asks_again(staff, make_screen):
    make_screen("one")
    assert "This takes over 1 screen at once." in send(staff, screens="7").text
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"text": "x" * 201}, {"severity": "awful"}, {"zone": "nowhere"}, {"lasts": "9999"}, {"lasts": ""}],
)
def test_what_can_not_be_sent(staff, hall, wrong):
    assert send(staff, screens="1", **wrong).status_code == 422
    assert not Message.objects.exists()


def test_one_account_sends_so_many_an_hour(staff, hall):
    answers = [send(staff, screens="1").status_code for _message in range(32)]
    assert answers.count(303) == 30
    assert answers[-1] == 429


def test_no_message_stands_for_ever(technician):
    for lasts in (timedelta(hours=25), timedelta(), -HOUR):
        with pytest.raises(Refused):
            Message.objects.send(technician, lasts, text="x")
    message = Message.objects.send(technician, HOUR, text="x")
    with pytest.raises(Refused):
        message.extend(timedelta(hours=25), by=technician)


def test_shown_on_one_of_two_and_the_other_by_name_with_the_reason(staff, make_screen, technician, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    one, two = make_screen("one"), make_screen("two")
    version = beats.board_of(one).render().version
    Device(two).beat(version=version)
    time_machine.shift(60)
    message = Message.objects.send(technician, HOUR, text="x")
    Device(one).beat(version=version, message=message.pk)
    (row,) = Messages().rows()
    assert (row.shown, row.of) == (1, 2)
    assert [(name, why.partition(" since")[0]) for name, why in row.missing] == [("Two", "silent")]
    assert "Shown on 1 of 2" in staff.get("/screens/messages/").text


def test_ending_and_extending(staff, hall, technician, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    message = Message.objects.send(technician, HOUR, text="x")
    time_machine.shift(1800)
    staff.post(reverse("screens:extend-message"), {"message": message.pk, "lasts": "60"})
    message.refresh_from_db()
    assert message.expires == timezone.now() + HOUR
    staff.post(reverse("screens:end-message"), {"message": message.pk})
    message.refresh_from_db()
    assert message.cancelled_by == technician
    (row,) = Messages().rows()
    assert row.ended.startswith("Withdrawn by")
    for act_on in (lambda: message.cancel(by=technician), lambda: message.extend(HOUR, by=technician)):
        with pytest.raises(Refused, match="ended already"):
            act_on()


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 30, "-1"])
def test_a_message_that_does_not_exist(staff, key):
    assert staff.post(reverse("screens:end-message"), {"message": key}).status_code == 404


def test_it_ends_at_its_second_without_any_job(technician, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    message = Message.objects.send(technician, HOUR, text="x")
    assert Messages().stale_at(timezone.now()) == message.expires
    time_machine.move_to(message.expires, tick=False)
    assert not message.is_current
    (row,) = Messages().rows()
    assert row.ended == "Ended"
