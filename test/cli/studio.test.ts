import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@langchain/langgraph-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findDevServer, freePort } from "../../src/cli/studio/dev-server.js";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
});
afterEach(() => place[Symbol.asyncDispose]());

describe("multimodel studio", () => {
  it("serves graphs and models of the file, with keys of its .env, and leaves nothing of a fresh run", async () => {
    place.file(".env", "OWN_KEY=sk-own-0123456789abcdef\n");
    place.file(
      "own.yaml",
      `${team(place.server).replace("model: my-own,", `model: my-own, apiKey: "\${OWN_KEY}",`)}  "odd name": { pattern: fallback, models: [own] }\n`,
    );
    const command = place.start(["studio", "--config", "own.yaml", "--fresh"]);
    await command.says("Stop with Ctrl-C");
    command.process.kill("SIGINT");
    const { code, stdout } = await command.ended();
    expect(stdout).toMatch(/^Studio {2}https:\/\/smith\.langchain\.com\/studio\?baseUrl=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(stdout).toMatch(/^ {2}graph {2}odd name$/m);
    expect(stdout).toMatch(/^ {2}model {2}fast$/m);
    expect(code).toBe(0);
    expect(readdirSync(join(place.folder, ".langgraph_api"))).toEqual(["multimodel"]);
    expect(existsSync(join(place.folder, ".gitignore"))).toBe(false);
  });

  it("answers runs of a graph and of a model, and keeps the threads beside the file", async () => {
    place.server.reply("my-own", "From my own.");
    place.server.reply("gpt-4o-mini", "From mini.");
    const command = place.start(["studio"]);
    let said = "";
    command.process.stdout.on("data", (text: string) => {
      said += text;
    });
    await command.says("Stop with Ctrl-C");
    const client = new Client({ apiUrl: /^API +(\S+)$/m.exec(said)![1]!, apiKey: null });
    const input = { messages: [{ role: "user", content: "Hi" }] };
    const graphs = (await client.assistants.search({ limit: 100 })).map(({ graph_id }) => graph_id).sort();
    const { context_schema: form } = await client.assistants.getSchemas("chain");
    const answers = [
      await client.runs.wait(null, "chain", { input }),
      await client.runs.wait(null, "fast", { input }),
    ] as { messages: { content: string }[] }[];
    command.process.kill("SIGTERM");
    const { code } = await command.ended();
    expect(graphs).toEqual(["assistant", "chain", "fast", "gemini", "own", "strong"]);
    expect(answers.map(({ messages }) => messages.at(-1)!.content)).toEqual(["From my own.", "From mini."]);
    expect(form?.properties?.complexity).toMatchObject({
      title: "Complexity",
      enum: expect.arrayContaining(["simple"]),
    });
    expect(code).toBe(0);
    expect(readdirSync(join(place.folder, ".langgraph_api", "multimodel"))).toContain(".langgraph_api");
  });

  it("says what is wrong with the file before it starts a server", async () => {
    place.file("models.yaml", "models:\n  fast: { provider: openai }\n");
    const { code, stdout, stderr } = await place.run(["studio"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("models.yaml");
    expect(existsSync(join(place.folder, ".langgraph_api"))).toBe(false);
  });

  it("says that a port is in use", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await place.run(["studio", "--port", String(port)]);
    taken.close();
    expect([code, stderr]).toEqual([1, expect.stringContaining(`127.0.0.1:${port} is in use`)]);
  });
});

describe("findDevServer", () => {
  const folder = mkdtempSync(join(tmpdir(), "studio-cli-"));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("says what to install where the dev server is not installed", () => {
    expect(() => findDevServer(folder)).toThrow(
      "multimodel studio needs packages that are not installed; run: npm install @langchain/langgraph-cli",
    );
  });

  it("takes the one of the first folder that has it", () => {
    const own = join(folder, "own/node_modules/@langchain/langgraph-cli");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "package.json"), JSON.stringify({ bin: { langgraphjs: "./own.mjs" } }));
    expect(findDevServer(folder, join(folder, "own"), process.cwd())).toBe(join(own, "own.mjs"));
    expect(findDevServer(process.cwd(), join(folder, "own"))).toContain(
      join("node_modules", "@langchain", "langgraph-cli"),
    );
  });
});

describe("freePort", () => {
  it("finds a port for 0", async () => {
    expect(await freePort(0)).toBeGreaterThan(0);
  });
});
