"""Products and events of shops, as the e-commerce specifications of Segment, RudderStack and Google name them.

https://segment.com/docs/connections/spec/ecommerce/v2/, https://developers.google.com/analytics/devguides/collection/ga4/reference/events
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from .. import json_text
from .draft import Draft, first_of

MOST = 200
"""Products of one event that are looked at."""
_IDS = (
    "product_id", "productId", "productID", "item_id", "itemId", "object_id", "objectId", "id", "sku", "SKU",
    "product_sku", "productSku", "variant_id", "itemid", "productid", "ITEM_ID", "PRODUCT_ID",
)  # fmt: skip
_SURE_IDS = frozenset(_IDS) - {"id", "sku", "SKU", "object_id", "objectId"}
_OF_A_PRODUCT = frozenset({"sku", "SKU", "price", "quantity", "product_name", "brand"})
_NAMES = ("name", "product_name", "productName", "item_name", "itemName", "title")
_PRICES = ("price", "unit_price", "unitPrice", "item_price")
_QUANTITIES = ("quantity", "qty", "Quantity", "item_quantity")
_CATEGORIES = ("category", "product_category", "item_category", "categories", "productCategory")
_MORE_CATEGORIES = tuple(f"{name}{number}" for number in range(2, 6) for name in ("category", "item_category"))
_BRANDS = ("brand", "item_brand", "product_brand", "vendor")
_POSITIONS = ("position", "index")
PRODUCT_LISTS = ("products", "items", "line_items", "lineItems")
PRODUCT_NAMES = frozenset(
    {*_IDS, *_NAMES, *_PRICES, *_QUANTITIES, *_CATEGORIES, *_MORE_CATEGORIES, *_BRANDS, *_POSITIONS, *PRODUCT_LISTS}
    - {"id", "title", "index"}
)
"""Names of properties that have a place of their own in the document where the properties are a product's."""

_ACTIONS = {
    "product clicked": "click",
    "product viewed": "view",
    "product list viewed": "impression",
    "product category viewed": "impression",
    "product list filtered": "filter",
    "product added": "add_to_cart",
    "product removed": "remove_from_cart",
    "product added to wishlist": "add_to_wishlist",
    "product removed from wishlist": "remove_from_wishlist",
    "wishlist product added to cart": "add_to_cart",
    "product shared": "share",
    "cart shared": "share",
    "product reviewed": "review",
    "products searched": "search",
    "checkout started": "checkout",
    "order completed": "purchase",
    "order refunded": "refund",
    "promotion clicked": "click",
    "promotion viewed": "impression",
    "video playback started": "watch",
    # Google Analytics 4
    "page view": "view",
    "screen view": "view",
    "view item": "view",
    "view item list": "impression",
    "view promotion": "impression",
    "select item": "click",
    "select promotion": "click",
    "select content": "click",
    "begin checkout": "checkout",
    "view search results": "search",
    "file download": "download",
    "video start": "watch",
}
"""Names of the common specifications, in the words that User Behavior Insights has for them."""
_VERBS = frozenset(
    {"clicked", "viewed", "added", "removed", "searched", "started", "completed", "refunded", "shared", "reviewed"}
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s_./:-]+")
_LONGEST = 60


def action_of(event: str) -> str | None:
    """The common word for an event's name: ``Order Completed``, ``Completed Order`` of the specification's first
    version, ``order_completed`` and ``OrderCompleted`` are a ``purchase``. None: it has none.
    """
    return _action_of(event) if len(event) <= _LONGEST else None


@lru_cache(maxsize=2048)
def _action_of(event: str) -> str | None:
    words = _BETWEEN.split(_CAMEL.sub(" ", event.strip()).lower())
    found = _ACTIONS.get(" ".join(words))
    if found is None and len(words) > 1 and words[0] in _VERBS:
        found = _ACTIONS.get(" ".join((*words[1:], words[0])))
    return found


def is_about(properties: dict[str, Any]) -> bool:
    """Whether an event of no known specification is about a product: a stock keeping unit alone may be anything's."""
    names = properties.keys()
    return "product" in names or not _SURE_IDS.isdisjoint(names) or ("sku" in names and "price" in names)


def product_of(value: Any) -> dict[str, Any] | None:
    """An object of the document, of a product in any of the spellings; None where it has no id.

    ``id`` alone is a product's only where something else is too: an event's properties have ids of many things.
    """
    if not isinstance(value, dict):
        return None
    field = next((name for name in _IDS if value.get(name) not in (None, "")), None)
    if field is None or (field == "id" and _OF_A_PRODUCT.isdisjoint(value)):
        return None
    return {
        "object_id": value[field],
        "object_id_field": value.get("object_id_field") if field == "object_id" else field,
        "name": first_of(value, *_NAMES),
        "category": _categories(value),
        "brand": first_of(value, *_BRANDS),
        "price": first_of(value, *_PRICES),
        "quantity": first_of(value, *_QUANTITIES),
    }


def _categories(value: dict[str, Any]) -> Any:
    first = first_of(value, *_CATEGORIES)
    more = [value[name] for name in _MORE_CATEGORIES if value.get(name)]
    return [*(first if isinstance(first, list) else [first] if first else []), *more] if more else first


def place(draft: Draft, products: Any) -> None:
    """Put an event's products into its draft: one is the object, several are its items."""
    if not isinstance(products, list):
        products = [products]
    found = [product for one in products[:MOST] if (product := product_of(one)) is not None]
    if not found:
        return
    if len(found) > 1:
        draft["items"] = found
    elif draft.get("object") is None:
        draft["object"] = found[0]


def place_of(draft: Draft, properties: dict[str, Any]) -> dict[str, Any]:
    """Put the products that an event's properties name into its draft: a list of them, or the one that they are about.
    Gives back the properties without what has its place.
    """
    for name in PRODUCT_LISTS:
        given = properties.get(name)
        if isinstance(given, str) and given.startswith("["):  # a tag manager's text
            given = json_text.inner(given)
        if isinstance(given, list):
            before = len(draft)
            place(draft, given)
            return {key: item for key, item in properties.items() if key != name} if len(draft) > before else properties
    if draft.get("object") is not None:
        return properties
    place(draft, properties.get("product"))
    if draft.get("object") is not None:
        return {key: item for key, item in properties.items() if key != "product"}
    place(draft, properties)
    thing = draft.get("object")
    if thing is None:
        return properties
    return {
        key: item for key, item in properties.items() if key not in PRODUCT_NAMES and key != thing["object_id_field"]
    }
