"""Secrets known by their form: tokens of well-known services, JSON Web Tokens, private keys, passwords in URLs.

Every pattern is anchored and takes what it has matched at once, so that the search costs time in proportion to the
text, whatever the text is. The forms are those that the services publish (GitHub, GitLab, Slack, Stripe, npm ... name
them in their documentation for secret scanning).
"""

from __future__ import annotations

import re

SHORTEST_RUN = 12
"""Characters without a break that any of these secrets has; a text without such a run needs no further look."""

_TOKENS = (
    r"(?:AKIA|ASIA|ABIA)[0-9A-Z]{16}(?![0-9A-Za-z])",  # AWS access key ids
    r"ABSK[A-Za-z0-9+/=]{40,512}",  # Amazon Bedrock
    r"gh[pousr]_[A-Za-z0-9_]{16,255}",  # GitHub
    r"github_pat_\w{16,255}",
    r"gl(?:pat|ptt|dt|rt|cbt|oas|soat|ft|imt|agent|ffct)-[\w.-]{16,255}",  # GitLab
    r"GR1348941[\w-]{16,64}",
    r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,255}",  # Slack
    r"x(?:app|wfp)-[\w-]{8,255}",
    r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8,255}",  # Stripe
    r"whsec_[A-Za-z0-9+/=]{8,255}",
    r"AIza[\w-]{30,40}",  # Google
    r"ya29\.[\w-]{8,2048}",
    r"GOCSPX-[\w-]{16,64}",
    r"1//0[\w-]{24,512}",
    r"npm_[A-Za-z0-9]{24,64}",  # npm
    r"SG\.[\w-]{12,64}\.[\w-]{12,128}",  # SendGrid
    r"hf_[A-Za-z0-9]{24,64}",  # Hugging Face
    r"api_org_[A-Za-z0-9]{24,64}",
    r"sk-(?:proj|ant|svcacct|admin|or|lf)-[\w-]{12,255}",  # OpenAI, Anthropic, OpenRouter, Langfuse
    r"sk-[A-Za-z0-9]{20,64}",
    r"xai-[A-Za-z0-9]{32,128}",
    r"gsk_[A-Za-z0-9]{32,128}",
    r"r8_[A-Za-z0-9]{32,64}",
    r"pypi-[\w-]{32,512}",
    r"do[oprt]_v1_[0-9a-f]{32,128}",  # DigitalOcean
    r"shp(?:at|ca|pa|ss|tka)_[0-9A-Fa-f]{24,64}",  # Shopify
    r"SK[0-9a-f]{32}(?![0-9A-Za-z])",  # Twilio
    r"key-[0-9a-f]{32}(?![0-9A-Za-z])",  # Mailgun
    r"[0-9a-f]{32}-us[0-9]{1,2}(?![0-9A-Za-z])",  # Mailchimp
    r"xkeysib-[0-9a-f]{32,128}(?:-\w{8,32})?",  # Brevo
    r"[0-9]{8,10}:AA[\w-]{32,36}",  # Telegram
    r"sq0[a-z]{3}-[\w-]{20,64}",  # Square
    r"dapi[0-9a-f]{32}(?:-[0-9])?(?![0-9A-Za-z])",  # Databricks
    r"sl\.[\w-]{60,255}",  # Dropbox
    r"AT[A-Z]{2,4}3x[\w=-]{32,255}",  # Atlassian
    r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}",  # Linear
    r"ntn_[A-Za-z0-9]{32,64}",  # Notion
    r"PMAK-[0-9a-f]{20,32}-[0-9a-f]{30,40}",  # Postman
    r"hv[bsr]\.[\w-]{20,255}",  # HashiCorp Vault
    r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{32,255}",  # HCP Terraform
    r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{32,64}",  # Doppler
    r"gl(?:sa|c)_[\w+/=]{24,255}",  # Grafana
    r"NR(?:AK|II|JS|RA)-[A-Za-z0-9-]{16,64}",  # New Relic
    r"sntry[su]_[\w+/=]{32,512}",  # Sentry
    r"sbp_[0-9a-f]{32,64}",  # Supabase
    r"pscale_(?:tkn|pw|oauth)_[\w.-]{24,64}",  # PlanetScale
    r"rzp_(?:live|test)_[A-Za-z0-9]{8,64}",  # Razorpay
    r"AGE-SECRET-KEY-1[0-9A-Z]{32,64}",
    r"EAA[A-Za-z0-9]{60,255}",  # Meta
    r"phx_[A-Za-z0-9]{32,64}",  # PostHog's personal keys; those of projects (phc_) are public
    r"\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{20,60}",  # hashes of passwords: bcrypt, Argon2, crypt
    r"\$argon2(?:id|i|d)\$[\w=,$+/.-]{20,256}",
    r"\$(?:1|5|6|y|7|scrypt|pbkdf2-sha[0-9]{1,3})\$[\w=,$+/.-]{20,256}",
    r"pbkdf2_sha[0-9]{1,3}\$[0-9]{1,9}\$[\w+/=.$-]{20,256}",
    r"figd_[\w-]{24,64}",  # Figma
    r"tskey-[a-z]{3,8}-[\w-]{12,128}",  # Tailscale
    r"dckr_(?:pat|oat)_[\w-]{16,64}",  # Docker
    r"pat-(?:na|eu)[0-9]-[0-9a-f-]{36}",  # HubSpot
    r"Atz[ar]\|[\w+/=-]{24,1024}",  # Amazon
    r"FLWSECK(?:_TEST)?-[\w-]{12,64}",  # Flutterwave
    r"shippo_(?:live|test)_[A-Za-z0-9]{16,64}",
    r"pcsk_[\w-]{32,128}",  # Pinecone
    r"vercel_blob_rw_\w{16,128}",
    r"secret_[A-Za-z0-9]{40,64}(?![A-Za-z0-9])",  # Notion's older ones
    r"outlook\.office\.com/webhook/[\w@/-]{16,512}",
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/+-]{8,255}",  # addresses that are secrets themselves
    r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{8,24}/[\w-]{16,128}",
    r"[\w-]{1,64}\.webhook\.office\.com/[\w@/-]{16,512}",
)
_TOKEN = re.compile(f"(?<![A-Za-z0-9])(?:{'|'.join(_TOKENS)})", re.ASCII)
_RUN = re.compile(rf"[\w-]{{{SHORTEST_RUN}}}", re.ASCII)
_WEB_TOKEN = re.compile(r"(?<![\w-])[\w-]{8,}(?:\.[\w-]*){0,6}", re.ASCII)
"""A run that may hold a JSON Web Token, signed (three parts) or encrypted (five, the second of which may be empty)."""
_LONGEST_WEB_TOKEN_START = 24
"""Characters of Base64 that begin with an object in JSON and are secret even without further parts."""
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----")
_USER_INFO = re.compile(
    r"(?<=://)(?:[^\s/?#@:\"'<>\\]{1,256}|(?=:))"
    r"(?::(?![0-9]{1,5}/)[^\s@\"'<>\\]{0,256}(?:@[^\s@/\"'<>\\]{1,64}){0,3})?@(?=[\w\[-])"
)

