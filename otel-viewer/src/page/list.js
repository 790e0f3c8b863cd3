// The list of traces, and the table of routes.

function listView(open) {
  const body = element("tbody");
  const table = element("table", { class: "traces", "aria-label": "Traces" },
    element("thead", null, element("tr", null,
      ...["status", "request", "service", "started"].map(name => element("th", null, name)),
      ...["spans", "logs", "duration"].map(name => element("th", { class: "number" }, name)))),
    body);
  const empty = element("div", { class: "empty", hidden: true },
    element("p", null, "Nothing has arrived yet."),
    element("p", null, `Programs send OTLP over HTTP to ${location.origin}: OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}`));
  const view = element("div", null, table, empty);
  let rows = [];
  let chosen = null;

  function row(trace) {
    const badge = trace.isRunning ? ["running", "running"]
      : trace.isError ? [trace.status || "error", "error"]
      : trace.isSlow ? [trace.status || "slow", "slow"] : [trace.status || "ok", "good"];
    const name = trace.isRunning ? [trace.method, trace.path].filter(Boolean).join(" ") : trace.name;
    const at = trace.path && !trace.isRunning && !name.endsWith(trace.path) ? shortText(trace.path) : null;
    const took = element("td", { class: "number" }, duration(trace.durationNano), trace.isSlow ? " slow" : "");
    if (trace.isRunning) took.since = performance.now() - trace.durationNano / 1e6;
    return element("tr", {
      "data-trace": trace.traceId, "data-key": keyOf(trace), class: trace.isRunning ? "running" : null,
      click: event => { event.preventDefault(); open(trace.traceId); },
    },
      element("td", null, element("span", { class: `badge ${badge[1]}` }, String(badge[0]))),
      element("td", null, element("a", { href: linkTo(trace.traceId) }, shortText(name || "(no name)")),
        at && element("span", { class: "faint" }, " ", at), trace.isPartial ? element("span", { class: "faint" }, " · root not here") : null),
      element("td", null, ...(trace.services || []).map(service =>
        element("span", { class: "service", "--hue": hue(service) }, shortText(service)))),
      element("td", { class: "faint" }, timeOfDay(trace.startUnixNano)),
      element("td", { class: "number" }, String(trace.spans ?? "")),
      element("td", { class: "number" }, trace.logs ? String(trace.logs) : ""),
      took);
  }

  const keyOf = trace => trace.spanId || trace.traceId;

  function mark() {
    for (const child of body.children) {
      child.setAttribute("aria-selected", String(child.dataset.key === chosen));
    }
  }

  return {
    view,
    show(list) {
      const running = list.running.map(request => ({ ...request, isRunning: true }));
      rows = [...running, ...list.traces];
      // The duration of a running request changes all the time, so its row is compared by itself.
      const made = new Map([...body.children].map(child => [child.dataset.key, child]));
      reconcile(body, rows.map(trace => trace.isRunning && made.has(keyOf(trace)) ? { ...trace, durationNano: 0 } : trace),
        keyOf, trace => (trace.isRunning && made.get(keyOf(trace))) || row(trace));
      empty.hidden = rows.length > 0;
      if (!empty.hidden) empty.firstChild.textContent = list.kept ? "No trace matches the filters." : "Nothing has arrived yet.";
      table.hidden = rows.length === 0;
      mark();
    },
    tick() {
      for (const child of body.children) {
        const took = child.lastChild;
        if (took.since !== undefined) took.textContent = duration((performance.now() - took.since) * 1e6);
      }
    },
    key(key) {
      const at = rows.findIndex(trace => keyOf(trace) === chosen);
      if (key === "Enter" && at >= 0) return open(rows[at].traceId), true;
      if (key !== "ArrowDown" && key !== "ArrowUp") return false;
      const next = Math.min(rows.length - 1, Math.max(0, at + (key === "ArrowDown" ? 1 : -1)));
      if (!rows[next]) return false;
      chosen = keyOf(rows[next]);
      mark();
      body.children[next].scrollIntoView({ block: "nearest" });
      return true;
    },
  };
}

function routesView() {
  const seconds = value => (value == null ? "" : duration(value * 1e9));
  const columns = [
    ["route", row => row.route || "(no route)"], ["method", row => row.method], ["service", row => row.service],
    ["requests/s", row => row.perSecond, value => value.toFixed(2)], ["requests", row => row.count],
    ["errors", row => row.errors], ["errors %", row => 100 * row.errors / Math.max(1, row.count), value => value.toFixed(1)],
    ["mean", row => row.meanSeconds, seconds], ["p50", row => row.p50Seconds, seconds], ["p95", row => row.p95Seconds, seconds],
  ];
  let by = 3;
  let rows = [];
  const body = element("tbody");
  const header = columns.map(([name], at) => element("th", { class: at > 2 ? "number" : null },
    element("button", { type: "button", click: () => { by = at; fill(); } }, name)));
  const empty = element("div", { class: "empty" }, "No metrics of HTTP servers have arrived yet (http.server.request.duration).");
  const table = element("table", { "aria-label": "Routes" }, element("thead", null, element("tr", null, ...header)), body);
  function fill() {
    const value = columns[by][1];
    rows.sort((one, other) => typeof value(one) === "string" ? value(one).localeCompare(value(other)) : (value(other) || 0) - (value(one) || 0));
    body.replaceChildren(...rows.map(row => element("tr", { class: row.errors ? "error" : null },
      ...columns.map(([, value, format], at) => element("td", { class: at > 2 ? "number" : null },
        at > 2 ? (format || String)(value(row)) : shortText(value(row)))))));
    empty.hidden = rows.length > 0;
    table.hidden = rows.length === 0;
  }
  fill();
  return { view: element("div", null, table, empty), show(answer) { rows = answer.routes; fill(); }, key: () => false };
}
