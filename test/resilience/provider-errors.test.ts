import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ChatAnthropic } from "@langchain/anthropic";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorClasses } from "../../src/errors/index.js";
import { classifyError } from "../../src/resilience/classify-error.js";
import { mistakes, type ProviderError, providerErrors } from "./provider-errors.js";

let server: Server;
let origin: string;
/** What is sent to a request that names the error's place in the table as its model. */
const all = [...providerErrors, ...mistakes];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const asked = `${request.url} ${await text(request)}`;
    const { status, body } = all[Number(/error-(\d+)/.exec(asked)![1])]!;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const clients = {
  openai: (model: string) =>
    new ChatOpenAI({ model, apiKey: "none", maxRetries: 0, configuration: { baseURL: `${origin}/v1` } }),
  anthropic: (model: string) => new ChatAnthropic({ model, apiKey: "none", maxRetries: 0, anthropicApiUrl: origin }),
  google: (model: string) => new ChatGoogleGenerativeAI({ model, apiKey: "none", maxRetries: 0, baseUrl: origin }),
  ollama: (model: string) => new ChatOllama({ model, baseUrl: origin, maxRetries: 0 }),
};

/** What the client throws when a provider answers so. */
async function thrownBy(error: ProviderError): Promise<unknown> {
  const model = clients[error.client ?? "openai"](`error-${all.indexOf(error)}`);
  return model.invoke("Hi").then(
    () => expect.unreachable(),
    (thrown) => thrown,
  );
}

describe("classifyError over the clients of providers", () => {
  it.each(providerErrors.map((error) => [`${error.of} (${error.status}) for ${error.class}`, error] as const))(
    "takes the words of %s",
    async (_, error) => {
      const { retryable, movesOn } = errorClasses[error.class];
      expect(classifyError(await thrownBy(error))).toMatchObject({ class: error.class, retryable, movesOn });
    },
  );

  it.each(mistakes.map((error) => [error.of, error] as const))(
    "stops at a mistake of the caller: %s",
    async (_, error) => {
      const found = classifyError(await thrownBy(error));
      expect(found).toMatchObject({ class: "invalid_request", retryable: false, movesOn: false });
    },
  );

  it("has a public source for every error, and errors of at least fifteen providers whose windows overflow", () => {
    for (const { source } of all) expect(source).toMatch(/^https:\/\/\S+$/);
    expect(providerErrors.length).toBeGreaterThanOrEqual(80);
    expect(mistakes.length).toBeGreaterThanOrEqual(20);
    const overflowing = providerErrors.filter(({ class: kind }) => kind === "context_overflow");
    expect(new Set(overflowing.map(({ of }) => of.split(/[ ,]/)[0])).size).toBeGreaterThanOrEqual(15);
  });

  it("finds the same class through other clients' fields: a response, a nested body, JSON in the message, a cause", () => {
    const shapes: readonly ((status: number, body: unknown) => unknown)[] = [
      (status, body) => ({ response: { status, data: body } }),
      (statusCode, body) => Object.assign(new Error("Request failed"), { statusCode, body }),
      (status_code, body) => Object.assign(new Error("ResponseError"), { status_code, error: body }),
      (status, body) => new Error(`${status} ${JSON.stringify(body)}`),
      (status, body) => new Error("the gateway failed", { cause: { status: String(status), error: body } }),
      (status, body) => new AggregateError([{ status, error: body }], "All attempts failed"),
      (status, body) =>
        Object.assign(new Error("API call failed"), { statusCode: status, responseBody: JSON.stringify(body) }),
    ];
    for (const shape of shapes) {
      for (const { status, body, class: kind, of } of all) {
        expect([of, String(shape), classifyError(shape(status, body)).class]).toEqual([of, String(shape), kind]);
      }
    }
  });

  it("never moves on from a mistake of the caller, whatever is around its words", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...mistakes),
        fc.string({ maxLength: 40 }),
        fc.constantFrom(400, 422),
        (error, noise, status) => {
          const sent = JSON.parse(JSON.stringify(error.body)) as object;
          expect(classifyError({ status, error: sent, requestID: noise }).movesOn).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