Span = tuple[int, int]


def secret_spans(text: str) -> list[Span]:
    """Where secrets stand in a text, in order, not overlapping: pairs of the first place and the one behind the last.

    Of ``scheme://user:password@host`` it is what stands before the ``@``.
    """
    if len(text) < SHORTEST_RUN:
        return []
    found: list[Span] = []
    if "://" in text and "@" in text:
        found += [(match.start(), match.end() - 1) for match in _USER_INFO.finditer(text)]
    if _RUN.search(text) is not None:
        found += [match.span() for match in _TOKEN.finditer(text)]
        if "eyJ" in text:
            found += _web_tokens(text)
    if "PRIVATE KEY" in text:
        found += _private_keys(text)
    return _merged(found) if len(found) > 1 else found


def without_secrets(text: str, instead: str = "[secret]") -> str:
    """A text with something else where secrets stood."""
    spans = secret_spans(text)
    return _replaced(text, spans, instead) if spans else text


def holds_secret(text: str) -> bool:
    """Whether any secret stands in a text."""
    return bool(secret_spans(text))


def _replaced(text: str, spans: list[Span], instead: str) -> str:
    parts = []
    at = 0
    for start, end in spans:
        parts += [text[at:start], instead]
        at = end
    return "".join([*parts, text[at:]])


def _web_tokens(text: str) -> list[Span]:
    """Runs that hold ``eyJ``, which is ``{"`` in Base64: from there on."""
    found = []
    for match in _WEB_TOKEN.finditer(text):
        run = match.group()
        first = run.partition(".")[0]
        at = first.find("eyJ")
        if at < 0:
            continue
        rest = run[len(first) + 1 :]
        if len(first) - at >= (8 if len(rest) >= 4 else _LONGEST_WEB_TOKEN_START):
            found.append((match.start() + at, match.end()))
    return found


def _private_keys(text: str) -> list[Span]:
    """Private keys from their first line to their last, or to the end where that was cut off."""
    found: list[Span] = []
    at = 0
    while begin := _PRIVATE_KEY.search(text, at):
        end = _KEY_END.search(text, begin.end())
        at = end.end() if end else len(text)
        found.append((begin.start(), at))
    return found


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
