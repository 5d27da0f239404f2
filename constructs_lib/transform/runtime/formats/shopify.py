"""Customer events of Shopify's web pixels.

https://shopify.dev/docs/api/web-pixels-api/standard-events
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken
from ..settings import Settings
from . import shop
from .draft import Draft, first_of, mapping_of
from .format import Format

_ACTIONS = {
    "page_viewed": "view",
    "product_viewed": "view",
    "collection_viewed": "impression",
    "search_submitted": "search",
    "product_added_to_cart": "add_to_cart",
    "product_removed_from_cart": "remove_from_cart",
    "checkout_started": "checkout",
    "checkout_completed": "purchase",
    "clicked": "click",
    "form_submitted": "submit",
}


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The draft of an event. Nothing of a checkout is taken but its order, its worth and its products."""
    context, name = mapping_of(value.get("context")), value.get("name")
    seen = mapping_of(context.get("document"))
    if not isinstance(name, str) or not seen or "clientId" not in value:
        return None
    if not name.strip():
        raise Broken("no_action")
    data = mapping_of(value.get("data"))
    checkout, cart = mapping_of(data.get("checkout")), mapping_of(data.get("cart"))
    line, found = mapping_of(data.get("cartLine")), mapping_of(data.get("searchResult"))
    order = mapping_of(checkout.get("order"))
    worth = mapping_of(checkout.get("totalPrice")) or mapping_of(
        mapping_of(first_of(line, "cost") or cart.get("cost")).get("totalAmount")
    )
    word = _ACTIONS.get(name)
    draft: Draft = {"action_name": word} if word else {"event_name": name}
    draft |= {
        "timestamp": value.get("timestamp"),
        "event_id": value.get("id"),
        "application": settings.application,
        "platform": "web",
        "client_id": value.get("clientId"),
        "user_id": first_of(mapping_of(order.get("customer")), "id"),
        "url": mapping_of(seen.get("location")).get("href"),
        "title": seen.get("title"),
        "referrer_url": seen.get("referrer"),
        "user_agent": mapping_of(context.get("navigator")).get("userAgent"),
        "user_query": found.get("query"),
        "event_value": worth.get("amount"),
        "currency": worth.get("currencyCode"),
        "properties": {"order_id": order.get("id")} | mapping_of(value.get("customData")),
    }
    variants = (
        _list(checkout.get("lineItems"))
        or _list(cart.get("lines"))
        or _list(found.get("productVariants"))
        or _list(mapping_of(data.get("collection")).get("productVariants"))
        or [line or data.get("productVariant")]
    )
    shop.place(draft, [_product(mapping_of(one)) for one in variants[: shop.MOST]])
    return draft


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _product(line: dict[str, Any]) -> dict[str, Any]:
    """A variant of a product, alone or in a line of a cart or an order."""
    variant = mapping_of(line.get("variant") or line.get("merchandise")) or line
    product = mapping_of(variant.get("product"))
    return {
        "product_id": first_of(product, "id"),
        "name": product.get("title"),
        "category": product.get("type"),
        "brand": product.get("vendor"),
        "price": mapping_of(variant.get("price")).get("amount"),
        "quantity": line.get("quantity"),
    }


FORMAT = Format("shopify", fields, signs=frozenset({"clientId"}))
