"""What the forms let a person choose: time zones, countries, currencies, industries.

The wording of a zone, ``(UTC-05:00) New York Time``, is the one seen in public scripts; the
offset is the winter one and several zones share an offset, so an offset alone never names one.
Industries are two levels with the same item ("Other") under several groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Zone:
    """A time zone of the forms: IANA name, shown offset and shown city."""

    name: str
    offset: str
    city: str

    def label(self, language: str) -> str:
        """Return the option text in a language."""
        return f"(UTC{self.offset}) {_CLOCKS.get(language, _CLOCKS['en']).format(self.city)}"


_CLOCKS = {"en": "{} Time", "vi": "Giờ {}", "es": "Hora de {}", "id": "Waktu {}"}

ZONES = tuple(
    Zone(*line.split("|"))
    for line in """\
Pacific/Honolulu|-10:00|Honolulu
America/Anchorage|-09:00|Anchorage
America/Los_Angeles|-08:00|Los Angeles
America/Vancouver|-08:00|Vancouver
America/Tijuana|-08:00|Tijuana
America/Denver|-07:00|Denver
America/Phoenix|-07:00|Phoenix
America/Chicago|-06:00|Chicago
America/Mexico_City|-06:00|Mexico City
America/Costa_Rica|-06:00|Costa Rica
America/Guatemala|-06:00|Guatemala
America/New_York|-05:00|New York
America/Toronto|-05:00|Toronto
America/Bogota|-05:00|Bogota
America/Lima|-05:00|Lima
America/Panama|-05:00|Panama
America/Caracas|-04:00|Caracas
America/Santiago|-04:00|Santiago
America/Puerto_Rico|-04:00|Puerto Rico
America/St_Johns|-03:30|St. John's
America/Sao_Paulo|-03:00|Sao Paulo
America/Argentina/Buenos_Aires|-03:00|Buenos Aires
America/Montevideo|-03:00|Montevideo
America/Noronha|-02:00|Noronha
Atlantic/Azores|-01:00|Azores
Europe/London|+00:00|London
Europe/Dublin|+00:00|Dublin
Europe/Lisbon|+00:00|Lisbon
Africa/Casablanca|+00:00|Casablanca
Europe/Berlin|+01:00|Berlin
Europe/Paris|+01:00|Paris
Europe/Madrid|+01:00|Madrid
Europe/Rome|+01:00|Rome
Europe/Amsterdam|+01:00|Amsterdam
Europe/Stockholm|+01:00|Stockholm
Africa/Lagos|+01:00|Lagos
Europe/Athens|+02:00|Athens
Europe/Bucharest|+02:00|Bucharest
Europe/Helsinki|+02:00|Helsinki
Africa/Cairo|+02:00|Cairo
Africa/Johannesburg|+02:00|Johannesburg
Asia/Jerusalem|+02:00|Jerusalem
Europe/Istanbul|+03:00|Istanbul
Asia/Riyadh|+03:00|Riyadh
Africa/Nairobi|+03:00|Nairobi
Asia/Dubai|+04:00|Dubai
Asia/Karachi|+05:00|Karachi
Asia/Kolkata|+05:30|Kolkata
Asia/Kathmandu|+05:45|Kathmandu
Asia/Dhaka|+06:00|Dhaka
Asia/Yangon|+06:30|Yangon
Asia/Bangkok|+07:00|Bangkok
Asia/Jakarta|+07:00|Jakarta
Asia/Ho_Chi_Minh|+07:00|Ho Chi Minh City
Asia/Singapore|+08:00|Singapore
Asia/Shanghai|+08:00|Shanghai
Asia/Hong_Kong|+08:00|Hong Kong
Asia/Taipei|+08:00|Taipei
Asia/Kuala_Lumpur|+08:00|Kuala Lumpur
Asia/Manila|+08:00|Manila
Australia/Perth|+08:00|Perth
Asia/Tokyo|+09:00|Tokyo
Asia/Seoul|+09:00|Seoul
Australia/Adelaide|+09:30|Adelaide
Australia/Sydney|+10:00|Sydney
Australia/Brisbane|+10:00|Brisbane
Pacific/Auckland|+12:00|Auckland""".splitlines()
)

# ISO code, English, Vietnamese, Spanish and Indonesian name.
COUNTRIES = tuple(
    tuple(line.split("|"))
    for line in """\
