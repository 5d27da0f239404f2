"""Names of secrets and personal data are recognised by their words, in any spelling; similar harmless names are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.privacy import names

SECRET = """
    new_password db_password password_hash passwordConfirmation userpassword password_hint password_reset_link password2
    jwt_token reset_token refreshToken accesstoken csrf-token set-cookie session_key sessionCookie sessionId DB_PASS
    STRIPE_KEY apiKey api.key x-api-key private_key client_secret secretKeyBase AWS_SECRET_ACCESS_KEY aws_access_key_id
    Authorization proxy-authorization otp cvv creditCardCvv cardSecurityCode credentials connection_string pwd
""".split()  # noqa: SIM905 - a list of words reads better as one
PERSONAL = """
    billing_phone mobileNumber phone_e164 home_phone phoneHome contactEmail hashed_email email2 cardNumber card.last4
    iban ssn tax_id passportNumber birth_date dateOfBirth streetAddress postal_address home-address billingAddress
    shipping.address addressLine1 address.zip given_name familyName full_name customerName customer.first_name user.name
    imei idfa advertisingId mac_address device_fingerprint latitude geo.longitude gpsLat client_ip
""".split()  # noqa: SIM905
INNOCENT = """
    password_reset_requested password_length password_changed_at has_password token_count token_type tokens_used
    max_tokens page_name product_name screen_name company_name campaign_name file_name phone_model phone_type card_type
    card_brand product_card report_card secret_menu_item cookie_banner_shown cookies_enabled email_opened email_campaign
    sort_key cache_key public_key key_name kms_key_id key session season_pass boarding_pass map_pin session_count
    session_number address_count user_count new_users birthday_campaign street_view compass tokenize secretary idea
    latency login_method signature_dish mailing_list api_key_required is_mobile author passport_country
""".split()  # noqa: SIM905
VALUE = "a 1234567890abc"


@pytest.mark.parametrize("name", SECRET)
def test_names_of_secrets_are_recognised(name: str) -> None:
    assert names.is_secret_name(name)
    assert names.hides(name, VALUE)


@pytest.mark.parametrize("name", PERSONAL)
def test_names_of_personal_data_are_recognised(name: str) -> None:
    assert names.is_personal_name(name)
    assert names.hides(name, VALUE)


@pytest.mark.parametrize("name", INNOCENT)
def test_similar_harmless_names_are_not_recognised(name: str) -> None:
    assert not names.hides(name, VALUE)


def spelled(words: list[str], spelling: str) -> str:
    """Words as a name."""
    if spelling == "camel":
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if spelling == "pascal":
        return "".join(word.capitalize() for word in words)
    if spelling == "upper":
        return "_".join(words).upper()
    if spelling == "bracket":
        return words[0] + "".join(f"[{word}]" for word in words[1:])
    return {"snake": "_", "kebab": "-", "dotted": ".", "spaced": " "}[spelling].join(words)


SPELLINGS = ("snake", "kebab", "dotted", "camel", "pascal", "upper", "bracket", "spaced")


@given(
    st.sampled_from(["", "new", "my", "shop", "legacy", "payment", "x"]),
    st.sampled_from(["password", "api key", "client secret", "access token", "billing phone", "first name", "iban"]),
    st.sampled_from(["", "value", "hash", "2"]),
    st.sampled_from(SPELLINGS),
)
def test_every_spelling_is_recognised(before: str, words: str, after: str, spelling: str) -> None:
    assert names.hides(spelled([*before.split(), *words.split(), *after.split()], spelling), VALUE)


@given(
    st.sampled_from(["password", "token", "email", "phone", "card", "cookie", "session", "user"]),
    st.sampled_from(["count", "type", "version", "page", "enabled", "clicked"]),
    st.sampled_from(SPELLINGS),
)
def test_the_last_word_decides(word: str, last: str, spelling: str) -> None:
    assert not names.hides(spelled([word, last], spelling), VALUE)


@pytest.mark.parametrize("name", ["password", "reset_token", "phone", "email"])
def test_a_truth_value_is_never_private(name: str) -> None:
    assert not names.hides(name, value=True)


@pytest.mark.parametrize(("value", "private"), [("ios", False), ("+49 170 1234567", True), (491701234567, True)])
def test_ambiguous_names_need_digits(value: object, *, private: bool) -> None:
    assert names.hides("mobile", value) is private


@pytest.mark.parametrize(
    "name",
    """
    gclid mc_eid _hsenc mkt_tok _kx ck_subscriber_id _ga _gl li_fat_id epik rdt_cid igshid SAMLResponse code_verifier
    login_hint X-Amz-Signature sig signature user[password] customer[email] code state reset_token
    """.split(),  # noqa: SIM905
)
def test_private_parameters_are_recognised(name: str) -> None:
    assert names.is_private_parameter(name)


@pytest.mark.parametrize(
    "name",
    ["q", "page", "utm_source", "category", "id", "color", "sort", "price", "name", "product_name", "filter[color]"],
)
def test_ordinary_parameters_are_kept(name: str) -> None:
    assert not names.is_private_parameter(name)


def test_click_ids_are_recognised() -> None:
    assert names.is_click_id("fbclid")
    assert not names.is_click_id("token")


@given(st.text(max_size=400))
def test_any_name_is_accepted_without_an_error(name: str) -> None:
    names.hides(name, "x")
    names.is_private_parameter(name)
