// Sends the same two spans by each of OpenTelemetry's JavaScript exporters, and prints what each reports, as JSON.
//
//   node send.js HTTP_ADDRESS GRPC_ADDRESS TOKEN
const { SpanKind, SpanStatusCode, TraceFlags } = require("@opentelemetry/api");
const { Metadata, credentials } = require("@grpc/grpc-js");
const grpc = require("@opentelemetry/exporter-trace-otlp-grpc");
const json = require("@opentelemetry/exporter-trace-otlp-http");
const proto = require("@opentelemetry/exporter-trace-otlp-proto");
const { resourceFromAttributes } = require("@opentelemetry/resources");
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-base");

const [http, address, token] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}` };
const timeoutMillis = 30_000;

function overGrpc(compression) {
  const metadata = new Metadata();
  metadata.set("authorization", headers.authorization);
  return new grpc.OTLPTraceExporter({
    url: `http://${address}`, credentials: credentials.createInsecure(), metadata, compression, timeoutMillis,
  });
}

const overHttp = (library, compression) =>
  new library.OTLPTraceExporter({ url: `${http}/v1/traces`, headers, compression, timeoutMillis });

const exporters = {
  grpc: () => overGrpc("none"),
  "grpc, gzip": () => overGrpc("gzip"),
  json: () => overHttp(json, "none"),
  "json, gzip": () => overHttp(json, "gzip"),
  protobuf: () => overHttp(proto, "none"),
  "protobuf, gzip": () => overHttp(proto, "gzip"),
};

// A pair of finished spans: numbers beyond 32 bits, every kind of value, an event, a link, an error.
async function spans(number) {
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": "node-billing", "service.version": "1.2" }),
    spanProcessors: [new SimpleSpanProcessor(memory)],
    idGenerator: {
      generateTraceId: () => (0xabcd00 + number).toString(16).padStart(32, "0"),
      generateSpanId: (() => { let next = 0xef00 + number * 16; return () => (next++).toString(16).padStart(16, "0"); })(),
    },
  });
  const tracer = provider.getTracer("wire-tests", "1");
  const start = [1_778_918_400, 123_456_789];
  const span = tracer.startSpan("stripe.invoice.finalized", {
    kind: SpanKind.PRODUCER,
    startTime: start,
    attributes: {
      "invoice.number": `INV-JS-${number}`, text: "ü€", whole: 7, large: 2 ** 53 - 1, negative: -1, half: 0.5, yes: true,
      no: false, list: ["a", "b"], numbers: [1, 2.5], empty: "",
    },
    links: [{
      context: { traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174", traceFlags: TraceFlags.SAMPLED },
      attributes: { why: "queue" },
    }],
  });
  span.addEvent("retried", { attempt: 2 }, [start[0] + 1, 5]);
  span.setStatus({ code: SpanStatusCode.ERROR, message: "period closed" });
  span.end([start[0] + 2, 1]);
  await provider.forceFlush();
  return memory.getFinishedSpans();
}

const exported = (exporter, batch) => new Promise((resolve) => exporter.export(batch, resolve));

async function main() {
  const results = {};
  for (const [number, [name, make]] of Object.entries(exporters).entries()) {
    const exporter = make();
    const { code, error } = await exported(exporter, await spans(number));
    results[name] = { code, error: error && String(error.message || error) };
    await exporter.shutdown();
  }
  console.log(JSON.stringify(results));
}

main();
