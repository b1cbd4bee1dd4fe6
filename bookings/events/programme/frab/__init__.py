"""Programmes as frab writes them, in JSON and in XML: https://c3voc.de/wiki/schedule. Conference apps read them.

document = read(data)               # either format, as the JSON's dictionary; raises Unreadable with what is wrong
compare(event, document)            # what an import would do
take(event, document, by)           # does it
as_json(event), as_xml(event)       # the programme of an event
"""

from bookings.events.programme.frab.checking import Unreadable
from bookings.events.programme.frab.importing import Comparison, compare, take
from bookings.events.programme.frab.reading import LARGEST, as_text, read
from bookings.events.programme.frab.writing import as_json, as_xml, document_of

__all__ = [
    "LARGEST",
    "Comparison",
    "Unreadable",
    "as_json",
    "as_text",
    "as_xml",
    "compare",
    "document_of",
    "read",
    "take",
]
