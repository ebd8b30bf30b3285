"""Every reason, state, move, permission, form, timer and role has its word in both languages."""

import re

from needed import missing, needed
from words import SECTIONS, Words

HAN = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"\{(\w+)\}")


def test_no_word_is_missing():
    assert missing(Words.read()) == []


def test_the_two_languages_have_the_same_words_and_facts():
    words = Words.read()
    for section in SECTIONS:
        zh, en = (words.languages[language][section] for language in ("zh", "en"))
        assert zh.keys() == en.keys(), section
        for key in zh:
            assert set(PLACE.findall(zh[key])) == set(PLACE.findall(en[key])), f"{section} {key}"


def test_chinese_is_chinese_and_english_is_not():
    words = Words.read()
    for section, entries in words.languages["zh"].items():
        for key, word in entries.items():
            assert HAN.search(word), f"zh {section} {key}: {word}"
    for section, entries in words.languages["en"].items():
        for key, word in entries.items():
            assert section == "forms" or not HAN.search(word), f"en {section} {key}: {word}"


def test_no_word_is_left_over():
    """A word that nothing needs is a typing error or a leftover."""

    extra = {
        (section, key)
        for section, keys in needed().items()
        if section != "forms"
        for key in Words.read().languages["zh"][section]
        if key not in keys
    }
    assert not extra
