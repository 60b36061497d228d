// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import type { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { checkKeys } from "../../../src/cli/doctor/check-keys.js";
import { lacksOf, spareLacksOf } from "../../../src/cli/lacks.js";
import { specFacts } from "../../../src/cli/model-facts.js";
import { parseConfig } from "../../../src/config/index.js";
import { readSpec } from "../../../src/config/read-spec.js";
import type { ModelEntry, ModelPool } from "../../../src/models/model.js";
import { redact } from "../../../src/secrets/redact.js";
import { failWith } from "../../../src/testing/index.js";
import { useLoopback } from "../../support/use-loopback.js";
import { load, problemsOf } from "../support/parse.js";

const { server } = useLoopback();

const two = { KEY_ONE: "sk-pool-one-0123456789", KEY_TWO: "sk-pool-two-0123456789\n" };
const file = () => `models:
  pooled:
    provider: openai
    model: gpt-4o-mini
    baseUrl: ${server.openaiUrl}
    headers: { x-app: tests }
    retry: false
    limit: { concurrency: 4 }
    clients:
      - { apiKey: "\${KEY_ONE}", headers: { x-region: one } }
      - { apiKey: "\${KEY_TWO}", headers: { x-region: two }, limit: { requestsPerMinute: 60 } }
roles: { main: { model: pooled, parameters: { temperature: 0 } } }
graphs:
  chain: { pattern: fallback, models: [pooled] }
  staged: { pattern: pipeline, stages: { only: { model: pooled, parameters: { temperature: 0.5 } } } }
`;
const membersOf = ({ model }: ModelEntry) =>
  (model as ModelPool).clients as unknown as readonly { readonly model: ChatOpenAI; readonly limit?: object }[];
const regions = () => server.requests.map(({ headers }) => headers["x-region"]);

describe("clients of a model in a file", () => {
  it("are one model, which each of them reaches by its own fields over those of the model", async () => {
    const { models } = await load(file(), two);
    const { price, limit } = models.pooled!;
    expect([price?.input, limit]).toEqual([0.15, { concurrency: 4 }]);
    const members = membersOf(models.pooled!);
    expect(members.map(({ model }) => [model.apiKey, model.model])).toEqual([
      ["sk-pool-one-0123456789", "gpt-4o-mini"],
      ["sk-pool-two-0123456789", "gpt-4o-mini"],
    ]);
    expect(members.map((each) => each.limit)).toEqual([undefined, { requestsPerMinute: 60 }]);
  });

  it("take over from one whose key is refused", async () => {
    server.reply("gpt-4o-mini", ({ headers }) => (headers["x-region"] === "one" ? failWith.quota() : "Hello"));
    const { graphs } = await load(file(), two);
    const chain = graphs.chain!.compile();
    for (let run = 0; run < 10; run++) {
      expect((await chain.invoke({ messages: "Hi" })).modelUsed).toBe("pooled");
    }
    expect(regions().filter((region) => region === "one").length).toBeLessThan(2);
    expect(server.requests.every(({ headers }) => headers["x-app"] === "tests")).toBe(true);
  });

  it("have the parameters of roles and stages", async () => {
    const { roles, graphs } = await load(file(), two);
    expect(membersOf(roles.main!).map(({ model }) => model.temperature)).toEqual([0, 0]);
    await graphs.staged!.compile().invoke({ messages: "Hi" });
    expect(server.requests.map(({ body }) => body.temperature)).toEqual([0.5]);
  });

  it("share a limit of the pool with its roles, as one object", async () => {
    const { models, roles } = await load(file(), two);
    expect(roles.main!.limit).toBe(models.pooled!.limit);
    expect(membersOf(roles.main!)[1]!.limit).toBe(membersOf(models.pooled!)[1]!.limit);
  });

  it("without an apiKey use that of the model, or the provider's variable", async () => {
    const regional =
      "models: { a: { provider: openai, model: gpt-4o, KEY clients: [{}, { apiKey: sk-own-0123456789 }] } }";
    const keysOf = async (text: string) =>
      membersOf((await load(text, two)).models.a!).map(({ model }) => model.apiKey);
    expect(await keysOf(regional.replace("KEY", 'apiKey: "${KEY_TWO}",'))).toEqual([
      "sk-pool-two-0123456789",
      "sk-own-0123456789",
    ]);
    expect(await keysOf(regional.replace("KEY", ""))).toEqual(["sk-openai-0123456789", "sk-own-0123456789"]);
  });

  it("at another address than OpenAI's are not sent its key", async () => {
    const { models } = await load(
      "models: { a: { provider: openai, model: gpt-4o, clients: [{}, { baseUrl: http://localhost:8000/v1 }] } }",
    );
    const [own, other] = membersOf(models.a!).map(({ model }) => model.apiKey);
    expect(own).toBe("sk-openai-0123456789");
    expect(other).not.toBe(own);
  });

  it("keep their keys out of errors", async () => {
    await load(file(), two);
    expect(redact(`It said ${two.KEY_ONE} and ${two.KEY_TWO.trim()}.`)).not.toMatch(/sk-pool-(one|two)/);
  });
});

