"""How near a text comes to what a concept is called, in languages of which no label is known as well."""

import json
from importlib import resources

import pytest

from bcflow.pages.kit.evidence.sought import NEAR_ENOUGH
from bcflow.pages.labels import store
from bcflow.pages.labels.nearness import nearest, nearness

LEXICON = json.loads(resources.files("bcflow.pages.labels").joinpath("lexicon.json").read_text("utf-8"))
OFTEN = ("invite member", "create new", "request access", "currency", "time zone", "legal name", "next", "cancel")


SAID = """
en: Invite people | Make a new one | Apply for access | Payment currency | Timezone | Registered name
    | Continue | Discard
de: Personen einladen | Neues Konto erstellen | Zugang anfordern | Zahlungswährung | Zeitzone
    | Rechtlicher Firmenname | Weiter | Abbrechen
fr: Inviter des personnes | Créer un nouveau compte | Demander un accès | Devise | Fuseau horaire | Nom légal
    | Continuer | Annuler
es: Invitar personas | Crear una cuenta nueva | Solicitar acceso | Moneda de pago | Zona horaria | Razón social
    | Siguiente | Cancelar
pl: Zaproś osoby | Utwórz nowe konto | Poproś o dostęp | Waluta | Strefa czasowa | Nazwa prawna | Dalej | Anuluj
ru: Пригласить людей | Создать новый аккаунт | Запросить доступ | Валюта | Часовой пояс | Юридическое название
    | Далее | Отмена
vi: Mời người dùng | Tạo tài khoản mới | Yêu cầu truy cập | Tiền tệ | Múi giờ | Tên pháp lý | Tiếp tục | Hủy
ja: ユーザーを招待 | 新規作成 | アクセスをリクエスト | 通貨 | タイムゾーン | 法的名称 | 次へ | キャンセル
zh: 邀请用户 | 新建账户 | 申请访问 | 货币 | 时区 | 法定名称 | 下一步 | 取消
"""


@pytest.mark.parametrize(
    "said", [one for one in SAID.replace("\n    ", " ").splitlines() if one], ids=lambda one: one[:2]
)
def test_words_of_a_language_that_no_label_has_come_near_to_what_they_stand_for(said: str) -> None:
    language, _, texts = said.partition(": ")
    found = [nearest(text, OFTEN, language) for text in texts.split("|")]
    assert found == list(OFTEN)


def test_an_action_is_told_from_its_neighbour_in_the_same_menu() -> None:
    ask, make = "Zugriff auf bestehendes Konto anfragen", "Neues Konto erstellen"
    assert nearness(ask, "request access", "de")[0] > 2 * nearness(make, "request access", "de")[0]
    assert nearness(make, "create new", "de")[0] > 2 * nearness(ask, "create new", "de")[0]
    assert nearness(ask, "request access", "de")[1].startswith("zugriff (access)")


@pytest.mark.parametrize(
    ("text", "is_it", "is_not"),
    [
        ("Firm", "company name", "website"),
        ("Title of the account", "ad account name", "business center name"),
        ("Tên gọi của tài khoản", "ad account name", "company name"),
    ],
)
def test_a_word_that_two_things_have_is_that_of_which_it_says_most(text: str, is_it: str, is_not: str) -> None:
    language = "vi" if "ọ" in text else "en"
    assert nearness(text, is_it, language)[0] > 1.8 * nearness(text, is_not, language)[0]
    assert nearness(text, is_not, language)[0] < NEAR_ENOUGH


def test_what_says_nothing_of_it_comes_near_to_nothing() -> None:
    assert nearest("Hilfe", OFTEN, "de") is None
    assert nearest("Verificar", ("view",), "es") is None, "a short word begins many a word"
    assert nearness("", "next", "de") == (0.0, "")


@pytest.mark.parametrize("language", LEXICON)
def test_every_english_word_of_the_lexicon_is_one_that_labels_are_made_of(language: str) -> None:
    english = {
        word
        for label in store.labels().values()
        for variant in label.variants
        if variant.language == "en"
        for word in variant.text.casefold().replace("/", " ").split()
    }
    stems = {word.strip("().,:?")[:5] for word in english}
    missing = [word for words in LEXICON[language] for word in words.split() if word[:5] not in stems]
    assert missing == []


@pytest.mark.parametrize("language", LEXICON)
def test_no_beginning_of_a_word_stands_for_the_same_thing_twice(language: str) -> None:
    twice = [stem for stems in LEXICON[language].values() for stem in stems if stems.count(stem) > 1]
    assert twice == []
