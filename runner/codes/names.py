"""The words by which a mail speaks of a code, and of numbers that are none, in the languages the site is spoken in.

Stems, found inside longer words: `kod` is in verifieringskoden and kodunuz, `code` in Bestätigungscode.
"""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = (
    # en de nl fr · ro · es pt it ca, fil
    r"c[oóò]d(?:e|ul|uri|igo|ic[ei]|i?\b)",
    # sv da nb id ms · pl cs sk hu sl hr bs sr tr az uz sq lv lt · fi et · is, fil
    r"(?<!š)k[oóòô]o?[dð](?!ak)",
    r"\b(?:otp|pin|clave|mã|msimbo)\b|one[- ]time pass|einmal(?:pass|kenn)wort|engångslösen|engangspass|şifre",
    # ru uk be bg mk sr kk ky mn · el · hy · ka
    r"код|κωδικ|կոդ|კოდ",
    # ar · ur · fa (کدام is "which") · he (קודם is "earlier", נקודה "point")
    r"رمز|رموز|كود|کوڈ|\b[کك]د(?!ام)|(?<!נ)קוד(?!ם)",
    # hi mr ne · bn · ta · te · kn · ml · gu · pa · si
    r"कोड|ओटीपी|কোড|ওটিপি|குறியீ|கோட்|కోడ్|ಕೋಡ್|കോഡ|કોડ|ਕੋਡ|කේත",
    # th · lo · km · my · am
    r"รหัส|ລະຫັດ|កូដ|ကုဒ်|ኮድ",
    # zh (号码 is any number, 编码 a postal one, 扫码 a scan) · ja · ko
    r"(?<![号號编編扫掃])[码碼]|コード|ワンタイム|(?:認証|確認|暗証)(?:用の?)?番号|코드|인증|확인\s?번호",
)
_POSTAL: Final = (
    r"(?:zip|post\w{0,3}|area|country|qr|bar)[\s-]*(?:code|kod)\w{0,3}",
    r"(?:promo\w{0,6}|discount|coupon|voucher|error|status|reference|tracking|referral)[\s-]*(?:code|kod)\w{0,3}",
    r"c[oó]d\w{0,4}\s+(?:de\s+)?(?:post|po[sșş]t|promo|barr|fiscal|qr)\w*|kod\w{0,2}\s+poczt\w*|kode\s+pos\b|poskod",
    r"post(?:nummer|nr|leitzahl|inumero)|pošt\w+|irányítószám|\b(?:plz|psč|zip)\b|почтов\w+|поштов\w+|[иі]ндекс\w*",
    r"(?:الرمز\s+)?البريدي|کد\s?پستی|पिन\s?कोड|รหัสไปรษณีย์|邮编|郵遞區號|邮政编码|郵政編碼|郵便番号|우편\s?번호|(?:QR|バー)コード",
)
_LABELS: Final = (
    r"\b(?:ticket|order|invoice|case|request|reference|account|customer|user|device|id|call|dial|phone|fax)\b",
    r"\b(?:ref|tel|acct|тел)\b\.?|hotline",
    r"telefon\w*|téléphone|teléfono|телефон\w*|電話|电话|전화|هاتف|تلفن|טלפון|โทร",
    r"bestell\w*|auftrag\w*|pedido|commande|dossier|ordine|заказ\w*|замовлення|zamówieni\w*|objednávk\w*|sipariş\w*",
    r"\b(?:konto|cuenta|compte|conta|akun|hesap)\b|аккаунт\w*|帐户|账户|帳戶|アカウント|계정|\bcode of conduct",
    r"\bpesanan|đơn hàng|订单|訂單|工单|注文|주문|הזמנה|سفارش",
)
MONEY: Final = r"\b(?:usd|eur|gbp|sgd|idr|vnd|inr|rp|rm|kč|zł|kr|lei|ft|tl|руб|грн)\b"
"""Currencies as they stand beside an amount."""
# What stands first goes first: a postal code is named by words that hold a "code".
_NAMES: Final = re.compile(rf"(?P<other>{'|'.join((*_POSTAL, *_LABELS, MONEY))})|{'|'.join(_CODE)}", re.IGNORECASE)


def named(text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return where `text` speaks of a code, and where of another number: beginnings and ends, in order."""
    codes: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for found in _NAMES.finditer(text):
        (others if found["other"] else codes).append(found.span())
    return codes, others