describe("a client of a pool that lacks its key", () => {
  const one = { KEY_ONE: two.KEY_ONE };

  it("is a warning, and the others are used", async () => {
    const { graphs, warnings, unavailable } = await parseConfig("models.yaml", file(), one);
    expect(unavailable).toEqual({});
    expect(warnings).toMatchObject([
      { path: "models.pooled.clients[1]", message: "is not used: the variable KEY_TWO is not set; set it" },
    ]);
    const { modelUsed } = await graphs.chain!.compile().invoke({ messages: "Hi" });
    expect([modelUsed, regions()]).toEqual(["pooled", ["one"]]);
  });

  it("makes the model unavailable if the others lack theirs too", async () => {
    const { graphs, warnings, unavailable } = await parseConfig("models.yaml", file(), {});
    expect(warnings).toEqual([]);
    expect(unavailable.pooled!.map(({ path }) => path)).toEqual([
      "models.pooled.clients[0].apiKey",
      "models.pooled.clients[1].apiKey",
    ]);
    await expect(graphs.chain!.compile().invoke({ messages: "Hi" })).rejects.toThrow("KEY_ONE is not set");
    expect(server.requests).toHaveLength(0);
  });

  it("does not save a pool whose model lacks something for all", async () => {
    const text = file().replace("model: gpt-4o-mini", 'model: "${POOL_MODEL}"');
    const { unavailable } = await parseConfig("models.yaml", text, two);
    expect(unavailable.pooled).toMatchObject([{ path: "models.pooled.model" }]);
  });
});

describe("clients that cannot be", () => {
  it("are refused at their places, all at once, and what they share once", async () => {
    const problems = await problemsOf(`models:
  a: { provider: openai, model: gpt-4o, location: here, clients: [{ apikey: x }, { baseUrl: nowhere }, { apiKey: "$KEY_ONE" }] }
  b: { provider: azure, deployment: d, clients: [{ baseUrl: https://one.example }, { limit: { concurrency: 0 } }] }
  c: { provider: ollama, model: x, clients: [] }
  d: { provider: ollama, model: x, clients: [{}], mcpServers: [shop] }
mcpServers: { shop: { url: http://127.0.0.1:1 } }
`);
    const found = problems.map(({ path, message }) => `${path}: ${message}`);
    expect(found).toEqual([
      expect.stringMatching(/^models\.a\.clients\[0\]\.apikey: is an unknown field; did you mean apiKey\?/),
      expect.stringMatching(/^models\.a\.location: openai has no such field; write only /),
      expect.stringMatching(/^models\.a\.clients\[1\]\.baseUrl: is not a URL; /),
      expect.stringMatching(/^models\.a\.clients\[2\]\.apiKey: is not a key but a reference/),
      "models.b.clients[1].limit.concurrency: is too small; write more than 0",
      "models.b.clients[1].baseUrl: is missing; azure needs it",
      "models.c.clients: has too few entries; write at least 1",
      expect.stringMatching(/^models\.d\.mcpServers: cannot stand beside clients, since/),
    ]);
  });
});

describe("a pool on the command line", () => {
  const spec = (env: Record<string, string>) => readSpec("models.yaml", file(), env);

  it("is one row with the number of its clients, and the facts of the first", async () => {
    const facts = await specFacts("pooled", spec(two).spec.models.pooled!);
    expect(facts).toMatchObject({ name: "pooled", model: "gpt-4o-mini", price: { input: 0.15 }, clients: 2 });
    expect(JSON.stringify(facts)).not.toContain("sk-pool");
  });

  it("names the variable of each client, never its key", () => {
    expect(checkKeys(spec(two))).toEqual([
      { state: "ok", what: "KEY_ONE", found: "set, for pooled client 1 of 2" },
      { state: "ok", what: "KEY_TWO", found: "set, for pooled client 2 of 2" },
    ]);
    const literal = readSpec("models.yaml", file().replace("${KEY_TWO}", "sk-literal-0123456789"), two);
    const findings = checkKeys(literal);
    expect(findings.at(-1)).toMatchObject({ state: "note", what: "key of pooled client 2 of 2" });
    expect(JSON.stringify(findings)).not.toContain("sk-");
  });

  it("says what a client lacks, without calling the model unavailable", () => {
    const lacking = spec({ KEY_ONE: two.KEY_ONE });
    expect(lacksOf(lacking).size).toBe(0);
    expect(spareLacksOf(lacking, "pooled")).toEqual(["pooled client 2 of 2: the variable KEY_TWO is not set; set it"]);
    expect(lacksOf(spec({})).get("pooled")).toHaveLength(2);
    expect(spareLacksOf(spec({}), "pooled")).toEqual([]);
  });
});
