import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ModelCall } from "../../src/index.js";
import { spansInJson, spansInProtobuf } from "./support/otlp.js";
import { treeOf } from "./support/traced.js";

const run = async (file: string, ...given: string[]) => {
  const path = fileURLToPath(new URL(`support/${file}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...given], { timeout: 120_000 });
  return JSON.parse(stdout);
};

/** Collects what exporters send, by path. */
async function startCollector() {
  const received = new Map<string, { readonly type: string; readonly body: Buffer }[]>();
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const sent = Buffer.concat(pieces);
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    const path = request.url ?? "";
    received.set(path, [...(received.get(path) ?? []), { type: String(request.headers["content-type"]), body }]);
    response.setHeader("content-type", String(request.headers["content-type"])).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const at = (path: string) => received.get(path) ?? [];
  return { at, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

describe("a process with the Node SDK", () => {
  it("exports the tree of a run as protobuf and as JSON, and its metrics", async () => {
    const collector = await startCollector();
    const calls = (await run("traced-process.mjs", collector.url)) as ModelCall[];
    collector.close();
    expect(collector.at("/proto").map(({ type }) => type)).toEqual(["application/x-protobuf"]);
    expect(collector.at("/json").map(({ type }) => type)).toEqual(["application/json"]);
    const proto = collector.at("/proto").flatMap(({ body }) => spansInProtobuf(body));
    const json = collector.at("/json").flatMap(({ body }) => spansInJson(body.toString("utf8")));
    expect(treeOf(proto)).toBe(
      `
invoke_workflow createRouter
  routing_decision [path=router route]
  team
    invoke_workflow createEnsemble
      fan_out
      a
        invoke_workflow createFallback
          down [path=team/a/down fallback]
            chat down [path=team/a/down error error=server]
          up
            chat up [path=team/a/up]
      b
        chat b [path=team/b]
      result_aggregation [path=team/aggregator vote]`.trim(),
    );
    expect(json).toEqual(proto);
    for (const { node, costUsd, usage } of calls) {
      const { attributes } = proto.find(({ name }) => name === `chat ${node}`)!;
      expect(attributes.cost_usd ?? null).toBe(costUsd);
      expect(attributes["gen_ai.usage.output_tokens"]).toBe(usage?.outputTokens);
      expect(attributes).toMatchObject({ "session.id": "s-1", "tag.tags": expect.arrayContaining(["nightly"]) });
    }
    const metrics = collector
      .at("/metrics")
      .map(({ body }) => body.toString("utf8"))
      .join();
    for (const name of ["gen_ai.client.operation.duration", "gen_ai.client.token.usage", "multimodel.cost"]) {
      expect(metrics).toContain(`"name":"${name}"`);
    }
  });

  it("says what is missing where the API is not installed, and needs it nowhere else", async () => {
    const missing = (owner: string) =>
      `MissingPackageError: ${owner} needs packages that are not installed; run: npm install @opentelemetry/api`;
    expect(await run("without-api.mjs")).toEqual({
      ...{ plain: "yes", before: [], one: missing("openTelemetry"), all: missing("instrument"), after: "yes" },
    });
  });
});
