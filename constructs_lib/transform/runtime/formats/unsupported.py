"""Known shapes that are not supported: refused by name, so that the last format does not store anything of them.

Each is recognised by names that no other producer uses.
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken
from ..settings import Settings
from .draft import Draft, mapping_of
from .format import Format

_SHAPES: tuple[tuple[str, frozenset[str]], ...] = (
    ("AWS CloudTrail", frozenset({"eventVersion", "eventSource", "userIdentity"})),
    ("AWS WAF", frozenset({"webaclId", "httpRequest"})),
    ("Amazon S3 event notifications", frozenset({"eventVersion", "eventSource", "s3"})),
    ("AWS Lambda requests", frozenset({"requestContext", "isBase64Encoded"})),
    ("Cloudflare's firewall events", frozenset({"Action", "RayID"})),
    ("Cloudflare's firewall events", frozenset({"Action", "RayName"})),
    ("Amazon DynamoDB's streams", frozenset({"dynamodb", "eventSource"})),
    ("CloudWatch alarms", frozenset({"AlarmName", "NewStateValue"})),
    ("CloudWatch embedded metrics", frozenset({"_aws"})),
    ("CloudWatch metric streams", frozenset({"metric_stream_name"})),
    ("Adobe Experience Platform", frozenset({"xdm"})),
    ("Adobe Experience Platform", frozenset({"xdmEntity"})),
    ("Adobe Experience Platform", frozenset({"xdmMeta"})),
    ("Braze Currents", frozenset({"external_user_id", "event_type"})),
    ("Braze Currents", frozenset({"external_user_id", "name"})),
    ("Meta's Conversions API", frozenset({"event_name", "action_source"})),
    ("Meta's Conversions API", frozenset({"event_name", "user_data"})),
    ("mParticle", frozenset({"mpid"})),
    ("AppsFlyer", frozenset({"appsflyer_id"})),
    ("Adjust", frozenset({"activity_kind"})),
    ("Adobe Experience Platform", frozenset({"identityMap"})),
    ("Heap", frozenset({"app_id", "identity"})),
    ("Heap", frozenset({"heap_event_id"})),
    ("Heap", frozenset({"heap_user_id"})),
    ("FullStory", frozenset({"IndvId"})),
    ("Sentry", frozenset({"event_id", "platform", "sdk"})),
    ("Sentry", frozenset({"event_id", "exception"})),
    ("Kubernetes audit", frozenset({"auditID", "verb"})),
    ("Matomo's exports", frozenset({"idSite", "idVisit"})),
    ("Firebase Crashlytics", frozenset({"issue_id", "bundle_identifier"})),
    ("Prometheus alerts", frozenset({"alerts", "receiver"})),
    ("Shopify's webhooks, whose topic is not in them", frozenset({"admin_graphql_api_id"})),
    ("WooCommerce's webhooks, likewise", frozenset({"order_key", "line_items"})),
    ("Magento's orders", frozenset({"increment_id", "grand_total"})),
    ("Stripe", frozenset({"object", "livemode"})),
    ("GitHub", frozenset({"sender", "repository"})),
    ("Auth0", frozenset({"log_id", "_id"})),
    ("SendGrid", frozenset({"sg_event_id"})),
    ("Mailchimp", frozenset({"fired_at", "data"})),
    ("Customer.io", frozenset({"object_type", "metric"})),
    ("Klaviyo", frozenset({"metric", "profile"})),
    ("Adobe Analytics' hits", frozenset({"hitid_high"})),
    ("Snowplow's tracker requests", frozenset({"schema", "data"})),
    ("Datadog RUM", frozenset({"session", "view", "application"})),
    ("Azure Application Insights", frozenset({"iKey", "data"})),
    ("Azure Application Insights", frozenset({"OperationName", "ClientIP", "UserAuthenticatedId"})),
    ("Cloudflare Workers", frozenset({"ScriptName", "Outcome"})),
    ("xAPI", frozenset({"actor", "verb", "object"})),
    ("Activity Streams", frozenset({"@context", "actor"})),
    ("Umami", frozenset({"payload", "cache"})),
)
"""Names that make a shape when all of them are there."""
_PREFIXES = ("$", "mp_", "amplitude_", "heap_", "ga_")
_IDS = frozenset(
    {"distinct_id", "insert_id", "$insert_id", "$device_id", "amplitude_id", "user_pseudo_id", "domain_userid"}
)
SIGNS = frozenset().union(*(names for _, names in _SHAPES))


def fields(value: dict[str, Any], _settings: Settings) -> Draft | None:
    """None; a shape of the list is refused, and so is one with an analytics vendor's own names.

    Raises:
        Broken: ``unsupported_shape``.
    """
    names = value.keys()
    if not SIGNS.isdisjoint(names) and any(signs <= names for _, signs in _SHAPES):
        raise Broken("unsupported_shape")
    inner = mapping_of(value.get("properties")).keys()
    if _is_vendors(names) or _is_vendors(inner):
        raise Broken("unsupported_shape")
    return None


def _is_vendors(names: Any) -> bool:
    return not _IDS.isdisjoint(names) or sum(name.startswith(_PREFIXES) for name in names) >= 2


FORMAT = Format("unsupported", fields)
