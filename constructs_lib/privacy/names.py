"""Names that say that their value is private: `db_password`, `creditCardCvv`, `set-cookie`, `user.phone`.

A name is split into words, however it is spelled (snake, camel, kebab, dotted, brackets). As in English, the last word
says what the value is: `billing_phone` is a telephone number, `phone_model` is a model. Words that change nothing
(`email_value`, `password2`) are passed over. A few words are so telling that they count wherever they stand, unless
the last word is harmless: `password_reset_requested`, `api_key_required`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 128
"""Characters of a name that are looked at: its last ones, where the word stands that decides."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_DIGIT = re.compile(r"[0-9]", re.ASCII)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TELLING = _words(
    """
    password passwords passwd passphrase passcode passwort kennwort contrasena motdepasse senha пароль 密码 apikey
    apikeys apisecret appsecret secretkey secretkeys secretaccesskey accesskey accesskeys privatekey signingkey
    encryptionkey masterkey hmackey sharedkey sharedsecret clientsecret credential credentials connectionstring
    """
)
"""Secrets wherever they stand in a name."""
_TELLING_INSIDE = ("password", "passwd", "passphrase", "passwort", "apikey", "secretkey", "accesskey", "privatekey")
"""Those of them that are known inside a word too, as in ``newpassword``."""
_SECRETS = _words(
    """
    secret secrets token tokens jwt pwd pswd pass pin pincode pinnumber otp totp otpcode onetimecode authcode authkey
    authheader authorizationheader authorizationcode authorizationtoken verificationcode confirmationcode securitycode
    smscode mfacode factorcode activationcode recoverycode recoverycodes backupcode backupcodes resetcode logincode
    authorization proxyauthorization auth bearer cookie cookies cookieheader setcookie session sid sessionid sessionkey
    sessionhash jsessionid phpsessid aspsessionid csrf xsrf key salt signature sig hmac cvv cvc cvn csc ccv cvvcode
    cvccode sessid gcmid securityanswer secretanswer recaptcharesponse captcharesponse dsn databaseurl databaseuri dburl
    redisurl mongourl mongouri mongodburi connectionuri connectionurl jdbcurl slackwebhook webhookurl magiclink
    loginlink resetlink invitelink invitationlink confirmationlink verificationlink activationlink unsubscribelink
    reseturl invitationurl confirmationurl verificationurl activationurl unsubscribeurl signedurl presignedurl
    samlresponse idtokenhint samlassertion clientassertion codeverifier loginhint seedphrase mnemonic
    """
)
"""Secrets where they are what the name ends with."""
_SECRET_ENDS = ("token", "secret", "cookie", "sessionid")
"""Ends of words written together: ``accesstoken``, ``clientsecret``."""
_PEOPLE = _words(
    """
    email emails emailaddress emailaddr emailto emailfrom mailaddress useremail mail почта phone phones phonenumber
    phoneno telephone telephonenumber tel telno telefon telefono telefone telefonnummer телефон rufnummer handynummer
    mobile mobilephone mobilenumber mobileno cell cellphone msisdn fax faxnumber whatsapp contactnumber 手机 card cards
    cardnumber cardno cardpan pan creditcard debitcard paymentcard bankcard ccnumber ccnum primaryaccountnumber
    cardholder cardexpiry cardexpiration cardexp cardexpmonth cardexpyear iban bankaccount accountnumber accountno
    routingnumber sortcode ssn socialsecurity socialsecuritynumber nationalid nationalidnumber nationalinsurance
    nationalinsurancenumber identitynumber identitycard idcard idnumber passport passportnumber passportno passportid
    personalausweis nin tin vatid vatnumber taxid taxnumber taxpayerid taxidentificationnumber taxidentifier
    steuernummer steuerid driverslicense driverlicense driverlicence drivinglicence licencenumber licensenumber aadhaar
    pesel curp cpf bsn nif dni nie cuit cuil rut codicefiscale fiscalcode taxcode personnummer nric hkid tckn ppsn
    nhsnumber medicarenumber socialinsurancenumber licenseplate licenceplate numberplate platenumber kennzeichen vin pnr
    dob birth birthdate birthday dateofbirth birthyear birthmonth yearofbirth placeofbirth birthplace geburtsdatum
    address addresses streetaddress addr street streetname postaladdress homeaddress billingaddress shippingaddress
    deliveryaddress mailingaddress addressline addressstreet addresscity addresszip addresszipcode addresspostcode
    addresspostalcode adresse anschrift strasse housenumber houseno hausnummer firstname fname lname namefirst namelast
    middleinitial nick userdisplayname customerdisplayname accountdisplayname profiledisplayname memberdisplayname
    givenname forename lastname familyname surname secondname middlename maidenname fullname legalname realname nickname
    recipient vorname nachname prenom customername username usersname usernames userfullname membername guestname
    passengername patientname employeename personname contactname recipientname receivername sendername buyername
    billingname shippingname cardholdername nameoncard accountholder accountholdername subscribername travellername
    travelername profilename payername user userid useridentifier uid login loginname accountid customerid customerno
    customernumber memberid memberno membernumber membershipid membershipnumber loyaltynumber loyaltyid
    frequentflyernumber studentid loginid facebookid fbid twitterid twitterhandle instagramhandle tiktokhandle
    telegramid discordid actorid actorname actordisplayname whodunnit principal principalid principalname performedby
    createdby updatedby modifiedby requestedby initiatedby impersonator steamid wechatid skypeid appleid openid upn
    claimssub jwtsub tokensub subscriberid patientid employeeid guestid personid imei imsi iccid meid udid idfa idfv
    gaid aaid adid advertisingid advertiserid advertisingidentifier androidid mac macaddress macaddr bssid ssid deviceid
    deviceidentifier deviceserial deviceserialnumber hardwareid canvashash ua referrer referer httpreferrer httpreferer
    location fingerprint fingerprints ip ipaddress ipaddr ipv clientip clientaddr remoteip remoteaddr remoteaddress
    xforwardedfor useragent latitude longitude lat lng lon latlng latlon latlong coordinates coords geolocation geopoint
    gps
    """
)
"""What identifies a person, a device or a place, where it is what the name ends with."""
_UNCHANGED = _words(
    """
    value val values text string str raw plain plaintext clear cleartext hash hashed sha md bcrypt digest encrypted
    enc encoded new old current previous prev confirm confirmation again repeat repeated retype full primary secondary
    private personal main alt alternative alternate masked normalized normalised formatted
    """
)
"""Words at a name's end that leave its value what it is."""
_UNCHANGED_OF_PEOPLE = _UNCHANGED | _words("number num no nr home work office local e last four digits")
_HARMLESS = _words(
    """
    requested request required require requires enabled enable disabled disable expired expires expiry expiration
    expire ttl less lifetime at on until since time timestamp date count counts counter total length len size sizes
    type types kind strength score policy policies status state valid validity validated validation verified
    verification changed change updated reset resets rotated rotation created issued sent min max limit limits
    attempts attempt tries retries failed failures failure success errors error visible visibility shown show hidden
    hide displayed method methods provider providers manager page screen button form label placeholder icon clicked
    click opened focus focused blur viewed view ms seconds minutes hours days age used usage available availability
    allowed present set unset exists missing empty matches match algorithm alg version mode flow step rule rules meter
    toggle toggled complexity endpoint url uri arn arns path paths source sources scope scopes option options
    configuration units
    """
)
"""Last words after which even a telling name gives nothing away."""
_QUESTIONS = _words("is has have had was were needs need must should can could may did does do will show hide")
"""First words of names whose value is a yes or a no."""
_ONLY_WITH_MORE = _words("key session login state salt pass")
"""Words that are too ordinary to say anything alone."""
_INNOCENT_BEFORE = {
    "key": _words(
        """
        cache sort partition primary foreign public object row index translation message feature flag lookup dedup
        deduplication idempotency group join range keyboard hot shortcut arrow enter item category list component page
        event schema tag region answer template locale label map storage query routing shard unique natural composite
        business product variant experiment test property attribute field column metric dimension facet filter option
        setting config bucket s hash data record document entity parent child type sub search legend piano car
        """
    ),
    "pass": _words(
        """
        season ski day boarding bus rail train travel museum city game battle free trial first second multi one two
        annual monthly year gift event tour lift park hall all by under over high low band mountain
        """
    ),
    "pin": _words("map location board rich drop rolling hair bowling"),
    "token": _words("design game nft"),
    "tokens": _words(
        "max min num total input output prompt completion reasoning cached used remaining design game nft"
    ),
    "card": _words(
        """
        product content graphics video memory sd sim info report score christmas birthday greeting wild hero promo
        recipe article feature pricing ui item list profile teaser image news event game playing place sound summary
        dashboard
        """
    ),
    "cards": _words(
        "product content playing christmas birthday greeting flash trading item list promo article wild score"
    ),
    "address": _words("web memory site page register"),
    "user": _words("new per active multi first returning single"),
    "session": _words("photo training jam"),
    "salt": _words("sea table himalayan low no added rock bath"),
    "signature": _words("time key"),
    "secret": _words("open trade top"),
    "mobile": _words("is on for via"),
    "cell": _words("table grid spreadsheet fuel solar battery active selected"),
    "mail": _words("direct snail"),
    "street": _words("main wall sesame high"),
    "login": _words("last first social"),
}
"""Words before the last one that make it something else: a sort key opens nothing."""
_DIGITS_NEEDED = {
    **dict.fromkeys(("phone", "phones", "tel", "mobile", "cell", "fax", "whatsapp"), 5),
    **dict.fromkeys(("card", "cards", "mac"), 4),
    **dict.fromkeys(("pan", "tin", "nin", "nif", "dni", "nie", "cuit", "cuil", "rut", "vin"), 6),
    **dict.fromkeys(("location", "preciselocation"), 8),
    **dict.fromkeys(("pin", "gps", "coordinates", "coords"), 2),
}
"""How many digits the values of ambiguous names have where they are private: `mobile` may be a number or `ios`."""
_WITH_A_PATH = _words("referrer referer httpreferrer httpreferer")
"""Names whose value identifies a person only if it is more than a site's name: the referring page."""
_NOT_OF_URLS = _WITH_A_PATH | _words("location ua recipient")
"""Names that are ordinary parameters of pages."""
_PARAMETERS = _words(
    """
    code key login nonce pw session sig state ticket verification hash invite invitation magic samlresponse samlrequest
    samlart relaystate codechallenge idtokenhint assertion keypairid googleaccessid
    """
)
"""Parameters that unlock something in a URL, though they are ordinary words elsewhere."""
_MAY_BE_WORDS = frozenset({"code", "state", "key", "hash", "invite"})
_UNDERSCORED = frozenset({"ga", "gl", "gid", "ke", "kx"})
"""Marks that other parameters' names are like, but for the underscore in front."""
_PARAMETER_STARTS = ("__s", "x-amz-", "x-goog-", "__hs", "_ga_", "_gac_", "_pk_id", "oauth_", "bsft_", "trk_")
_CLICK_IDS = _words(
    """
    gclid gclsrc dclid gbraid wbraid srsltid msclkid fbclid ttclid twclid yclid ysclid qclid obclid lifatid lipi epik
    rdtcid rdtuuid igshid igsh scid sccid scclickid kx hsenc hsmi hsctatracking mceid mkttok cksubscriberid ga gl gid
    gcl gclau fbp fbc ke klaviyoid veroid veroconv mlsubscriber mlsubscriberhash olyencid olyanonid omnisendcontactid
    openstat wickedid efid irclickid irgwc cjevent clickid clkid awc tduid tblci dicbo vmcid rbclickid dmi elqtrackid
    elqtrack elq etrid emci emdi ceid mindboxclickid branchmatchid guccounter guceref gucereferrersig pkvid mtmvid
    piwikvid sscid ranmid ransiteid sfmcsub sfmcid subscriberkey contactid recipientid ajsuid ajsaid distinctid
    anonymousid visitorid deviceid vgoee iclid mibextid ssemailid zanpid sceh pfrdr
    """
)
"""Marks that advertising and mailing services put into links, which name one click or one person."""


