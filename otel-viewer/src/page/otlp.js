// OTLP/JSON → the spans of a trace, in the order of the waterfall.

/** The value of an attribute as text. */
function valueText(value) {
  if (!value) return "";
  if ("stringValue" in value) return value.stringValue;
  if ("arrayValue" in value) return "[" + (value.arrayValue.values || []).map(valueText).join(", ") + "]";
  if ("kvlistValue" in value) {
    return "{" + (value.kvlistValue.values || []).map(pair => `${pair.key}: ${valueText(pair.value)}`).join(", ") + "}";
  }
  if ("bytesValue" in value) return `base64 ${value.bytesValue}`;
  return String(Object.values(value)[0] ?? "");
}

/** Attributes as pairs of texts. */
function pairs(attributes) {
  return (attributes || []).map(({ key, value }) => [key || "", valueText(value)]);
}

const KINDS = ["", "internal", "server", "client", "producer", "consumer"];

/** The spans of a document, each with its depth, its children and its log records, sorted as a tree. */
function readTrace(document, now) {
  const spans = new Map();
  for (const resource of document.resourceSpans || []) {
    const resourcePairs = pairs(resource.resource && resource.resource.attributes);
    const service = (resourcePairs.find(([key]) => key === "service.name") || [])[1] || "unknown service";
    for (const scope of resource.scopeSpans || []) {
      for (const span of scope.spans || []) {
        const isRunning = !span.endTimeUnixNano;
        const start = BigInt(span.startTimeUnixNano || 0);
        spans.set(span.spanId, {
          id: span.spanId, parent: span.parentSpanId || "", name: span.name || "", kind: KINDS[span.kind || 0] || "",
          start, end: isRunning ? now : BigInt(span.endTimeUnixNano), isRunning,
          isError: (span.status || {}).code === 2, message: (span.status || {}).message || "",
          attributes: pairs(span.attributes), events: span.events || [], links: span.links || [],
          scope: (scope.scope || {}).name || "", service, resource: resourcePairs, logs: [], children: [], depth: 0,
          dropped: [span.droppedAttributesCount, span.droppedEventsCount, span.droppedLinksCount],
        });
      }
    }
  }
  const loose = [];
  for (const resource of document.resourceLogs || []) {
    for (const scope of resource.scopeLogs || []) {
      for (const record of scope.logRecords || []) {
        const span = spans.get(record.spanId);
        const log = {
          time: BigInt(record.timeUnixNano && record.timeUnixNano !== "0" ? record.timeUnixNano : record.observedTimeUnixNano || 0),
          severity: record.severityText || (record.severityNumber ? `severity ${record.severityNumber}` : ""),
          body: valueText(record.body) || record.eventName || "", attributes: pairs(record.attributes),
        };
        (span ? span.logs : loose).push(log);
      }
    }
  }
  return { ...tree(spans), loose };
}

/** Spans whose parent has not arrived stand at the root. */
function tree(spans) {
  const roots = [];
  for (const span of spans.values()) {
    const parent = spans.get(span.parent);
    (parent && parent !== span ? parent.children : roots).push(span);
  }
  const byStart = (one, other) => (one.start < other.start ? -1 : one.start > other.start ? 1 : 0);
  const ordered = [];
  const seen = new Set();
  const stack = roots.sort(byStart).reverse();
  // Spans that are each other's ancestors have no root: they follow at the end.
  const left = [...spans.values()];
  for (;;) {
    const span = stack.pop() || left.find(span => !seen.has(span));
    if (!span) break;
    if (seen.has(span)) continue;
    seen.add(span);
    ordered.push(span);
    span.children = span.children.filter(child => !seen.has(child)).sort(byStart);
    for (const child of [...span.children].reverse()) {
      child.depth = span.depth + 1;
      stack.push(child);
    }
  }
  const start = ordered.reduce((least, span) => (span.start < least ? span.start : least), ordered.length ? ordered[0].start : 0n);
  const end = ordered.reduce((most, span) => (span.end > most ? span.end : most), start);
  return { spans: ordered, start, end };
}
