import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { failWith } from "../../src/testing/index.js";
import { calling } from "../agents/clients.js";
import { openPlace, shell } from "./command.js";

const shop = fileURLToPath(new URL("../../examples/support/mcp-server.ts", import.meta.url));
const tsx = import.meta.resolve("tsx");

describe("a model that was granted an MCP server", () => {
  it("calls its tools, in chat and behind the endpoint, and the server ends with the command", async () => {
    await using place = await openPlace(
      ({ openaiUrl }) => `
models:
  buyer: { provider: openai, model: gpt-4o, baseUrl: ${openaiUrl}, mcpServers: [shop] }
  plain: { provider: openai, model: gpt-4o-mini, baseUrl: ${openaiUrl} }
graphs:
  team: { pattern: fallback, models: [buyer, plain] }
mcpServers:
  shop: { command: ${process.execPath}, args: ["--import", "${tsx}", "${shop}", "--for=${openaiUrl}"] }
`,
    );
    place.server.reply("gpt-4o", failWith.server(), calling("price", { article: "tea" }, "Tea is 4 EUR."));
    const { code, stdout } = await place.run(["chat", "--model", "buyer", "What is tea?"]);
    expect([code, stdout]).toEqual([0, "Tea is 4 EUR.\n"]);
    expect(place.server.requests[2]!.messages.at(-1)).toEqual({ role: "tool", text: "4" });
    await place.run(["chat", "--model", "plain", "Hi"]);
    expect(place.server.requests.map(({ model, tools }) => [model, tools.includes("order")])).toEqual([
      ["gpt-4o", true],
      ["gpt-4o", true],
      ["gpt-4o", true],
      ["gpt-4o-mini", false],
    ]);

    const shops = async () =>
      (await shell(`ps -eo args | grep -c -e '[-]-for=${place.server.openaiUrl}'`, place).ended()).stdout.trim();
    expect(await shops()).toBe("0");
    const inGraph = await place.run(["chat", "--graph", "team", "What is tea?"]);
    expect([inGraph.code, inGraph.stdout]).toEqual([0, "Tea is 4 EUR.\n"]);
    place.file("prompts.txt", "What is tea?\n");
    const { stdout: rows } = await place.run(["run", "prompts.txt", "--graph", "team"]);
    expect(JSON.parse(rows).text).toBe("Tea is 4 EUR.");
    expect(await shops()).toBe("0");

    const command = place.start(["serve", "--port", "0"]);
    let said = "";
    command.process.stdout.on("data", (text: string) => {
      said += text;
    });
    await command.says("Ctrl-C stops it.");
    expect(await shops()).toBe("1");
    const url = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(said)![0];
    const reply = await fetch(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "team", messages: [{ role: "user", content: "What is tea?" }] }),
    });
    expect(await reply.json()).toMatchObject({ choices: [{ message: { content: "Tea is 4 EUR." } }] });
    command.process.kill("SIGINT");
    const served = await command.ended();
    expect(served.code).toBe(0);
    expect(await shops()).toBe("0");
  });
});
