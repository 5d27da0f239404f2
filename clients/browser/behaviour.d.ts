/** What may be said when the observing begins. */
export interface Options {
  /** URL of the collector: `https://collect.shop.example/collect`. */
  endpoint: string;
  /** One of the deployment's public keys, where it has any. */
  key?: string;
  /** Name of the site or app, for events of several in one domain. */
  application?: string;
  /** The site's own id of this browser. Default: a random one in localStorage, which Safari forgets after 7 days. */
  clientId?: string;
  /** The signed-in person; `identify` says it later. Becomes a pseudonym before it is stored. */
  userId?: string;
  /** `required`: nothing is stored and nothing sent until `consent` is told. */
  consent?: "required";
  /** Whether what follows `#` is part of a page's address. Default: it never leaves the browser. */
  fragments?: boolean;
}

/** What was acted on. */
export interface BehaviourObject {
  object_id: string | number;
  /** The name of the id, such as `sku`. */
  object_id_field?: string;
  object_id_type?: string;
  name?: string;
  category?: string | string[];
  brand?: string;
  price?: number;
}

/** Further fields of an event, by the document's names. */
export interface Fields {
  event_value?: number;
  /** Three letters of ISO 4217. */
  currency?: string;
  recommendation_id?: string;
  query_id?: string;
  impressions?: (string | number)[];
  message?: string;
  message_type?: string;
}

export interface Consent {
  analytics: boolean;
  /** Default: nothing is said about it. */
  personalization?: boolean;
}

export interface Behaviour {
  /** An action of the site's own: `add_to_cart`, `purchase` ... */
  track(
    action: string,
    object?: string | number | BehaviourObject,
    properties?: Record<string, string | number | boolean>,
    more?: Fields,
  ): void;
  /** A search and the ids that it found. Events that follow in this tab carry its query id, which is returned. */
  search(query: string, found?: (string | number)[], queryId?: string): string;
  /** The person that signed in; nothing: signed out. */
  identify(userId?: string): void;
  /** What the person said. `false` erases what this browser stored, and stops. */
  consent(given: boolean | Consent): void;
}

/** Begins to observe the page; a second call returns what the first returned. */
export function start(options: Options): Behaviour;
