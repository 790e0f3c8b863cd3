// The state of the page, its requests, and the keyboard.

const token = new URLSearchParams(location.search).get("token") || "";
const main = document.getElementById("main");
const filters = document.getElementById("filters");
const summary = document.getElementById("summary");
const live = document.getElementById("live");

/** The permanent link of a trace. */
function linkTo(traceId) {
  return `/trace/${encodeURIComponent(traceId)}?token=${encodeURIComponent(token)}`;
}

async function ask(path) {
  const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  if (!answer.ok) throw Object.assign(new Error(JSON.parse(text).error), { status: answer.status });
  return text;
}

let view = null;
let load = null;

/** Shows what the address says. */
function route() {
  const trace = location.pathname.match(/^\/trace\/([^/]+)$/);
  const isRoutes = !trace && location.hash === "#routes";
  document.getElementById("tab-traces").toggleAttribute("aria-current", !isRoutes);
  document.getElementById("tab-routes").toggleAttribute("aria-current", isRoutes);
  filters.hidden = Boolean(trace) || isRoutes;
  summary.textContent = "";
  if (trace) {
    const id = decodeURIComponent(trace[1]);
    view = waterfallView(id, () => go("/"));
    load = async () => {
      try {
        view.show(await ask(`/api/traces/${encodeURIComponent(id)}`));
      } catch (error) {
        if (error.status !== 404) throw error;
        view.missing(error.message);
      }
    };
    document.title = `Trace ${id.slice(0, 8)}`;
  } else if (isRoutes) {
    view = routesView();
    load = async () => view.show(JSON.parse(await ask("/api/routes")));
    document.title = "Routes";
  } else {
    const list = listView(id => go(linkTo(id)));
    view = list;
    load = async () => {
      const parameters = new URLSearchParams(new FormData(filters));
      const answer = JSON.parse(await ask(`/api/traces?${parameters}`));
      if (view === list) {
        list.show(answer);
        summarize(answer);
      }
    };
    document.title = "Traces";
  }
  main.replaceChildren(view.view);
  refresh();
}

function summarize({ kept, selected, evicted, bytes, limitBytes, runningCount }) {
  const mebibytes = value => `${(value / 1048576).toFixed(value < 10485760 ? 1 : 0)} MiB`;
  summary.textContent = `${selected === kept ? "" : `${selected} of `}${kept} traces · ${runningCount} running · `
    + `${mebibytes(bytes)} of ${mebibytes(limitBytes)}` + (evicted ? ` · ${evicted} dropped` : "");
}

/** Goes to another address without loading the page again. */
function go(path) {
  const address = new URL(path, location.origin);
  address.searchParams.set("token", token);
  history.pushState(null, "", address);
  route();
  main.focus({ preventScroll: true });
}

let isLoading = false;
let isStale = false;

/** Asks again, one request at a time. */
async function refresh() {
  if (isLoading) {
    isStale = true;
    return;
  }
  isLoading = true;
  try {
    const loading = load;
    await loading();
    isStale ||= loading !== load;
  } catch (error) {
    live.className = "";
    live.textContent = error.message || "the viewer does not answer";
  }
  isLoading = false;
  if (isStale) {
    isStale = false;
    setTimeout(refresh, 100);
  }
}

function listen() {
  const events = new EventSource(`/api/events?token=${encodeURIComponent(token)}`);
  events.onopen = () => { live.className = "on"; live.textContent = "live"; };
  events.onerror = () => { live.className = ""; live.textContent = "not connected"; };
  events.onmessage = refresh;
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.closest("input, select, textarea");
  if (event.key === "Escape") {
    if (isTyping) event.target.blur();
    else if (location.pathname !== "/" || location.hash) go("/");
  } else if (isTyping) {
    return;
  } else if (event.key === "/" && !filters.hidden) {
    event.preventDefault();
    filters.elements.text.focus();
  } else if (!(event.key === "Enter" && event.target.closest("a, button")) && view.key(event.key)) {
    event.preventDefault();
  }
});

document.querySelector("nav").addEventListener("click", event => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});

// The filters are part of the address, so that a list has a link, too.
for (const [name, value] of new URLSearchParams(location.search)) {
  if (name !== "token" && filters.elements[name]) filters.elements[name].value = value;
}
filters.addEventListener("submit", event => event.preventDefault());
filters.addEventListener("input", () => {
  const address = new URL(location.href);
  for (const [name, value] of new FormData(filters)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  history.replaceState(null, "", address);
  refresh();
});

window.addEventListener("popstate", route);
setInterval(() => view.tick && view.tick(), 250);
route();
listen();
