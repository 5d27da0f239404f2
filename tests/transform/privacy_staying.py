"""Ordinary values by kind: rows whose words must be unchanged in their documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.transform.privacy_rows import Row, prop, text, url

STAYING_NAMES: dict[str, Any] = {
    "password_reset_requested": True,
    "password_length": 12,
    "password_changed_at": "yesterday",
    "has_password": "yes",
    "password_strength": "weak",
    "token_count": 512,
    "token_type": "opaque",
    "max_tokens": 100,
    "tokens_used": 17,
    "api_key_required": "no",
    "cookie_banner_shown": "yes",
    "cookies_enabled": True,
    "cookie_policy": "v2",
    "secret_menu_item": "burger",
    "session_count": 3,
    "session_number": 7,
    "session_duration": 120,
    "page_name": "Checkout",
    "product_name": "Desk lamp",
    "screen_name": "Home",
    "company_name": "Acme",
    "campaign_name": "Spring",
    "file_name": "prices.pdf",
    "event_name": "opened",
    "brand_name": "Lumo",
    "store_name": "Main hall",
    "list_name": "Bestsellers",
    "phone_model": "Pixel 9",
    "phone_type": "smartphone",
    "mobile_app": "shop",
    "is_mobile": True,
    "mobile": "ios",
    "card_type": "visa",
    "card_brand": "amex",
    "card_position": 3,
    "product_card": "large",
    "gift_card_count": 1,
    "email_opened": True,
    "email_campaign": "june",
    "email_subject_length": 42,
    "address_count": 2,
    "address_verified": True,
    "user_count": 5,
    "new_users": 8,
    "user_type": "returning",
    "birthday_campaign": "2025",
    "sort_key": "price",
    "cache_key": "home",
    "public_key_shown": True,
    "key": "enter",
    "season_pass": "summer",
    "boarding_pass": "mobile",
    "map_pin": "red",
    "login_method": "passkey",
    "auth_provider": "apple",
    "signature_dish": "soup",
    "city": "Berlin",
    "country": "DE",
    "zip_code_length": 5,
    "latency": 52,
    "longest_visit": 17,
    "author": "staff",
    "compass": "north",
    "secretary": "none today",
    "status": "active",
    "idea": "blue",
    "location": "aisle 12",
    "referrer": "newsletter",
    "display_name": "Desk lamp",
    "expiry_date": "2027-01",
    "vin": "rosé",
    "serial_number_shown": True,
    "recipient_count": 3,
    "url": "https://shop.example/lamp",
}
STAYING_TEXTS = """
    futon frames full size without mattress|ps4|iphone 15 pro 256|desk lamp 60 cm|size 38 40 42 44 46|10 12 14 16
    1920x1080|16:9 2560 1440|4.5 of 5|1,234,567,890|1 234 567 890|100.000.000|3.14159265358979|0.12345678
    2025-03-12T08:00:01.250Z|2025-03-12 08:00:01|12/03/2025 10:05:03|12.03.2025|01-02-2024|2025.03.12 10.00
    08.15-16.30|10:05:03|20250312|1234567890123456|00012345678905|0012345678905|0036000291452|EAN 0075678164125
    ISBN 978-3-16-148410-0|ISBN 0-306-40615-2|0306406152|order 0171234567|invoice 20250001234|order #4711-0815
    tracking 00340434161094022115|33198ee9-5912-453c-9173-3f92fd3cb1be|b18b5a97-0291-4679-9213-7a9229d7bf92
    GA1.1.428827888.1776508017|Chrome/131.0.0.0|Edg/131.0.0.0 Safari/537.36|10.2.3.4 of firmware|firmware 10.2.3.4
    version 131.0.6778.85|v1.2.3.4|release 1.2.3.4|foo-1.2.3.4.jar|1.2.3.4-SNAPSHOT|pkg==1.2.3.4|OID 1.3.6.1.4.1
    section 1.2.3.4 of the manual|std::vector|Face::Bed|dead::beef|a::b::c|at 10:05|react@18.2.0|lodash@4.17.21
    @scope/pkg@1.0.0-beta.1|logo@2x.png|icon@3x.webp|photo@home.jpg|@shop on social media|five @ 3 each|a@b
    thermodynamics|List_of_countries_by_GDP_2023_nominal|internationalization-and-localization-guide
    sk-learn-tutorial-for-beginners|Donaudampfschifffahrtsgesellschaftskapitän|the password is wrong|password: required
    Password must be long|forgot password|reset your password|secret: love|token: expired|cookie: chocolate
    the key is under the mat|pin it|session 3 of 5|auth failed for everybody|token_count: 5, page_name=home
    phone: iPhone 15|address: unknown|call 3 friends|call 911|order by phone|SKU-4711-0815|B08N5WRWNW|AKIALONGWORD
    npm_config_registry|SG.1|eyJ|DE89 is a road|IBAN needed|room 0815|bus 100 200 300|48.137154, 11.576124|a=1, b=2
    https://shop.example/a?b=c|see https://shop.example/lamp?page=2&sort=price|日‌本|👨‍👩‍👧|naïve café|日本語のテキスト
    price: 19.99|ratio 3:4:5|1.5.2|5 1/2 x 10 1/4|12345678-1234|99 1234|AirPods Pro 2|RTX 4090 24GB|USB 3.2 Gen 2x2
    password reset in 2024|the code 404 page|promo code SPRING25|secret santa 2024|token is 512 characters|pin 3 of 4
    code freeze on Monday|passport holder, leather|licence to play 2024|born to run|vin santo 2019|part 123-45-678
    1.2.3-4.5.6|build 1-2-3-4.5|12-13-14-15.jpg|my password is wrong|your code is SPRING25|key token concepts
    Mozilla/5.0 is a string|costs $2.50 or $10|$2y is short|Gecko/20100101
    A4 210 x 297|M8x1.25|10/100/1000|255.255.255.0/24|10.0.0.0/8 network
