import { describe, expect, it } from "vitest";
import { findOllama } from "../../demo/ollama.js";
import { startFakeOllama } from "./run-demo.js";

describe("findOllama", () => {
  it("lists chat models in the order of the server, without those that only embed", async () => {
    await using server = await startFakeOllama({
      models: [
        { name: "mxbai-embed-large:latest" },
        { name: "minimax:cloud", remote_host: "https://ollama.com:443", details: { family: null } },
        { name: "vectors:1", details: { family: "nomic-bert" } },
        { name: "llama3.2:3b", details: { family: "llama" } },
      ],
    });
    const url = `http://${server.host}`;
    const models = [
      { name: "minimax:cloud", isLocal: false },
      { name: "llama3.2:3b", isLocal: true },
    ];
    expect(await findOllama(server.host)).toEqual({ url, models });
    expect(await findOllama(`${url}/`)).toEqual({ url, models });
    expect(await findOllama(server.host.replace("127.0.0.1", "0.0.0.0"))).toEqual({ url, models });
  });

  it.each([
    ["has no chat model", { models: [{ name: "all-minilm" }] }, "it has no chat model: ollama pull llama3.2"],
    ["is something else", { hello: "world" }, "it does not answer as Ollama does"],
    ["says nothing", "silent", "it did not answer within 500 ms"],
  ])("says what is wrong when the server %s", async (_, tags, problem) => {
    await using server = await startFakeOllama(tags);
    expect(await findOllama(server.host)).toEqual({ url: `http://${server.host}`, problem });
  });

  it.each([
    ["127.0.0.1:1", "http://127.0.0.1:1", "nothing answers there"],
    ["http://user:secret@127.0.0.1:1/base/", "http://127.0.0.1:1/base", "nothing answers there"],
    ["not an address", "OLLAMA_HOST", "it is not an address"],
    ["file:///etc", "OLLAMA_HOST", "it is not an address"],
  ])("reads %j as %j", async (host, url, problem) => {
    expect(await findOllama(host)).toEqual({ url, problem });
  });

  it("looks at port 11434 where none is named", async () => {
    expect((await findOllama("127.0.0.2")).url).toBe("http://127.0.0.2:11434");
    expect((await findOllama(undefined)).url).toBe("http://127.0.0.1:11434");
  });
});
