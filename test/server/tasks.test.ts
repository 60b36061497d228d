import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { type AppOptions, createApp } from "../../src/server/index.js";
import { saying } from "../support/fakes.js";
import { asks } from "./serving.js";

const models = { small: saying("small"), large: saying("large", "large", "large") };

const send = async (options: Partial<AppOptions>, body: object) => {
  const reply = await createApp({ models, ...options }).request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: asks("Hi"), ...body }),
  });
  return { status: reply.status, ...((await reply.json()) as { model?: string; error?: { message: string } }) };
};

describe("createApp › tasks", () => {
  const tasks = { write: { model: "large" }, read: {} };

  it("let the task of a request without a model choose it", async () => {
    expect(await send({ tasks }, { metadata: { task: "write" } })).toMatchObject({ status: 200, model: "large" });
    expect(await send({ tasks }, { metadata: { task: "read" } })).toMatchObject({ status: 200, model: "small" });
    const named = await send({ tasks }, { model: "large", metadata: { task: "read" } });
    expect(named).toMatchObject({ status: 200, model: "large" });
  });

  it.each(["wriet", "toString"])("refuse the unknown task %s, and list those there are", async (task) => {
    const { status, error } = await send({ tasks }, { model: "small", metadata: { task } });
    expect([status, error]).toMatchObject([
      400,
      { param: "metadata.task", message: expect.stringMatching(/write, read$/) },
    ]);
  });

  it("leave every word a task, if there are none", async () => {
    const { status } = await send({ models: { small: saying("Hi") } }, { metadata: { task: "anything" } });
    expect(status).toBe(200);
  });

  it.each([
    [{ write: { model: "lagre" } }, "createApp.tasks.write.model"],
    [[], "createApp.tasks"],
    [{ write: "large" }, "createApp.tasks.write"],
  ])("are checked as the app is made: %j", (given, option) => {
    let error: unknown;
    try {
      createApp({ models, tasks: given as NonNullable<AppOptions["tasks"]> });
    } catch (thrown) {
      error = thrown;
    }
    expect(InvalidOptionError.isInstance(error) && error.option).toBe(option);
  });
});
