"""Other usual names of countries, beside the one CLDR gives, by language.

Forms use older names, official names and short ones. Only whole names are listed: no two
countries may share one.
"""

from __future__ import annotations

from typing import Final

OTHER_COUNTRY_NAMES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "en": {
        "AE": ("UAE",),
        "BA": ("Bosnia", "Bosnia-Herzegovina"),
        "BN": ("Brunei Darussalam",),
        "BO": ("Bolivia, Plurinational State of", "Bolivia (Plurinational State of)"),
        "CD": (
            "Congo, The Democratic Republic of the",
            "Democratic Republic of the Congo",
            "DR Congo",
        ),
        "CG": ("Congo", "Republic of the Congo"),
        "CI": ("Ivory Coast", "Cote d'Ivoire"),
        "CN": ("Mainland China", "Chinese Mainland", "China mainland"),
        "CV": ("Cabo Verde",),
        "CZ": ("Czech Republic",),
        "FK": ("Falkland Islands (Malvinas)",),
        "GB": ("Great Britain", "UK", "United Kingdom of Great Britain and Northern Ireland"),
        "HK": ("Hong Kong", "Hong Kong SAR", "Hong Kong (China)", "Hong Kong, China"),
        "IR": ("Iran, Islamic Republic of", "Iran (Islamic Republic of)"),
        "KP": ("Korea, Democratic People's Republic of",),
        "KR": ("Korea", "Republic of Korea", "Korea, Republic of", "Korea, South"),
        "LA": ("Lao People's Democratic Republic", "Lao PDR"),
        "MD": ("Republic of Moldova", "Moldova, Republic of"),
        "MK": ("Macedonia", "Republic of North Macedonia"),
        "MM": ("Myanmar", "Burma"),
        "MO": ("Macao", "Macau", "Macao SAR", "Macau SAR", "Macao, China"),
        "NL": ("The Netherlands", "Holland"),
        "PS": ("Palestine", "Palestine, State of", "State of Palestine"),
        "RU": ("Russian Federation",),
        "SY": ("Syrian Arab Republic",),
        "SZ": ("Swaziland",),
        "TL": ("East Timor",),
        "TR": ("Turkey", "Türkiye"),
        "TW": ("Taiwan", "Taiwan (China)", "Taiwan, China", "Taiwan Region"),
        "TZ": ("United Republic of Tanzania", "Tanzania, United Republic of"),
        "UM": ("United States Minor Outlying Islands", "US Minor Outlying Islands"),
        "US": ("United States of America", "USA", "U.S.", "US", "The United States"),
        "VA": ("Holy See", "Holy See (Vatican City State)"),
        "VE": ("Venezuela, Bolivarian Republic of", "Venezuela (Bolivarian Republic of)"),
        "VN": ("Viet Nam",),
    },
    "vi": {
        "AE": ("Các Tiểu vương quốc Ả Rập Thống nhất", "UAE"),
        "AU": ("Úc", "Ô-xtrây-li-a"),
        "BE": ("Bỉ",),
        "BR": ("Bra-xin",),
        "CN": ("Trung Quốc đại lục",),
        "CZ": ("Cộng hòa Séc", "Cộng hoà Séc", "Séc"),
        "GB": ("Vương quốc Anh", "Anh", "Vương quốc Liên hiệp Anh và Bắc Ireland"),
        "HK": ("Hồng Kông", "Hong Kong"),
        "ID": ("In-đô-nê-xi-a",),
        "IT": ("Ý",),
        "KR": ("Hàn Quốc", "Đại Hàn Dân Quốc"),
        "MO": ("Ma Cao", "Macao"),
        "SA": ("Ả Rập Xê Út", "Ả-rập Xê-út", "Ả Rập Saudi"),
        "TR": ("Thổ Nhĩ Kỳ",),
        "TW": ("Đài Loan",),
        "UM": ("Các tiểu đảo xa của Hoa Kỳ",),
        "US": ("Hoa Kỳ", "Mỹ", "Hợp chủng quốc Hoa Kỳ"),
    },
    "de": {
        "BY": ("Belarus", "Weißrussland"),
        "CZ": ("Tschechische Republik",),
        "GB": ("Großbritannien", "UK"),
        "HK": ("Hongkong",),
        "MO": ("Macau", "Macao"),
        "US": ("USA", "Vereinigte Staaten von Amerika"),
    },
    "es": {
        "CZ": ("República Checa",),
        "GB": ("Gran Bretaña",),
        "HK": ("Hong Kong",),
        "US": ("EE. UU.", "EE.UU.", "Estados Unidos de América"),
    },
    "fr": {
        "CZ": ("République tchèque",),
        "GB": ("Grande-Bretagne",),
        "HK": ("Hong Kong",),
        "US": ("États-Unis d'Amérique", "USA"),
    },
    "pt": {
        "CZ": ("República Tcheca", "República Checa"),
        "GB": ("Grã-Bretanha",),
        "HK": ("Hong Kong",),
        "US": ("EUA", "Estados Unidos da América"),
    },
    "ja": {
        "GB": ("英国", "イギリス"),
        "HK": ("香港",),
        "US": ("米国", "アメリカ"),
    },
    "zh": {
        "HK": ("香港", "中国香港"),
        "MO": ("澳门", "中国澳门"),
        "TW": ("台湾", "中国台湾"),
    },
}

NOT_COUNTRIES: Final = frozenset(
    "AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split()  # noqa: SIM905 - a table of codes
)
"""Two-letter territories of CLDR that ISO 3166-1 does not list."""

NOT_CITIES: Final = frozenset(
    "ACT Canberra LHI NSW North Queensland South Tasmania Victoria West Yancowinna".split()  # noqa: SIM905
)
"""Last parts of old zone names (Australia/North) that are no city's name."""
