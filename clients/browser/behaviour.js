/**
 * Sends what people do on a page to the collector. See docs/sending.md; types are in behaviour.d.ts.
 *
 * Written to be small: everything lives in one closure, whose names a minifier shortens.
 */

const PREFIX = "behaviour.";
const IDLE = 18e5; // a session ends after 30 minutes without an event
const DAY = 864e5; // the longest session, and the longest that a server may tell to wait
const BATCH = 50;
const INTERVAL = 5e3;
const KEPT_ALIVE = 6e4; // bytes under way at once: browsers allow 64 KiB of requests that outlive the page
const STORED = 5e5; // characters that wait in localStorage
const LONGEST_PAUSE = 3e5;
const OBJECT = "[data-object-id]";

let running;

/** Begins to observe the page; a second call returns what the first returned. */
export const start = (options) => (running ||= run(options));

const run = (options) => {
  const required = options.consent == "required";
  const memory = {}; // where the browser refuses localStorage
  const own = "queue." + crypto.randomUUID(); // what waits, of this page: tabs write at the same time
  const seen = new Set(); // objects whose impression this page view has
  const waiting = new Map(); // by element, the timer of its impression
  const now = () => Date.now();
  const uuid = () => crypto.randomUUID();
  const on = (type, listener, target = window) => target.addEventListener(type, listener, true);

  let user = options.userId;
  let queue = [];
  let here = {}; // the page that was viewed last
  let timer;
  let flying = 0; // bytes of requests that have no answer yet
  let failures = 0;
  let departures = 0;
  let shownSince = 0;
  let visible = 0;
  let depth = 0;

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + name));
    } catch {
      return memory[name];
    }
  };

  const write = (name, value) => {
    memory[name] = value;
    try {
      if (value) localStorage.setItem(PREFIX + name, JSON.stringify(value));
      else localStorage.removeItem(PREFIX + name);
    } catch {}
  };

  /** What the person consented to, or nothing where no event may be made. */
  const consented = () => {
    const told = read("consent");
    if (told ? told.analytics : !required)
      return { ...told, ...(navigator.globalPrivacyControl && { personalization: false }) };
  };

  const session = () => {
    const time = now();
    let known = read("session");
    // A clock that was set back ends a session too.
    if (!(Math.abs(time - known?.last) <= IDLE && time - known.first <= DAY)) known = { id: uuid(), first: time };
    write("session", { ...known, last: time });
    return known.id;
  };

  /** The search of this tab, as long as its session lasts. */
  const query = (session_id, query_id) => {
    try {
      if (query_id) sessionStorage[PREFIX + "query"] = session_id + query_id;
      const known = sessionStorage[PREFIX + "query"];
      if (known.startsWith(session_id)) return known.slice(session_id.length);
    } catch {}
  };

  const client = () => {
    const id = options.clientId || read("client") || uuid();
    if (!options.clientId) write("client", id);
    return id;
  };

  const address = () => location.href.replace(options.fragments ? "" : /#.*/, "");

  const emit = (action_name, object, properties, position, more) => {
    if (document.prerendering) {
      on("prerenderingchange", () => emit(action_name, object, properties, position, more), document);
      return;
    }
    const consent = consented();
    if (!consent) return;
    const session_id = session();
    if (here.url == address()) here.title = document.title;
    const event = {
      event_id: uuid(),
      action_name,
      timestamp: new Date(now()).toISOString(),
      application: options.application,
      platform: "web",
      client_id: client(),
      session_id,
      user_id: user,
      query_id: query(session_id),
      page: here,
      consent,
      event_attributes: {
        object: object && (object.object_id ? object : { object_id: object }),
        position,
        properties,
      },
      ...more,
    };
    try {
      // As it is now: what the site handed over may change, or be nothing that JSON can say.
      queue.push(JSON.parse(JSON.stringify(event)));
    } catch (error) {
      console.error(error);
      return;
    }
    if (queue.length < BATCH) schedule();
    else flush();
  };

  /** How long nothing may be sent. A time that is far ahead was told to a clock that has been set since. */
  const paused = () => {
    const left = read("wait") - now();
    return left > 0 && left <= DAY ? left : 0;
  };

  const schedule = () => {
    timer ||= setTimeout(flush, Math.max(INTERVAL, paused()));
  };

  /** Keeps events for later, also for the next page: the newest, where there are too many. */
  const store = (events) => {
    if (!consented()) return;
    events = [...(read(own) || []), ...events];
    while (JSON.stringify(events).length > STORED) events.splice(0, BATCH);
    write(own, events);
  };

  /** What is kept for the site, by its name without the prefix. */
  const kept = () => {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(PREFIX))
        .map((key) => key.slice(PREFIX.length));
    } catch {
      return Object.keys(memory);
    }
  };

  /** Takes over what pages left behind that are gone. */
  const adopt = () => {
    for (const name of kept())
      if (name.startsWith("queue.") && name != own) {
        store(read(name) || []);
        write(name);
      }
    if (read(own)) schedule();
  };

  const post = async (events, size) => {
    const departed = departures;
    let again = [];
    let pause = 0;
    flying += size;
    try {
      const answer = await fetch(options.endpoint, {
        method: "POST",
        keepalive: size < KEPT_ALIVE,
        credentials: "omit",
        body: JSON.stringify({ key: options.key, sent_at: new Date(now()), events }),
      });
      // Until its answer is read, a request counts as under way.
      const { rejected } = (await answer.json().catch(() => 0)) || 0;
      if (answer.status == 429 || answer.status > 499) {
        pause = answer.headers.get("retry-after") * 1e3;
        again = events.filter(
          (_, place) => !rejected || rejected.some((one) => one.index == place && one.reason == "not_stored"),
        );
      } else failures = 0;
    } catch {
      // No answer while the page was left: it went, or it would come twice.
      if (departed == departures) again = events;
    }
    flying -= size;
    if (again[0]) {
      store(again);
      pause = Math.max(pause || 0, Math.min(LONGEST_PAUSE, 1e3 * 2 ** ++failures) * (0.5 + Math.random() / 2));
      write("wait", now() + Math.min(DAY, pause));
      schedule();
    } else flush();
  };

  const flush = (leaving) => {
    clearTimeout(timer);
    timer = 0;
    if (!consented()) queue = []; // another tab may have been told
    const open = navigator.onLine && !paused();
    if (open && leaving != 1) {
      queue = [...(read(own) || []), ...queue];
      write(own);
    }
    while (open && queue[0]) {
      let size = 200; // what encloses the events
      let count = 0;
      while (count < BATCH && queue[count]) {
        const bytes = new Blob([JSON.stringify(queue[count])]).size + 1;
        if ((count || flying) && flying + size + bytes > KEPT_ALIVE) break;
        size += bytes;
        count++;
      }
      if (!count) break; // the next answer goes on
      post(queue.splice(0, count), size);
    }
    if (queue[0] && (!open || leaving == 1)) store(queue.splice(0));
    if (queue[0] || read(own)) schedule();
  };

  /** Tells how long the page was visible, and how much of it, since this was told last. */
  const engaged = () => {
    if (shownSince) visible += performance.now() - shownSince;
    if (visible > 999) {
      emit("engagement", undefined, { visible_seconds: Math.round(visible / 1e3), scroll_percent: depth });
      visible = 0;
    }
    shownSince = document.visibilityState == "visible" && performance.now();
  };

  const view = () => {
    const url = address();
    if (url == here.url || !consented()) return;
    if (here.url) engaged();
    const from = here.url || document.referrer;
    const { protocol, host } = from && new URL(from); // an app has no origin: android-app://...
    here = { url };
    visible = depth = 0;
    shownSince = document.visibilityState == "visible" && performance.now();
    seen.clear();
    observeAnew();
    scrolled();
    emit("view", undefined, undefined, undefined, { referrer: from ? `${protocol}//${host}` : undefined });
  };

  const leave = () => {
    engaged();
    flush(1);
  };

  const scrolled = () => {
    const page = document.documentElement;
    depth = Math.max(depth, Math.min(100, Math.round(((scrollY + innerHeight) / page.scrollHeight) * 100)));
  };

  const acted = (action, { dataset }, point) =>
    emit(
      action,
      { object_id: dataset.objectId, object_id_field: dataset.objectIdField },
      undefined,
      dataset.position ? { ordinal: +dataset.position } : point,
      { recommendation_id: dataset.recommendationId },
    );

  const observer = new IntersectionObserver(
    (entries) =>
      entries.forEach(({ target, isIntersecting }) => {
        clearTimeout(waiting.get(target));
        if (isIntersecting)
          waiting.set(
            target,
            setTimeout(() => {
              const id = target.dataset.objectId;
              if (id && !seen.has(id) && consented()) {
                seen.add(id);
                acted("impression", target);
              }
            }, 1e3),
          );
      }),
    { threshold: 0.5 },
  );

  const observe = () => document.querySelectorAll(OBJECT).forEach((element) => observer.observe(element));

  const observeAnew = () => {
    waiting.forEach((timer) => clearTimeout(timer));
    observer.disconnect();
    if (!document.hidden) observe();
  };

  const clicked = (event) => {
    const element = event.button < 2 && event.target.closest?.(OBJECT);
    if (element) acted(element.dataset.action || "click", element, { xy: { x: event.pageX, y: event.pageY } });
  };

  const push = history.pushState;
  history.pushState = function (...given) {
    push.apply(this, given);
    setTimeout(view); // what a framework does to the title comes first
  };
  on("popstate", () => setTimeout(view));
  on("pageshow", (event) => {
    if (event.persisted) {
      here = {};
      view();
    }
  });
  on("pagehide", () => {
    leave();
    departures++;
  });
  on(
    "visibilitychange",
    () => {
      observeAnew();
      if (document.hidden) leave();
      else {
        engaged();
        adopt();
      }
    },
    document,
  );
  on("online", () => {
    write("wait");
    flush();
    setTimeout(adopt, INTERVAL); // other tabs have sent their own by then
  });
  on("scroll", scrolled);
  on("click", clicked);
  on("auxclick", clicked);
  new MutationObserver((changes) => {
    // An element that a list uses again for another object is another impression.
    changes.forEach(({ type, target }) => type == "attributes" && observer.unobserve(target));
    observe();
  }).observe(document, { childList: true, subtree: true, attributeFilter: ["data-object-id"] });
  view();
  adopt();

  return {
    track: (action, object, properties, more) => emit(action, object, properties, undefined, more),
    search: (user_query, impressions, query_id = uuid()) => {
      if (consented()) query(session(), query_id);
      emit("search", undefined, undefined, undefined, { user_query, impressions });
      return query_id;
    },
    identify: (id) => {
      user = id;
    },
    consent: (given) => {
      const told = given.analytics == undefined ? { analytics: given } : given;
      if (told.analytics) {
        write("consent", told);
        view();
      } else {
        queue = [];
        here = {};
        kept().forEach((name) => write(name));
        try {
          sessionStorage.removeItem(PREFIX + "query");
        } catch {}
        if (!required) write("consent", told);
      }
    },
  };
};