AE|United Arab Emirates|Các Tiểu vương quốc Ả Rập Thống nhất|Emiratos Árabes Unidos|Uni Emirat Arab
AR|Argentina|Argentina|Argentina|Argentina
AT|Austria|Áo|Austria|Austria
AU|Australia|Úc|Australia|Australia
BE|Belgium|Bỉ|Bélgica|Belgia
BR|Brazil|Brazil|Brasil|Brasil
CA|Canada|Canada|Canadá|Kanada
CH|Switzerland|Thụy Sĩ|Suiza|Swiss
CL|Chile|Chile|Chile|Cile
CO|Colombia|Colombia|Colombia|Kolombia
CZ|Czech Republic|Cộng hòa Séc|Chequia|Ceko
DE|Germany|Đức|Alemania|Jerman
DK|Denmark|Đan Mạch|Dinamarca|Denmark
EG|Egypt|Ai Cập|Egipto|Mesir
ES|Spain|Tây Ban Nha|España|Spanyol
FI|Finland|Phần Lan|Finlandia|Finlandia
FR|France|Pháp|Francia|Prancis
GB|United Kingdom|Vương quốc Anh|Reino Unido|Inggris Raya
GN|Guinea|Guinea|Guinea|Guinea
GQ|Equatorial Guinea|Guinea Xích Đạo|Guinea Ecuatorial|Guinea Ekuatorial
GR|Greece|Hy Lạp|Grecia|Yunani
ID|Indonesia|Indonesia|Indonesia|Indonesia
IE|Ireland|Ireland|Irlanda|Irlandia
IL|Israel|Israel|Israel|Israel
IN|India|Ấn Độ|India|India
IT|Italy|Ý|Italia|Italia
JP|Japan|Nhật Bản|Japón|Jepang
KR|South Korea|Hàn Quốc|Corea del Sur|Korea Selatan
MX|Mexico|Mexico|México|Meksiko
MY|Malaysia|Malaysia|Malasia|Malaysia
NL|Netherlands|Hà Lan|Países Bajos|Belanda
NO|Norway|Na Uy|Noruega|Norwegia
NZ|New Zealand|New Zealand|Nueva Zelanda|Selandia Baru
PE|Peru|Peru|Perú|Peru
PH|Philippines|Philippines|Filipinas|Filipina
PL|Poland|Ba Lan|Polonia|Polandia
PT|Portugal|Bồ Đào Nha|Portugal|Portugal
RO|Romania|Romania|Rumanía|Rumania
SA|Saudi Arabia|Ả Rập Xê Út|Arabia Saudí|Arab Saudi
SE|Sweden|Thụy Điển|Suecia|Swedia
SG|Singapore|Singapore|Singapur|Singapura
TH|Thailand|Thái Lan|Tailandia|Thailand
TR|Turkey|Thổ Nhĩ Kỳ|Turquía|Turki
TW|Taiwan|Đài Loan|Taiwán|Taiwan
UM|United States Minor Outlying Islands|Các tiểu đảo xa của Hoa Kỳ|Islas menores de EE. UU.|Kepulauan Terluar AS
US|United States|Hoa Kỳ|Estados Unidos|Amerika Serikat
VN|Vietnam|Việt Nam|Vietnam|Vietnam
ZA|South Africa|Nam Phi|Sudáfrica|Afrika Selatan""".splitlines()
)

CURRENCIES = dict(
    line.split("|")
    for line in """\
