import { start } from "/behaviour.min.js";
import { endpoint } from "/settings.js";

const behaviour = start({ endpoint, application: "demo" });
const lamps = { B01: "Brass lamp", B02: "Glass lamp", B03: "Paper lamp", B04: "Floor lamp" };
const titles = { "/": "Lamps", "/lamp": "A lamp", "/basket": "Basket" };
const find = (selector) => document.querySelector(selector);

const make = (name, text, data = {}) => {
  const element = document.createElement(name);
  element.textContent = text;
  Object.assign(element.dataset, data);
  return element;
};

const draw = (ids) => {
  document.title = titles[location.pathname];
  find("#list").replaceChildren(
    ...ids.map((id, place) => {
      const data = { objectId: id, objectIdField: "sku" };
      const item = make("li", "", { ...data, position: place + 1 });
      item.append(make("b", lamps[id]), " ", make("button", "into the basket", { ...data, action: "add_to_cart" }));
      return item;
    }),
  );
};

const route = () => draw(location.pathname == "/lamp" ? ["B01"] : location.pathname == "/" ? Object.keys(lamps) : []);

find("nav").addEventListener("click", (event) => {
  const path = event.target.getAttribute("href");
  if (!path) return;
  event.preventDefault();
  history.pushState({}, "", path);
  route();
});
addEventListener("popstate", route);
find("#search").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = event.target.words.value;
  const found = Object.keys(lamps).filter((id) => lamps[id].toLowerCase().includes(words.toLowerCase()));
  behaviour.search(words, found);
  draw(found);
});
find("#yes").addEventListener("click", () => behaviour.consent({ analytics: true, personalization: true }));
find("#no").addEventListener("click", () => behaviour.consent(false));
find("#signin").addEventListener("click", () => behaviour.identify("u-42"));
route();

const show = async () => {
  const documents = await (await fetch("/documents")).json();
  find("#documents").replaceChildren(...documents.reverse().map((one) => make("li", JSON.stringify(one, null, 1))));
};
setInterval(show, 1000);
