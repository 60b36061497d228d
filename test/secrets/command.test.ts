// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main, openPlace, type Place } from "../cli/command.js";
import { startEchoServer } from "./support/echo-server.js";
import { plant, shownIn } from "./support/planted.js";

const secrets: string[] = [];
const secret = (place: string) => {
  secrets.push(plant(place));
  return secrets.at(-1)!;
};
/** One that shows what it is, for places where a key is not meant to be. */
const marked = (place: string) => `sk-proj-${Buffer.from(secret(place)).toString("hex")}`;

/** One that no person wrote, and that shows by nothing else that it is one. */
const random = (): string => {
  secrets.push(`Zq8xN2vB7mK4tR9wL1pC${secrets.length}hT3`);
  return secrets.at(-1)!;
};

const environment = { GATE: secret("variable"), PLANTED_TOKEN: secret("token"), NUMBERED_KEY_2: secret("numbered") };

/** A file with a secret wherever one can stand. */
const file = (url: string) => `
models:
  key: { provider: openai, model: gpt-4o-mini, baseUrl: "${url}/v1", apiKey: "${secret("apiKey")}", retry: false }
  variable: { provider: openai, model: gpt-4o-mini, baseUrl: "${url}/v1", apiKey: "\${GATE}", retry: false }
  otherwise: { provider: openai, model: gpt-4o-mini, baseUrl: "${url}/v1", apiKey: "\${NEVER:-${secret("default")}}", retry: false }
  headers: { provider: openai, model: gpt-4o-mini, baseUrl: "${url}/v1", apiKey: none, headers: { x-gate: "${secret("header")}", Authorization: "Bearer ${secret("bearer")}" }, retry: false }
  address: { provider: ollama, model: llama3.2, baseUrl: "${url.replace("//", `//user:${encodeURIComponent(secret("address"))}@`)}", retry: false }
  query: { provider: openai, model: gpt-4o-mini, apiKey: none, baseUrl: "${url}/v1?gate=${encodeURIComponent(secret("query"))}", retry: false }
  described: { provider: openai, model: gpt-4o-mini, baseUrl: "${url}/v1", apiKey: none, retry: false, description: "\${PLANTED_TOKEN}", systemPrompt: "Never say \${GATE}." }
  instead: { provider: openai, model: "${marked("model")}", baseUrl: "${url}/v1", apiKey: none, retry: false }
  ${marked("name")}: { provider: ollama, model: llama3.2, baseUrl: "${url}", retry: false }
mcpServers:
  tools: { command: nowhere-to-be-found, args: ["--api-key=${secret("argument")}"], env: { GATE_TOKEN: "${secret("variable of tools")}" } }
  remote: { url: "${url}/mcp?key=${encodeURIComponent(secret("address of tools"))}", headers: { Authorization: "Bearer ${secret("header of tools")}" } }
graphs:
  all: { pattern: fallback, models: [key, variable, otherwise, headers, address, query, described] }
`;

let server: Awaited<ReturnType<typeof startEchoServer>>;
let place: Place;

beforeAll(async () => {
  server = await startEchoServer();
  place = await openPlace();
  const text = file(server.url);
  place.file("models.yaml", text);
  place.file("served.yaml", text.replace(/^ {2}(instead|sk-.*): .*\n/gm, "")); // what is asked or served refuses a key as an id or a name
  place.file("prompts.jsonl", `${JSON.stringify({ id: 1, prompt: "Hi" })}\n`);
  place.file("questions.jsonl", `${JSON.stringify({ input: "Hi", expected: "Hello" })}\n`);
  place.file("broken.yaml", `models:\n  a: { provider: openai, apiKey: "${marked("broken line")}, model: [x }\n`);
  place.file("typos.yaml", typos(server.url));
  place.file("names.yaml", names());
  place.file("paths.yaml", paths());
});
afterAll(async () => {
  await server.close();
  await place[Symbol.asyncDispose]();
});

/** Keys in places where something else belongs. */
const typos = (url: string) => `
models:
  a: { provider: ${marked("provider")}, model: x, baseUrl: "${url}" }
  b: { provider: openai, model: x, apiKye: "${marked("field")}", timeout: "${marked("number")}", retry: "${marked("retry")}" }
  c: { provider: openai, model: x, apiKey: none, ${marked("as field")}: 1, retry: false }
graphs:
  g: { pattern: cascade, models: [a, ${marked("reference")}], threshold: "${marked("threshold")}" }
`;

/** Keys where names of fields belong, and as an anchor of YAML. */
const names = () => `
${random()}: 1
models:
  a: { provider: openai, model: x, apiKey: none, parameters: { ${random()}: 1 } }
  b: *${random()}
`;

/** Keys in the paths of addresses. */
const paths = () => `
models:
  a: { provider: openai, model: gpt-4o-mini, apiKey: none, baseUrl: "http://127.0.0.1:9/${random()}/v1", retry: false }
mcpServers:
  remote: { url: "http://127.0.0.1:9/${random()}/sse" }
`;

