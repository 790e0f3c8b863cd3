// One trace: its spans as bars, and the details of the chosen one.

function waterfallView(id, back) {
  const title = element("h1");
  const facts = element("span", { class: "faint" });
  const copyJson = element("button", { type: "button", id: "copy-json", click: () => text && copy(text, copyJson) }, "copy as JSON");
  const copyLink = element("button", { type: "button", id: "copy-link", click: () => copy(location.href, copyLink) }, "copy link");
  const axis = element("div", { class: "axis" }, element("div", null, "span"), element("div"));
  const rows = element("div", { role: "tree", "aria-label": "Spans" });
  const loose = element("div");
  const view = element("div", null,
    element("div", { class: "heading" }, element("button", { type: "button", click: back }, "← traces"), title, facts,
      element("code", null, id), copyJson, copyLink),
    element("div", { class: "waterfall" }, axis, rows), loose);
  let text = null;
  let trace = null;
  let chosen = null;
  const folded = new Set();

  const visible = () => {
    const shown = [];
    let hiddenBelow = Infinity;
    for (const span of trace.spans) {
      if (span.depth > hiddenBelow) continue;
      hiddenBelow = folded.has(span.id) ? span.depth : Infinity;
      shown.push(span);
    }
    return shown;
  };

  function draw() {
    const total = Number(trace.end - trace.start) || 1;
    const percent = nanoseconds => `${(Math.max(0, Math.min(1, Number(nanoseconds) / total)) * 100).toFixed(3)}%`;
    const root = trace.spans[0];
    title.replaceChildren(root ? shortText(fullName(root)) : "log records without spans");
    const running = trace.spans.filter(span => span.isRunning).length;
    facts.textContent = `${duration(total)} · ${trace.spans.length} spans` + (running ? ` · ${running} running` : "");
    axis.lastChild.replaceChildren(...[0, .25, .5, .75, 1].map(part => element("span", null, duration(total * part))));
    rows.replaceChildren(...visible().flatMap(span => {
      const service = element("span", { class: "service", "--hue": hue(span.service) }, shortText(span.service));
      const length = Number(span.end - span.start);
      const left = percent(span.start - trace.start);
      // At the right edge, the label is inside the bar or before it.
      const isLong = Number(span.end - trace.start) / total > .85;
      const isShort = length / total < .12;
      const track = element("div", { class: "track" },
        element("div", { class: `bar${span.isError ? " error" : ""}${span.isRunning ? " running" : ""}`, "--hue": hue(span.service),
          left, width: percent(length) }),
        element("span", { class: `length${isLong && !isShort ? " inside" : ""}`,
          left: isLong && isShort ? percent(Number(span.start - trace.start) - total * .12) : percent(span.end - trace.start) },
          duration(length) + (span.isRunning ? " running" : "")),
        ...span.events.slice(0, 50).map(event => element("i", { class: "tick", left: percent(BigInt(event.timeUnixNano || 0) - trace.start) })),
        ...span.logs.slice(0, 50).map(log => element("i", { class: "tick log", left: percent(log.time - trace.start) })));
      const row = element("div", {
        class: "row", role: "treeitem", "aria-level": span.depth + 1, "aria-selected": String(span.id === chosen),
        "aria-expanded": span.children.length ? String(!folded.has(span.id)) : null, "data-span": span.id,
        click: () => { chosen = chosen === span.id ? null : span.id; draw(); },
      },
        element("div", { class: `label${span.isError ? " error" : ""}`, "--depth": Math.min(span.depth, 24) },
          element("span", { class: "fold", click: event => { event.stopPropagation(); toggle(span); } },
            span.children.length ? (folded.has(span.id) ? "▸" : "▾") : ""),
          shortText(fullName(span)), service),
        track);
      return span.id === chosen ? [row, details(span, trace.start)] : [row];
    }));
    loose.replaceChildren(...(trace.loose.length ? [element("div", { class: "details" }, logs(trace.loose, trace.start))] : []));
  }

  function toggle(span) {
    if (!folded.delete(span.id)) folded.add(span.id);
    draw();
  }

  return {
    view,
    show(answer) {
      if (answer === text) return;
      text = answer;
      trace = readTrace(JSON.parse(answer), BigInt(Date.now()) * 1000000n);
      draw();
    },
    tick() {
      if (trace && trace.spans.some(span => span.isRunning)) {
        trace = readTrace(JSON.parse(text), BigInt(Date.now()) * 1000000n);
        draw();
      }
    },
    missing(reason) {
      if (!trace) view.replaceChildren(element("div", { class: "empty" }, reason, " ", element("button", { type: "button", click: back }, "all traces")));
    },
    key(key) {
      if (!trace) return false;
      if (key === "c") return copyJson.click(), true;
      const shown = visible();
      const at = shown.findIndex(span => span.id === chosen);
      if ((key === "ArrowLeft" || key === "ArrowRight") && at >= 0) {
        const span = shown[at];
        if (span.children.length && folded.has(span.id) === (key === "ArrowRight")) toggle(span);
        return true;
      }
      if (key !== "ArrowDown" && key !== "ArrowUp") return false;
      const next = shown[Math.min(shown.length - 1, Math.max(0, at + (key === "ArrowDown" ? 1 : -1)))];
      if (!next) return false;
      chosen = next.id;
      draw();
      rows.querySelector("[aria-selected=true]").scrollIntoView({ block: "nearest" });
      return true;
    },
  };
}

/** The name of a span; the path as well while the route of a request is not known. */
function fullName(span) {
  const value = wanted => (span.attributes.find(([key]) => key === wanted) || [])[1];
  const path = value("http.route") ? "" : value("url.path") || "";
  return [span.name || "(no name)", path].filter(Boolean).join(" ");
}

function section(name, ...content) {
  return [element("h2", null, name), ...content];
}

function table(rows) {
  return element("table", null, element("tbody", null, ...rows.map(([key, value]) =>
    element("tr", null, element("td", null, shortText(key)), element("td", null, anyText(value))))));
}

function logs(records, start) {
  return section("log records", ...records.map(log => element("div", null,
    element("span", { class: "faint" }, `${offset(log.time, start)} ${log.severity} `), anyText(log.body),
    log.attributes.length ? table(log.attributes) : null)));
}

/** A time as its distance from the start of the trace. */
function offset(time, start) {
  return time < start ? `−${duration(Number(start - time))}` : `+${duration(Number(time - start))}`;
}

/** Attributes, events, log records, links and resource of a span. */
function details(span, start) {
  const [attributes, events, links] = span.dropped.map(count => (count ? ` (${count} dropped)` : ""));
  const summary = [["span id", span.id], ["kind", span.kind], ["started", offset(span.start, start)], ["scope", span.scope]];
  if (span.isError) summary.push(["status", `error ${span.message}`]);
  return element("div", { class: "details", role: "region", "aria-label": "Details of the span" },
    table(summary.filter(([, value]) => value)),
    span.attributes.length ? section(`attributes${attributes}`, table(span.attributes)) : null,
    span.events.length ? section(`events${events}`, ...span.events.map(event => element("div", null,
      element("span", { class: "faint" }, offset(BigInt(event.timeUnixNano || 0), start), " "), shortText(event.name || ""),
      table(pairs(event.attributes))))) : null,
    span.logs.length ? logs(span.logs, start) : null,
    span.links.length ? section(`links${links}`, ...span.links.map(link => element("div", null,
      element("a", { href: linkTo(link.traceId) }, link.traceId), ` span ${link.spanId}`, table(pairs(link.attributes))))) : null,
    section("resource", table(span.resource)));
}
