"""Private values by kind: rows whose words must not be in any document.

Values are invented, or are those that their standards reserve for documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.transform.privacy_rows import TIME, Row, prop, text, url

SECRET = "Kq7Zt0pW"
TOKEN = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5"
WEB_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"

SECRET_NAMES = """
    password new_password newPassword db_password DB_PASS passwordConfirmation user.password old-password passwd pwd
    secret client_secret clientSecret app.secret token jwt_token jwtToken refresh-token accessToken csrf_token id_token
    pushToken apiKey api_key x-api-key API-KEY stripe_key private_key privateKey signing_key authorization Authorization
    proxyAuthorization cookie set-cookie Set-Cookie session_cookie sessionCookie session_key sessionKey session_id otp
    otp_code one_time_code verificationCode cvv cvc creditCardCvv card_security_code security_code pin_code credentials
    awsSecretAccessKey aws_access_key_id connection_string webhook_secret DATABASE_URL redis_url sentry_dsn
    SLACK_WEBHOOK magic_link resetLink presigned_url g-recaptcha-response security_answer sessid
""".split()  # noqa: SIM905 - a list of words reads better as one
PERSONAL_NAMES = """
    email userEmail contact_email billing-email phone billing_phone phoneNumber mobile_number home_phone fax iban
    card_number cardNumber credit_card ssn socialSecurityNumber tax_id taxNumber passport_number passportNo birth_date
    dateOfBirth birthday dob street streetAddress postal_address homeAddress billing_address shipping-address
    address_line_1 first_name firstName given_name family_name lastName surname full_name customerName customer_name
    imei idfa advertising_id advertisingId mac_address fingerprint device_fingerprint latitude lng geo.lat userName
    device_id deviceSerialNumber ssid license_plate nif codice_fiscale fname LNAME user.displayName recipient memberNo
    frequent_flyer_number twitter_handle facebook_id vin house_no location ua
""".split()  # noqa: SIM905
PARAMETERS = """
    token reset_token access_token id_token code state sig signature X-Amz-Signature X-Amz-Credential key password
    user[password] user%5Bpassword%5D customer[email] email phone SAMLResponse code_verifier login_hint session sid
    jsessionid auth apikey api_key client_secret otp ticket nonce gclid msclkid fbclid ttclid mc_eid _hsenc mkt_tok _kx
    ck_subscriber_id _ga _gl li_fat_id epik rdt_cid igshid yclid twclid wbraid dclid vero_id pw mibextid __s ss_email_id