AED|UAE Dirham
ARS|Argentine Peso
AUD|Australian Dollar
BRL|Brazilian Real
CAD|Canadian Dollar
CHF|Swiss Franc
CLP|Chilean Peso
COP|Colombian Peso
CZK|Czech Koruna
DKK|Danish Krone
EUR|Euro
GBP|British Pound
HKD|Hong Kong Dollar
IDR|Indonesian Rupiah
INR|Indian Rupee
JPY|Japanese Yen
KRW|South Korean Won
MXN|Mexican Peso
MYR|Malaysian Ringgit
NOK|Norwegian Krone
NZD|New Zealand Dollar
PHP|Philippine Peso
PLN|Polish Zloty
SAR|Saudi Riyal
SEK|Swedish Krona
SGD|Singapore Dollar
THB|Thai Baht
TRY|Turkish Lira
TWD|New Taiwan Dollar
USD|US Dollar
VND|Vietnamese Dong
ZAR|South African Rand""".splitlines()
)

INDUSTRIES: dict[str, tuple[str, ...]] = {
    group: tuple(items.split(", "))
    for group, items in (
        line.split(": ")
        for line in """\
Apparel & Accessories: Clothing, Shoes, Bags & Luggage, Jewelry & Watches, Other
Appliances: Kitchen Appliances, Large Home Appliances, Small Home Appliances, Other
Apps: Entertainment Apps, Lifestyle Apps, Tool Apps, Other
Automotive: Car Dealers, Car Parts, Motorcycles, Other
Baby & Kids: Baby Food, Children's Clothing, Toys, Other
Beauty & Personal Care: Fragrance, Hair Care, Makeup, Skin Care, Other
Business Services: Advertising Agencies, Consulting, Logistics, Software, Other
E-Commerce: Cross-Border Shops, Marketplaces, Online Shops, Other
Education: Language Learning, Online Courses, Schools & Universities, Other
Energy: Electricity, Gas & Fuel, Solar, Other
Financial Services: Banking, Insurance, Investment, Payments, Other
Food & Beverage: Alcohol-Free Drinks, Restaurants, Snacks, Other
Games: Casual Games, Role-Playing Games, Strategy Games, Other
Government & Non-Profit: Charities, Public Institutions, Other
Health: Fitness, Medical Devices, Pharmacies, Vitamins & Supplements, Other
Home Improvement: Furniture, Garden, Hardware & Tools, Other
Household Products: Cleaning Supplies, Paper Products, Other
Life Services: Dating, Pet Care, Weddings, Other
Media & Entertainment: Films & Series, Music, News, Other
Pets: Pet Food, Pet Supplies, Other
Real Estate: Agents, Residential, Other
Sports & Outdoor: Cycling, Sportswear, Outdoor Gear, Other
Tech & Electronics: Computers, Mobile Phones, Smart Home, Other
Telecommunications: Broadband, Mobile Carriers, Other
Travel: Airlines, Hotels, Tour Operators, Other""".splitlines()
    )
}


def zone_label(name: str, language: str) -> str:
    """Return the shown text of an IANA zone, or the name itself if the forms do not have it."""
    for zone in ZONES:
        if zone.name == name:
            return zone.label(language)
    return name


def country_label(code: str, language: str) -> str:
    """Return a country's shown name in a language, or the code if the forms do not have it."""
    column = {"vi": 2, "es": 3, "id": 4}.get(language, 1)
    return next((names[column] for names in COUNTRIES if names[0] == code), code)


def currency_label(code: str, edition: str) -> str:
    """Return a currency's option text: the older forms also spelled the name out."""
    name = CURRENCIES.get(code)
    return f"{name} ({code})" if edition == "2024" and name else code


def options(language: str, edition: str) -> dict[str, Any]:
    """Return all choices as `{value, label}` lists (industries with `children`)."""
    countries = [{"value": code, "label": country_label(code, language)} for code, *_ in COUNTRIES]
    return {
        "time_zones": [{"value": z.name, "label": z.label(language)} for z in ZONES],
        "countries": sorted(countries, key=lambda item: str(item["label"])),
        "currencies": [{"value": c, "label": currency_label(c, edition)} for c in CURRENCIES],
        "industries": [
            {
                "value": group,
                "label": group,
                "children": [{"value": f"{group} > {item}", "label": item} for item in items],
            }
            for group, items in INDUSTRIES.items()
        ],
    }