"""
STAYING_URLS = """
    /lamp|/search?q=desk+lamp|/search?q=desk%20lamp&page=2|/c/lamps-and-more/desk-lamp-60cm|/package/react@18.2.0
    /img/logo@2x.png|/wiki/List_of_countries_by_GDP_2023_nominal|/wiki/C%2B%2B|/p/33198ee9-5912-453c-9173-3f92fd3cb1be
    /p/00012345678905|/a?utm_source=mail&utm_medium=email|/a?sort=price&order=asc|/a?color=red&size=10
    /a?category=lamps&product_name=desk|/a?id=4711|/a?lang=de-DE|/blog/2025/03/12/spring-sale|/a?filter[color]=red
    /docs/v1.2.3.4/install|/a?next=%2Fcart%3Fstep%3D2|/a?u=https%3A%2F%2Fshop.example%2Flamp|/a?session_count=3
    /a?password_reset_requested=true|/p/apple-iphone-15-pro-max-256gb-natural-titanium|/reset-password|/verify/email
    /a?state=CA|/a?state=Bayern|/a?code=DE|/a?key=size|/a?hl=de&gl=DE|/a?gid=12|/a?v=1.2.3.4|/a?version=10.2.3.4
    /a?location=Berlin|/a?ref=homepage|/a?referrer=newsletter|/watch?v=dQw4w9WgXcQ|/p/LA251C0A1-A11|/a?near=48.1,11.5
    /p/iPhone15ProMax256GBTitan|/p/SamsungGalaxyS24Ultra|/products/sm-s918b-512gb-phantom-black-2023-edition|/a?q=iphone+15+pro|/a?page_name=home|/#/cart?step=2
"""


def staying(lines: str) -> list[str]:
    """The entries of a list that is separated by bars and line ends."""
    return [entry for line in lines.strip().splitlines() for entry in line.strip().split("|")]


def must_stay() -> Iterator[Row]:
    """Rows whose words must be in the document."""
    for name, value in STAYING_NAMES.items():
        yield Row("name", prop(name, value), (name,))
    for value in staying(STAYING_TEXTS):
        yield Row("text", text(value), (value,))
    for value in staying(STAYING_URLS):
        yield Row("URL", url(f"https://shop.example{value}"), (value,))
