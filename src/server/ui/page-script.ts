/**
 * The script of the page. It is a text, so that bundlers of users need no second entry; it only puts HTML of this server in its place, and
 * lights up nodes of a graph.
 */
export const pageScript = `"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const main = document.querySelector("main");
  const list = at("runs");
  const most = Number(main.dataset.most);
  const known = new Map();
  let asked;

  const localTimes = (element) => {
    for (const time of element.querySelectorAll("time")) {
      time.textContent = new Date(time.dateTime).toLocaleTimeString();
      time.title = new Date(time.dateTime).toLocaleString();
    }
  };
  const fill = (element, html) => {
    element.innerHTML = html;
    localTimes(element);
  };

  // Announcements: at most one in five seconds, the last of them with how many there were.
  let ended = [];
  let quiet;
  const announce = () => {
    if (ended.length === 0) return void (quiet = undefined);
    const last = ended[ended.length - 1];
    at("news").textContent = ended.length === 1 ? last : ended.length + " runs ended, the last: " + last;
    ended = [];
    quiet = setTimeout(announce, 5000);
  };

  const put = ({ id, html }) => {
    const box = document.createElement("ol");
    fill(box, html);
    const item = box.firstElementChild;
    const before = at("run-" + id);
    const focused = before && before.contains(document.activeElement);
    if (before) before.replaceWith(item);
    else list.prepend(item);
    if (focused) item.querySelector("a").focus();
    while (list.children.length > most) list.lastElementChild.remove();
    at("no-runs").hidden = true;
    return before ? before.dataset.status : undefined;
  };

  const light = ({ node, lit, status, failed = [] }) => {
    const nodes = new Set(lit ? lit.nodes : []);
    const edges = new Set(lit ? lit.edges : []);
    for (const part of at("graph").querySelectorAll("g.node, g.edge")) {
      const title = part.querySelector("title").textContent;
      const on = (part.classList.contains("node") ? nodes : edges).has(title);
      part.classList.toggle("ran", on);
      part.classList.toggle("failed", failed.includes(title));
      part.classList.toggle("now", on && status === "running" && (title === node || title === node + ":__end__"));
    }
  };

  const follow = (item) => {
    fill(at("run-now"), item.steps);
    light(item);
    const words = { running: item.node ? item.node + " done" : "running", ok: "answered", error: "failed" };
    at("progress").textContent = item.model + ": " + (words[item.status] || item.status);
    at("ask").classList.toggle("busy", item.status === "running");
  };

  const source = new EventSource("ui/events?since=" + encodeURIComponent(main.dataset.since));
  const live = (on, words) => {
    at("live").textContent = words;
    at("live").className = on ? "live" : "live off";
  };
  source.onopen = () => live(true, "live");
  source.onerror = () => live(false, source.readyState === 2 ? "not live: reload the page" : "reconnecting");
  source.addEventListener("stale", () => location.reload());
  source.addEventListener("runs", ({ data }) => {
    for (const item of JSON.parse(data)) {
      const before = put(item);
      if (before !== item.status && item.status !== "running") ended.push(item.model + " " + (item.status === "ok" ? "answered" : "failed"));
      if (item.steps !== undefined) {
        known.set(item.id, item);
        if (known.size > 20) known.delete(known.keys().next().value);
        if (item.id === asked) follow(item);
      }
    }
    if (quiet === undefined) announce();
  });
  source.addEventListener("panels", ({ data }) => {
    const { spend, limits } = JSON.parse(data);
    fill(at("spend"), spend);
    fill(at("limits"), limits);
  });

  const draw = async () => {
    const figure = at("graph");
    const reply = await fetch("ui/graph?model=" + encodeURIComponent(at("model").value)).catch(() => undefined);
    figure.hidden = !(reply && reply.ok);
    figure.replaceChildren();
    if (figure.hidden) return;
    const { documentElement } = new DOMParser().parseFromString(await reply.text(), "image/svg+xml");
    figure.replaceChildren(document.importNode(documentElement, true));
  };
  let drawing = draw();
  at("model").addEventListener("change", () => {
    asked = undefined;
    at("run-now").replaceChildren();
    drawing = draw();
  });

  at("ask").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(at("ask")));
    at("run-now").replaceChildren();
    at("progress").textContent = "asked";
    await drawing;
    light({});
    const reply = await fetch("ui/ask", { method: "POST", body, headers: { accept: "application/json" } }).catch(() => undefined);
    if (!reply || !reply.ok) {
      at("progress").textContent = "The question was not accepted: " + (reply ? await reply.text() : "no connection");
      at("run-now").textContent = at("progress").textContent;
      return;
    }
    asked = (await reply.json()).id;
    if (known.has(asked)) follow(known.get(asked));
  });
  at("question").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("ask").requestSubmit();
  });
  localTimes(document);
})();
`;
