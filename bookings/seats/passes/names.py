"""Names as boarding passes have them: SURNAME/GIVEN, at most 20 letters, spaces and one slash.

Letters outside A to Z are written as ICAO Doc 9303, part 3, section 6 says for Latin and Cyrillic ones. It has no table for
Greek: Greek passports follow ELOT 743, and so do we. Everything else is left to anyascii, which knows all of Unicode.
"""

import re
import unicodedata

from anyascii import anyascii

LONGEST = 20
NOBODY = "X"  # for a name of which nothing can be written

LATIN = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Đ": "D", "Ə": "E", "Ħ": "H", "Ĳ": "IJ", "ĸ": "Q", "Ł": "L", "Ŋ": "N",
    "Ö": "OE", "Ø": "OE", "Œ": "OE", "Þ": "TH", "Ŧ": "T", "Ü": "UE", "ẞ": "SS", "ß": "SS",
}  # fmt: skip
CYRILLIC = {
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ё": "E", "Ж": "ZH", "З": "Z", "И": "I", "І": "I",
    "Й": "I", "К": "K", "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U",
    "Ф": "F", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ы": "Y", "Ъ": "IE", "Ь": "", "Э": "E", "Ю": "IU",
    "Я": "IA", "Ѵ": "Y", "Ґ": "G", "Ў": "U", "Ѫ": "U", "Ѓ": "G", "Ђ": "D", "Ѕ": "DZ", "Ј": "J", "Ќ": "K", "Љ": "LJ",
    "Њ": "NJ", "Һ": "C", "Џ": "DZ", "Є": "IE", "Ї": "I",
}  # fmt: skip
GREEK = {
    "ΓΓ": "NG", "ΓΞ": "NX", "ΓΧ": "NCH", "ΟΥ": "OU",
    "Α": "A", "Β": "V", "Γ": "G", "Δ": "D", "Ε": "E", "Ζ": "Z", "Η": "I", "Θ": "TH", "Ι": "I", "Κ": "K", "Λ": "L",
    "Μ": "M", "Ν": "N", "Ξ": "X", "Ο": "O", "Π": "P", "Ρ": "R", "Σ": "S", "Τ": "T", "Υ": "Y", "Φ": "F", "Χ": "CH",
    "Ψ": "PS", "Ω": "O",
}  # fmt: skip
VOICED = "ΑΕΗΙΟΥΩΒΓΔΖΛΜΝΡ"  # before these, and only these, ΑΥ, ΕΥ and ΗΥ end in V; before others in F

_ONE_LETTER = str.maketrans(LATIN | CYRILLIC)


def pass_name(surname: str, given: str = "") -> str:
    """A name of at most 20 characters for a boarding pass. It never fails, and is never empty.

    A person with one name has no slash. A long name keeps its surname first, and one letter of the given name at least.
    """
    names = [written for name in (surname, given) if (written := in_letters(name))]
    if not names:
        return NOBODY
    if len(names) == 1:
        return names[0][:LONGEST].rstrip()
    first = names[0][: LONGEST - 2].rstrip()
    return f"{first}/{names[1]}"[:LONGEST].rstrip()


def in_letters(name: str) -> str:
    """A name in the letters A to Z and single spaces: hyphens become spaces, apostrophes and points vanish."""
    text = unicodedata.normalize("NFC", name).upper()
    text = _without_accents(_greek(text.translate(_ONE_LETTER)))
    text = anyascii(text).upper()
    text = re.sub(r"['’`.]", "", text)
    return " ".join(re.sub(r"[^A-Z]+", " ", text).split())


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _greek(text: str) -> str:
    if not re.search("[Α-Ωά-ώἀ-ῼ]", text):
        return text
    text = _without_accents(text)
    text = re.sub(rf"([ΑΕΗ])Υ(?=[{VOICED}])", r"\1V", text)
    text = re.sub(r"([ΑΕΗ])Υ", r"\1F", text)
    text = re.sub(r"\bΜΠ|ΜΠ\b", "B", text)
    for letters, written in GREEK.items():
        text = text.replace(letters, written)
    return text
