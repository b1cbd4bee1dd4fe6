"""What is sent of a row: its template stands on lines, the HTML has no line break that the template put beside a tag."""

from django.template import engines

from live.regions import strip_line_breaks

ROW = """{% load i18n %}
<tr
    id="row-1"
    class="late">
  <td>
    {% if before %}<s>{{ before }}</s> {% endif %}<time>{{ time }}</time>
  </td>
  <td>
    {{ note }}
    <span class="sub">{{ sub }}</span>
  </td>
</tr>
"""


def rendered(**context):
    return strip_line_breaks(engines["django"].from_string(ROW).render(context))


def test_line_breaks_beside_tags_are_not_sent():
    assert rendered(time="12:10", note="Gate", sub="B22") == (
        '<tr id="row-1" class="late"><td><time>12:10</time></td><td>Gate<span class="sub">B22</span></td></tr>'
    )


def test_a_space_on_the_line_stays():
    assert "<td><s>12:00</s> <time>12:10</time></td>" in rendered(before="12:00", time="12:10")


def test_a_line_break_that_somebody_typed_stays_a_space():
    assert "<td>Window seat<span" in rendered(note="Window\r\n  seat")
    assert "<td>2 &gt; 1 &lt; 3<span" in rendered(note="2 >\n1 <\n3")