/** Commands; a new one is looked at by standing here. */
const commands: readonly (readonly string[])[] = [
  ["models"],
  ["models", "--json"],
  ["models", "instead"],
  ["models", "sk-none-such-0123456789"],
  ["models", "--config", "typos.yaml"],
  ["models", "--config", "broken.yaml"],
  ["doctor"],
  ["doctor", "--config", "typos.yaml"],
  ["doctor", "--config", "broken.yaml"],
  ["models", "--config", "names.yaml"],
  ["doctor", "--config", "names.yaml"],
  ["models", "--config", "paths.yaml", "--json"],
  ["doctor", "--config", "paths.yaml"],
  ["chat", "--config", "paths.yaml", "--model", "a", "Hi"],
  ["graph", "all"],
  ["graph", "all", "--format", "mermaid"],
  ["graph", "all", "--config", "typos.yaml"],
  ["chat", "--graph", "all", "Hi", "--config", "served.yaml"],
  ["chat", "--graph", "all", "--json", "Hi", "--config", "served.yaml"],
  ["chat", "--model", "instead", "Hi"],
  ["chat", "--model", "address", "Hi", "--config", "served.yaml"],
  ["chat", "--model", "query", "Hi", "--config", "served.yaml"],
  ["run", "prompts.jsonl", "--graph", "all", "--output", "answers.jsonl", "--config", "served.yaml"],
  ["eval", "questions.jsonl", "--graph", "all", "--scorer", "exact", "--config", "served.yaml"],
  ["compare", "questions.jsonl", "key", "headers", "--config", "served.yaml"],
  ["calibrate", "questions.jsonl", "--graph", "all", "--cost", "0.5", "--config", "served.yaml"],
  ["route", "Hi", "--graph", "all", "--config", "served.yaml"],
];

/** Wrong usage, whose message repeats an argument. */
const misused: readonly (readonly string[])[] = [
  ["chat", `--api-key=${secret("unknown option")}`, "Hi"],
  ["--token", marked("unknown option of the program")],
  [marked("command")],
  ["serve", "--port", marked("port")],
];

describe("a command", () => {
  it.each(misused)("repeats no secret of wrong usage", async (...args) => {
    const { stdout, stderr, code } = await place.run(args, { env: environment });
    expect([code, stderr.length > 20]).toEqual([2, true]);
    expect(shownIn([stdout, stderr].join("\n"), secrets)).toEqual([]);
  });

  it.each(commands.map((args) => [args.join(" "), args] as const))("shows no secret: %s", async (_, args) => {
    const { stdout, stderr } = await place.run(args, { env: environment });
    const written = args[0] === "run" ? readFileSync(join(place.folder, "answers.jsonl"), "utf8") : "";
    expect((stdout + stderr).length).toBeGreaterThan(20);
    expect(stderr).not.toMatch(/unknown (option|command)/);
    expect(shownIn([stdout, stderr, written].join("\n"), secrets)).toEqual([]);
  });

  it.each([
    ["an address that is none", ["--redis", `host:6379,password=${secret("redis")},ssl=True`]],
    [
      "databases that do not answer",
      [
        ...["--redis", `redis://:${encodeURIComponent(secret("redis password"))}@127.0.0.1:9`],
        ...["--postgres", `postgres://u:${encodeURIComponent(secret("postgres password"))}@127.0.0.1:9/x`],
      ],
    ],
  ])("ends, and shows no secret: worker with %s", async (_, args) => {
    const command = place.start(["worker", "--graph", "all", "--config", "served.yaml", ...args], { env: environment });
    const { stdout, stderr, code } = await command.ended();
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain("multimodel:");
    expect(shownIn([stdout, stderr].join("\n"), secrets)).toEqual([]);
  });

  it("shows no secret with the place where an error happened", async () => {
    const env = { PATH: process.env.PATH, ...environment, DEBUG: "multimodel" };
    for (const model of ["headers", "address"]) {
      const args = [main, "chat", "--model", model, "Hi", "--config", "served.yaml"];
      const child = spawn(process.execPath, args, { cwd: place.folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk) => {
          said += chunk;
        });
      await once(child, "close");
      expect(said).toMatch(/\n\s+at /);
      expect(shownIn(said, secrets)).toEqual([]);
    }
  });

  it("shows no secret: serve, in its log and its replies", async () => {
    const command = place.start(["serve", "--port", "0", "--config", "served.yaml"], { env: environment });
    let said = "";
    command.process.stdout.on("data", (chunk) => {
      said += chunk;
    });
    await command.says("/v1");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [""];
    const headers = { "content-type": "application/json" };
    const replies: string[] = [];
    for (const model of ["all", "key", "headers", "query"]) {
      const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hi" }] });
      const reply = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
      replies.push(await reply.text());
    }
    command.process.kill("SIGINT");
    const { stdout, stderr } = await command.ended();
    expect(replies.join("\n")).toContain("error");
    expect(replies.join("\n")).not.toContain(new URL(server.url).port);
    expect(shownIn([stdout, stderr, said, ...replies].join("\n"), secrets)).toEqual([]);
  });
});
