#!/usr/bin/env python3
"""Receive OTLP over gRPC and HTTP, decode it with the official classes, print it.

Prints `listening on grpc=PORT http=PORT`, then one JSON object per export: how it came, and what it held. Ids are hex,
bytes of other fields base64, enumerations numbers. Ends with its standard input. What cannot be decoded is answered
with an error, and printed as one.
"""

import base64
import gzip
import http.server
import json
import sys
import threading
from concurrent import futures

import grpc
from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

SIGNALS = {
    "traces": (trace_service_pb2.ExportTraceServiceRequest, trace_service_pb2.ExportTraceServiceResponse),
    "metrics": (metrics_service_pb2.ExportMetricsServiceRequest, metrics_service_pb2.ExportMetricsServiceResponse),
    "logs": (logs_service_pb2.ExportLogsServiceRequest, logs_service_pb2.ExportLogsServiceResponse),
}
# The fields in which OTLP/JSON deviates from the JSON mapping of protobuf: hex instead of base64.
IDS = {"traceId", "spanId", "parentSpanId"}
LOCK = threading.Lock()


def tell(line):
    with LOCK:
        print(line, flush=True)


def with_ids(value, convert):
    """A copy in which ids are converted, and nothing else."""
    if isinstance(value, dict):
        return {key: convert(item) if key in IDS else with_ids(item, convert) for key, item in value.items()}
    if isinstance(value, list):
        return [with_ids(item, convert) for item in value]
    return value


def to_base64(hexadecimal):
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()


def to_hex(text):
    return base64.b64decode(text).hex()


def names_of_enums(value):
    """Where OTLP/JSON holds a name in the place of a number, which it must not; the official parser would take it."""
    if isinstance(value, dict):
        wrong = [f"{key}={value[key]}" for key in ("kind", "code", "severityNumber", "aggregationTemporality")
                 if isinstance(value.get(key), str)]
        return wrong + [name for item in value.values() for name in names_of_enums(item)]
    if isinstance(value, list):
        return [name for item in value for name in names_of_enums(item)]
    return []


def received(signal, transport, encoding, message):
    held = json_format.MessageToDict(message, use_integers_for_enums=True)
    tell(json.dumps({"signal": signal, "transport": transport, "encoding": encoding,
                     "request": with_ids(held, to_hex)}))


class Http(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            status, kind, answer = 200, self.headers["Content-Type"], self.take(body)
        except Exception as error:  # Whatever is wrong with it is the sender's mistake, and the test's finding.
            tell(json.dumps({"error": f"{self.path}: {error!r}"}))
            status, kind, answer = 400, "text/plain", str(error).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def take(self, body):
        signal = self.path.removeprefix("/v1/")
        request, response = SIGNALS[signal]
        encoding = self.headers.get("Content-Encoding", "none")
        if encoding not in ("none", "gzip"):
            raise ValueError(f"unknown encoding {encoding}")
        plain = gzip.decompress(body) if encoding == "gzip" else body
        kind = self.headers["Content-Type"]
        if kind == "application/x-protobuf":
            received(signal, "http/protobuf", encoding, request.FromString(plain))
            return response().SerializeToString()
        if kind != "application/json":
            raise ValueError(f"unknown type {kind}")
        held = json.loads(plain)
        if wrong := names_of_enums(held):
            raise ValueError(f"names of enumerations: {wrong}")
        # Unknown fields are an error here: nothing but OTLP may arrive.
        message = json_format.ParseDict(with_ids(held, to_base64), request())
        received(signal, "http/json", encoding, message)
        return b"{}"

    def log_message(self, *_):
        pass


def service(signal, base):
    response = SIGNALS[signal][1]

    class Service(base):
        def Export(self, request, _context):
            # gRPC decompresses on its own, and does not tell.
            received(signal, "grpc", None, request)
            return response()

    return Service()


def main():
    rpc = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    logs_service_pb2_grpc.add_LogsServiceServicer_to_server(
        service("logs", logs_service_pb2_grpc.LogsServiceServicer), rpc)
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(
        service("metrics", metrics_service_pb2_grpc.MetricsServiceServicer), rpc)
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(
        service("traces", trace_service_pb2_grpc.TraceServiceServicer), rpc)
    grpc_port = rpc.add_insecure_port("127.0.0.1:0")
    rpc.start()
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Http)
    web.daemon_threads = True
    threading.Thread(target=web.serve_forever, daemon=True).start()
    tell(f"listening on grpc={grpc_port} http={web.server_port}")
    sys.stdin.read()
    rpc.stop(grace=None)


if __name__ == "__main__":
    main()