@lru_cache(maxsize=4096)
def _split(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without digits and accents."""
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
        name = "".join(char for char in decomposed if not unicodedata.combining(char))
    return tuple(word.lower() for word in _WORD.findall(name))


def _ending(words: tuple[str, ...], known: frozenset[str], unchanged: frozenset[str]) -> str:
    """The known phrase of up to four words that a name ends with, but for words that change nothing; or nothing."""
    while words:
        for start in range(max(0, len(words) - 4), len(words)):
            phrase = "".join(words[start:])
            if phrase in known:
                before = words[start - 1] if start else ""
                alone = not before and phrase in _ONLY_WITH_MORE
                return "" if alone or before in _INNOCENT_BEFORE.get(phrase, ()) else phrase
        if words[-1] not in unchanged:
            return ""
        words = words[:-1]
    return ""


def _is_telling(words: tuple[str, ...]) -> bool:
    if words[-1] in _HARMLESS:
        return False
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + 3) + 1):
            if "".join(words[start:end]) in _TELLING:
                return True
    return any(
        known in word and not any(word.endswith(end) for end in _HARMLESS if len(end) > 3)
        for word in words
        if len(word) > 6
        for known in _TELLING_INSIDE
    )


@lru_cache(maxsize=4096)
def _secret(name: str) -> str:
    words = _split(name)
    if not words or words[0] in _QUESTIONS:
        return ""
    if _is_telling(words):
        return "password"
    if words[-1] not in _SECRETS and len(words[-1]) > 6 and words[-1].endswith(_SECRET_ENDS):
        return words[-1]
    return _ending(words, _SECRETS, _UNCHANGED)


@lru_cache(maxsize=4096)
def _personal(name: str) -> str:
    words = _split(name)
    if not words or words[0] in _QUESTIONS:
        return ""
    return _ending(words, _PEOPLE, _UNCHANGED_OF_PEOPLE)


def secret_phrase(name: str) -> str:
    """The words that make a name a secret's, written together (``password`` for all that are telling); else nothing."""
    return _secret(name[-LONGEST:])


def personal_phrase(name: str) -> str:
    """The words that make a name one of people's data, written together; else nothing."""
    return _personal(name[-LONGEST:])


def is_secret_name(name: str) -> bool:
    """Whether a name says that its value unlocks something: ``DB_PASS``, ``jwtToken``, ``set-cookie``."""
    return bool(_secret(name[-LONGEST:]))


def is_personal_name(name: str) -> bool:
    """Whether a name says that its value is of a person, a device or a precise place: ``billing_phone``."""
    return bool(_personal(name[-LONGEST:]))


def hides(name: str, value: object) -> bool:
    """Whether a property of this name and value is private. A truth value never is, a number of tokens is not.

    Args:
        name: with the names of the mappings around it, joined by any punctuation: ``user.name``.
        value: a text or a number; of a list, one of its items.
    """
    if value is None or isinstance(value, bool):
        return False
    name = name[-LONGEST:]
    if phrase := _secret(name):
        if isinstance(value, (int, float)) and phrase in {"tokens", "cookies", "session", "secrets"}:
            return False
    else:
        phrase = _personal(name)
    if not phrase:
        return False
    if phrase in _WITH_A_PATH:
        return "/" in str(value)[:2048]
    needed = _DIGITS_NEEDED.get(phrase, 0)
    return not needed or len(_DIGIT.findall(str(value)[:256])) >= needed


@lru_cache(maxsize=4096)
def _parameter(name: str) -> bool:
    joined = "".join(char for char in name.lower() if char.isalnum())
    if is_click_id(name):
        return True
    words = _split(name)
    last = words[-1] if words else ""
    return (
        joined in _PARAMETERS
        or (last in _PARAMETERS and "[" in name)
        or name.lower().startswith(_PARAMETER_STARTS)
        or bool(_secret(name))
        or _personal(name) not in {"", *_NOT_OF_URLS}
    )


def is_private_parameter(name: str) -> bool:
    """Whether a URL's parameter of this name is taken out unseen: a secret, a person's data, or a mark of one click.

    Args:
        name: percent-decoded; brackets are read as punctuation (``user[password]``).
    """
    return _parameter(name[-LONGEST:])


def is_click_id(name: str) -> bool:
    """Whether a URL's parameter is a mark of an advertising or mailing service (``gclid``, ``mc_eid``, ``_hsenc``)."""
    joined = "".join(char for char in name[-LONGEST:].lower() if char.isalnum())
    return joined in _CLICK_IDS and (joined not in _UNDERSCORED or name.startswith("_"))


def is_word_of(name: str, value: str) -> bool:
    """Whether a parameter that may unlock something has a word that does not: ``state=CA``, ``code=DE``,
    ``key=size``.
    """
    joined = "".join(char for char in name[-LONGEST:].lower() if char.isalnum())
    if joined not in _MAY_BE_WORDS or not value.isalpha():
        return False
    return len(value) <= 3 or (joined != "code" and len(value) <= 12 and (value.islower() or value.istitle()))
