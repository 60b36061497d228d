import { describe, expect, it } from "vitest";
import { createFallback } from "../../src/index.js";
import { failWith, type Reply } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

const openai = (model: string, systemPrompt?: string) => ({
  model: providers.ChatOpenAI(server, model),
  retry: { maxRetries: 1, backoff: [0] },
  ...(systemPrompt === undefined ? {} : { systemPrompt }),
});
const asked = () => server.requests.map(({ model }) => model);

/** Two entries of one model, and another model of the same provider. */
const chain = () =>
  createFallback({
    models: { large: openai("large"), again: openai("large", "Be brief."), small: openai("small") },
  }).compile();

const faults: Record<string, { reply: Reply; kind: string; status: number }> = {
  "a 403 for one model": {
    reply: failWith.permission({ message: "Project `proj_x` does not have access to model `large`", code: "x" }),
    kind: "model_unavailable",
    status: 403,
  },
  "an unknown model, as a 404": { reply: failWith.unknownModel(), kind: "model_unavailable", status: 404 },
  "a retired model, as a 400": {
    reply: failWith.badRequest({ message: "The model `large` has been decommissioned and is no longer supported." }),
    kind: "model_unavailable",
    status: 400,
  },
  "a request larger than a minute's share, as a 429": {
    reply: failWith.rateLimit({
      message:
        "Request too large for large in organization org-x on tokens per min (TPM): Limit 30000, Requested 40000.",
      retryAfter: "1",
    }),
    kind: "too_large",
    status: 429,
  },
  "a request larger than a minute's share, as a 413": {
    reply: failWith.rateLimit({
      status: 413,
      message: "Request too large for model `large` on tokens per minute (TPM): Limit 12000, Requested 14137",
    }),
    kind: "too_large",
    status: 413,
  },
};

describe("createFallback", () => {
  it.each(Object.keys(faults))(
    "passes over every entry of the model, and no other model of its provider, after %s",
    async (fault) => {
      const { reply, kind, status } = faults[fault]!;
      server.reply("large", reply);
      const result = await chain().invoke({ messages: "Hi" });
      expect(result.modelUsed).toBe("small");
      expect(asked()).toEqual(["large", "small"]); // once, and not under its other name
      expect(result.failures).toMatchObject([{ name: "large", class: kind, status }]);
      expect(result.decisions).toContainEqual(
        expect.objectContaining({
          kind: "skip",
          chosen: "again",
          reason: `same model as large, which ended in ${kind}`,
        }),
      );
    },
  );

  it.each(["a request larger than a minute's share, as a 429", "a request larger than a minute's share, as a 413"])(
    "cools nothing down after %s: the next request is asked there again",
    async (fault) => {
      server.reply("large", faults[fault]!.reply, "It fits.");
      const graph = chain();
      await graph.invoke({ messages: "A long story" });
      expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("large");
      expect(asked()).toEqual(["large", "small", "large"]);
    },
  );

  it("still passes over every model of the key after a 403 that names none", async () => {
    server.reply("large", failWith.permission({ message: "The caller does not have permission", code: "x" }));
    const error = await chain()
      .invoke({ messages: "Hi" })
      .catch((failed) => failed);
    expect(asked()).toEqual(["large"]);
    expect(error).toMatchObject({ name: "AllModelsFailedError", class: "authentication", status: 403 });
  });
});
