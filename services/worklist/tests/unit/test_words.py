from worklist.adapters.words import Catalogue


def test_what_follows_is_said_in_both_languages():
    words = Catalogue()

    assert words.title("D12") == {"zh": "办案期限", "en": "Case decision"}
    assert words.consequence("D09") == {"zh": "逾期丧失该项权利。", "en": "The right lapses."}
    assert words.consequence("D99") == {"zh": "", "en": ""}