""".split()  # noqa: SIM905
TEXTS = {
    "a quoted password": (f'payload {{"db_password": "{SECRET}"}}', SECRET),
    "a password with spaces": (f'{{"password": "correct {SECRET} staple"}}', SECRET),
    "escaped JSON": (rf"body={{\"client_secret\":\"{SECRET}\"}}", SECRET),
    "JSON escaped twice": (rf"{{\\\"api_key\\\": \\\"{SECRET}\\\"}}", SECRET),
    "a form": (f"grant_type=x&client_secret={SECRET}&scope=a", SECRET),
    "a colon": (f"api-key: {SECRET}", SECRET),
    "an arrow": (f"'password' => '{SECRET}'", SECRET),
    "an environment variable": (f"export DB_PASS={SECRET}", SECRET),
    "an option": (f"mysql --password {SECRET} shop", SECRET),
    "an option with =": (f"mysql --password={SECRET} shop", SECRET),
    "an element": (f"<password>{SECRET}</password>", SECRET),
    "a scheme of authorization": (f"Authorization: Token {SECRET}", SECRET),
    "basic authorization": (f"authorization: Basic {SECRET}==", SECRET),
    "digest authorization": (f'Authorization: Digest username="{SECRET}", response="{SECRET}"', SECRET),
    "a bearer": (f"sent bearer {TOKEN}", TOKEN),
    "a cookie": (f"Cookie: sid={SECRET}", SECRET),
    "the last cookie": (f"Cookie: theme=dark; lang=de; x={SECRET}", SECRET),
    "a cookie with a space": (f"Cookie: a=b c; d={SECRET}", SECRET),
    "a set cookie": (f"Set-Cookie: cart={SECRET}; Path=/", SECRET),
    "curl": (f"curl -H 'Cookie: a=b; c={SECRET}' https://shop.example", SECRET),
    "a password in a URL": (f"connect to postgres://shop:{SECRET}@db.example/shop failed", SECRET),
    "a password without a user in a URL": (f"redis://:{SECRET}@cache.example:6379/0", SECRET),
    "a password that is told": (f"my password is {SECRET}, thanks", SECRET),
    "a name of two words": (f"API key: {SECRET}", SECRET),
    "a connection": (f"Server=db;User Id=sa;Password={SECRET};", SECRET),
    "a password with a slash in a URL": (f"amqp://shop:a/{SECRET}@mq.example", SECRET),
    "a parameter in a URL": (f"GET https://shop.example/reset?reset_token={SECRET} 200", SECRET),
    "a parameter in a path": (f"GET /reset?reset_token={SECRET} 200", SECRET),
    "a code in a path": (f"redirect to /callback?code={SECRET}&x=1", SECRET),
    "AWS": ("key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"),
    "GitHub": (f"ghp_{TOKEN}", TOKEN),
    "GitLab": (f"glpat-{TOKEN[:20]}", TOKEN[:20]),
    "Slack": (f"xoxb-12345678-{SECRET}", SECRET),
    "a Slack webhook": (f"https://hooks.slack.com/services/T0000/B0000/{TOKEN[:24]}", TOKEN[:24]),
    "Stripe": (f"sk_live_{TOKEN[:24]}", TOKEN[:24]),
    "a Stripe webhook": (f"whsec_{TOKEN[:32]}", TOKEN[:32]),
    "npm": (f"//registry.npmjs.org/:_authToken=npm_{TOKEN}", TOKEN),
    "SendGrid": (f"SG.{TOKEN[:22]}.{TOKEN}abcdefg", TOKEN[:22]),
    "Hugging Face": (f"hf_{TOKEN[:34]}", TOKEN[:34]),
    "Google": (f"AIza{TOKEN[:35]}", TOKEN[:35]),
    "a web token": (f"token was {WEB_TOKEN}", "eyJhbGci"),
    "an encrypted web token": (f"eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4In0..{TOKEN[:16]}.{TOKEN}.{TOKEN[:22]}", TOKEN),
    "a private key": (f"-----BEGIN RSA PRIVATE KEY-----\n{TOKEN}\n-----END RSA PRIVATE KEY-----", TOKEN),
    "a password without a sign": (f"tried passwd {SECRET} again", SECRET),
    "a secret that is told": (f"the shared secret is {SECRET}!", SECRET),
    "a code that is told": ("your code is 482913, valid for an hour", "482913"),
    "a one-time password": ("OTP 482913 sent", "482913"),
    "a code of two words": ("verification code: 482913", "482913"),
    "a passport that is told": ("passport no C01X00T47 expires", "C01X00T47"),
    "a social security number": ("is 078-05-1120 known", "078-05-1120"),
    "a CPF": ("e o 123.456.789-09 dela", "123.456.789"),
    "an Aadhaar number": ("aadhaar 2345 6789 0123", "6789"),
    "a device's number": ("IMEI 490154203237518 seen", "490154203237518"),
    "an advertising id": ("idfa 6D92078A-8246-4BA4-AE5B-76104861E7DC", "6D92078A"),
    "a birth date": ("she was born on 12.03.1985 in", "12.03.1985"),
    "Docker's token": (f"dckr_pat_{TOKEN[:27]}", TOKEN[:27]),
    "Figma's token": (f"figd_{TOKEN}", TOKEN),
    "HubSpot's token": ("pat-eu1-a1b2c3d4-1111-2222-3333-444455556666", "444455556666"),
    "a name that a provider gives": ("from c-203-0-113-9.hsd1.example", "203-0-113-9"),
    "an address as Cisco writes it": ("port 001b.4411.3ab7 up", "001b.4411"),
    "a list of coordinates": ('{"lat":48.137154,"lng":11.576124}', "48.137154"),
    "a hash of a password": (
        "values (9, $2y$10$abcdefghijklmnopqrstuuGbdQ3abcdefghijklmnopqrstuvwxyz0)",
        "abcdefghijkl",
    ),
    "an Argon2 hash": ("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG", "RdescudvJC"),
    "Django's hash": ("pbkdf2_sha256$720000$Kq7Zt0pWxyz$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr=", "Kq7Zt0pWxyz"),
    "a user agent": ("UA=Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0 of him", "rv:131.0"),
    "a name in JSON": ('{"first_name": "Wilhelmina"}', "Wilhelmina"),
    "a name behind a colon": ("customer_name: Wilhelmina Smith logged in", "Wilhelmina"),
}
PERSONAL = {
    "email": (
        "jane@shop.example",
        "jane.o'neil+news@mail.shop.example",
        "jane%40shop.example",
        "jane%2540shop.example",
        "jane\uff20shop.example",
        "jane&#64;shop.example",
        "jane&#x40;shop.example",
        r"jane\u0040shop.example",
        "ja\u200bne@sh\u200bop.example",
        "jane@\u2060shop.example",
        "jane [at] shop.example",
        "<jane@shop.example>,",
        "mailto:jane@shop.example?subject=x",
        "jane@shop-3.example.co.uk.",
        "jane@xn--mller-kva.example",
        "jane@[203.0.113.9]",
    ),
    "phone": (
        "+49 170 1234567",
        "+491701234567",
        "(+49) 170 1234567",
        "+49 (0)170 1234567",
        "+49\u00a0170\u00a01234567",
        "+49\u2011170\u20111234567",
        "+44 20 7946 0958",
        "+1.415.555.2671",
        "0049 170 1234567",
        "0049-170-1234567",
        "00491701234567",
        "0171 1234567",
        "0171/1234567",
        "0171-1234567",
        "0171\u00a01234567",
        "0171\u20131234567",
        "01.23.45.67.89",
        "06 12 34 56 78",
        "06\u202f12\u202f34\u202f56\u202f78",
        "020 7946 0958",
        "(020) 7946 0958",
        "07700 900123",
        "(555) 123-4567",
        "555-123-4567",
        "555.123.4567",
        "1-800-555-0199",
        "1 (415) 555-2671",
        "(11) 91234-5678",
        "612 34 56 78",
        "8 (912) 345-67-89",
        "\uff10\uff11\uff17\uff11 \uff11\uff12\uff13\uff14\uff15\uff16\uff17",
        "tel: 98765 43210",
        "Tel.0170 1234567",
        "+55 11 91234-5678",
        "(030) 901820",
        "0 800 123 4567",
        "415-555-2671 x12",
        "call me at 9876543210",
        "phone=612345678",
        "01711234567",
    ),
    "card": (
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "4111 1111 1111 1111 12/27",
        "4111111111111111 12/27 123",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u20131111\u20131111\u20131111",
        "5555 5555 5555 4444",
        "3782 822463 10005",
        "378282246310005",
        "6011 1111 1111 1117",
        "2 x 5105105105105100",
    ),
    "iban": (
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
        "gb29nwbk60161331926819",
        "FR14 2004 1010 0505 0001 3M02 606",
    ),
    "ip": (
        "203.0.113.9",
        "ip=203.0.113.9,",
        "(203.0.113.9)",
        "[203.0.113.9]:443",
        "203.0.113.9:8080",
        "203.0.113.9.",
        "-203.0.113.9-",
        '"203.0.113.9"',
        "203.0.113.9/32",
        "localhost/203.0.113.9:8080",
        "2001:db8::1",
        "[2001:db8::1]:443",
        "(2001:db8:0:1:2:3:4:5)",
        "2001:db8::1.",
        "client:2001:db8::1",
        "fe80::1%eth0",
        "::ffff:203.0.113.9",
        "2001:DB8::A:1,",
        "00:1B:44:11:3A:B7",
        "00-1b-44-11-3a-b7",
    ),
}
"""Each of these stands in a text, alone and in a query; nothing is left of it but groups of three digits."""
URLS = {
    "a user": (f"https://jane:{SECRET}@shop.example/", SECRET),
    "an encoded URL": (f"/login?next=%2Freset%3Freset_token%3D{SECRET}", SECRET),
    "a URL encoded twice": (f"/login?next=%252Freset%253Freset_token%253D{SECRET}", SECRET),
    "a whole URL": (f"/out?u=https%3A%2F%2Fbank.example%2Fcb%3Fcode%3D{SECRET}%26a%3D1", SECRET),
    "a URL that is not encoded": (f"/out?u=https://bank.example/cb?code={SECRET}", SECRET),
    "JSON": (f"/q?filter=%7B%22password%22%3A%22{SECRET}%22%7D", SECRET),
    "a matrix": (f"/cart;jsessionid={SECRET}/items", SECRET),
    "a route": (f"/#/cart?token={SECRET}", SECRET),
    "a fragment": (f"/#access_token={SECRET}", SECRET),
    "a long path segment": (f"/confirm/{TOKEN}", TOKEN),
    "hexadecimal digits": ("/confirm/0f343b0931126a20f133d67c2b018a3b", "0f343b0931126a20f133d67c2b018a3b"),
    "a short code": ("/reset-password/6b1f0c93aa", "6b1f0c93aa"),
    "a web token": (f"/sso?jwt_response={WEB_TOKEN}", "eyJhbGci"),
    "a short random parameter": (f"/a?t={TOKEN[:18]}", TOKEN[:18]),
    "a short random segment": (f"/share/{TOKEN[:18]}", TOKEN[:18]),
    "a place on a map": ("/maps/@48.137154,11.576124,15z", "48.137154"),
    "a place in a query": ("/stores?near=48.137154%2C11.576124", "48.137154"),
    "a plus in a path": ("/u/+491701234567", "491701234567"),
    "a plus in a query": ("/q?q=+491701234567", "491701234567"),
    "an encoded plus": ("/q?q=%2B49+170+1234567", "1234567"),
    "an address in a path": ("/u/jane%40shop.example/orders", "jane"),
}
EVENTS: dict[str, tuple[dict[str, Any], str]] = {
    "an event's name": (
        {"time": TIME, "event": "User jane@shop.example logged in from 203.0.113.9"},
        "jane",
    ),
    "an address in an event's name": ({"time": TIME, "event": "Login from 203.0.113.9"}, "203"),
    "a user in an event's name": (
        {"type": "track", "event": "Order by ann-4711", "userId": "ann-4711", "timestamp": TIME},
        "4711",
    ),
    "a user in another case": (
        {"action_name": "view", "timestamp": TIME, "user_id": "ann-4711", "message": "for ANN-4711"},
        "4711",
    ),
    "a client that is an address": (
        {"action_name": "view", "timestamp": TIME, "client_id": "jane@shop.example"},
        "jane",
    ),
    "a session that is a number of a telephone": (
        {"action_name": "view", "timestamp": TIME, "session_id": "+49 170 1234567"},
        "1234567",
    ),
    "an object": (
        {"action_name": "view", "timestamp": TIME, "event_attributes": {"object": {"object_id": "jane@shop.example"}}},
        "jane",
    ),
    "an impression": ({"action_name": "view", "timestamp": TIME, "impressions": ["jane@shop.example"]}, "jane"),
    "a nested name": (
        {"action_name": "view", "timestamp": TIME, "event_attributes": {"customer": {"name": "Wilhelmina"}}},
        "Wilhelmina",
    ),
    "a name beside an address": (
        {"event": "invited", "time": TIME, "payload": {"email": "jane@shop.example", "name": "Wilhelmina Smith"}},
        "Wilhelmina",
    ),
    "a name that is no application's": ({"event": "signup", "time": TIME, "name": "Wilhelmina", "phone": "0"}, "Wilh"),
    "a pair of name and value": (
        {"action_name": "view", "timestamp": TIME, "event_attributes": {"p": {"key": "db_password", "value": SECRET}}},
        SECRET,
    ),
    "a header": (
        {"action_name": "view", "timestamp": TIME, "event_attributes": {"h": {"name": "X-Api-Key", "value": SECRET}}},
        SECRET,
    ),
    "a nested secret": (
        {"action_name": "view", "timestamp": TIME, "event_attributes": {"credentials": {"x": SECRET}}},
        SECRET,
    ),
}


def must_go() -> Iterator[Row]:
    """Rows whose words may be in no document."""
    for name in SECRET_NAMES:
        yield Row("secret by name", prop(name, SECRET), (SECRET,))
    for name in PERSONAL_NAMES:
        yield Row("person by name", prop(name, f"{SECRET} 12345678"), (SECRET,))
    for name in PARAMETERS:
        yield Row("parameter", url(f"https://shop.example/a?x=1&{name}={SECRET}&lang=de"), (SECRET,))
    for kind, (value, word) in TEXTS.items():
        yield Row(f"text: {kind}", text(f"it said {value}"), (word,))
        yield Row(f"property: {kind}", prop("note", value), (word,))
    for kind, values in PERSONAL.items():
        for value in values:
            words = pieces(value)
            yield Row(kind, text(f"it was {value} then"), words)
            yield Row(f"{kind} alone", prop("note", value), words)
            yield Row(f"{kind} in a query", {"action_name": "search", "timestamp": TIME, "user_query": value}, words)
    for kind, (value, word) in URLS.items():
        yield Row(f"URL: {kind}", url(value), (word,))
    for kind, (event, word) in EVENTS.items():
        yield Row(kind, event, (word,))


def pieces(value: str) -> tuple[str, ...]:
    """The parts of a value by which a person would still be known."""
    if "jane" in value or "ja\u200bne" in value:
        return ("jane", "ja\u200bne")
    return tuple(
        part
        for part in value.replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("\u2011", " ")
        .replace("\u2013", " ")
        .split()
        if sum(char.isdigit() for char in part) >= 4
    )
