import { request } from "node:http";
import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { RunnableLambda } from "@langchain/core/runnables";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOllama } from "@langchain/ollama";
import { AzureChatOpenAI, ChatOpenAI } from "@langchain/openai";
import { parseConfig } from "../../../src/config/index.js";
import type { Model, ModelEntry } from "../../../src/index.js";
import { plant } from "./planted.js";

/** Somewhere a secret may be: a client, an entry, a file or the environment. */
export interface Place {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly model: Model | ModelEntry;
  /** What it was refused with, where it is no model with a secret there. */
  readonly refused?: unknown;
  /** True for an error in which nothing shows that it holds a secret: what a user's own function throws of that kind is the user's. */
  readonly unmarked: boolean;
}

const unmarked = ["a hidden field of an error", "a getter of an error", "a cause of an error"];

type Make = (secret: () => string) => Model | ModelEntry | Promise<Model | ModelEntry>;

/** An address with something in it that no one else may read. */
const withCredentials = (url: string, secret: string) =>
  url.replace("//", `//${encodeURIComponent("gate keeper")}:${encodeURIComponent(secret)}@`);
const once = { maxRetries: 0 };
/** A key that no one can know before it is sent, and that shows what it is. */
const token = (secret: string) =>
  `eyJ${Buffer.from(secret).toString("base64url")}.${Buffer.from(secret).toString("hex")}`;

/** A client of a user's own, whose errors hold what it sent, as those of axios do. */
function custom(raise: (secret: string) => unknown): Make {
  return (secret) => {
    const sent = secret(); // nothing of the client shows it
    class Custom extends FakeListChatModel {
      override _generate(): never {
        throw raise(sent);
      }
      override _streamResponseChunks(): never {
        throw raise(sent);
      }
    }
    return new Custom({ responses: ["never"] }) as BaseChatModel;
  };
}

/** A client that holds what it signs with, and whose errors repeat it in their message. */
function signing(held: object, sent: readonly string[]): BaseChatModel {
  class Signing extends FakeListChatModel {
    override _generate(): never {
      throw httpError("", {}, `The security token included in the request is invalid: ${sent.join(" ")}`);
    }
    override _streamResponseChunks(): never {
      return this._generate();
    }
  }
  return Object.assign(new Signing({ responses: ["never"] }), held) as BaseChatModel;
}

const httpError = (sent: string, fields: object, message = "Request failed with status code 401") =>
  Object.assign(new Error(message), { status: 401, code: "ERR_BAD_REQUEST", ...fields, [Symbol("sent")]: sent });

/** Every place; a new one joins every way out by standing here. */
export function placesOver(url: string): Readonly<Record<string, Make>> {
  const openai = (fields: object) => new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "sk-none", ...once, ...fields });
  const at = (baseURL: string, more: object = {}) => ({ configuration: { baseURL, ...more } });
  const v1 = `${url}/v1`;
  const file = (text: string, env: Record<string, string> = {}) =>
    parseConfig("models.yaml", `models:\n  a: ${text}`, env).then(({ models }) => models.a!);
  return {
    "ChatOpenAI.apiKey": (secret) => openai({ apiKey: secret(), ...at(v1) }),
    "ChatOpenAI.configuration.defaultHeaders": (secret) =>
      openai(at(v1, { defaultHeaders: { "x-tenant": secret(), Authorization: `Bearer ${secret()}` } })),
    "ChatOpenAI.configuration.defaultQuery": (secret) =>
      openai(at(v1, { defaultQuery: { code: secret(), zone: secret() } })),
    "ChatOpenAI credentials in the address": (secret) => openai(at(withCredentials(v1, secret()))),
    "ChatOpenAI query of the address": (secret) => openai(at(`${v1}?subscription=${encodeURIComponent(secret())}`)),
    "ChatOpenAI basic authorization": (secret) =>
      openai(
        at(v1, { defaultHeaders: { Authorization: `Basic ${Buffer.from(`user:${secret()}`).toString("base64")}` } }),
      ),
    "ChatOpenAI cookie": (secret) => openai(at(v1, { defaultHeaders: { cookie: `lang=en; gate=${secret()}` } })),
    "headers of a call": (secret) =>
      openai(at(v1)).withConfig({ options: { headers: { "x-gate": secret() } } } as object),
    "ChatOpenAI.model": (secret) => openai({ model: `sk-${Buffer.from(secret()).toString("hex")}`, ...at(v1) }),
    "an address nobody answers at": (secret) => openai(at(withCredentials("http://127.0.0.1:9/v1", secret()))),
    "AzureChatOpenAI.azureOpenAIApiKey": (secret) =>
      new AzureChatOpenAI({
        ...{ azureOpenAIApiKey: secret(), azureOpenAIEndpoint: url, azureOpenAIApiDeploymentName: "d" },
        ...{ azureOpenAIApiVersion: "2024-10-21", ...once },
      }),
    "ChatOpenAI.apiKey as a function": (secret) => {
      const given = secret();
      return openai({ apiKey: async () => given, ...at(v1) });
    },
    "ChatOpenAI.apiKey as a function, Responses API": (secret) => {
      const given = secret();
      return openai({ apiKey: async () => given, useResponsesApi: true, ...at(v1) });
    },
    "a fetch that adds headers": (secret) => {
      const [header, gate, query] = [secret(), secret(), secret()];
      const own: typeof fetch = (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set("authorization", `Bearer ${header}`);
        headers.set("x-gate", gate);
        return fetch(`${String(input)}?api-key=${encodeURIComponent(query)}`, { ...init, headers });
      };
      return openai(at(v1, { fetch: own }));
    },
    "a client of a user's own over node:http": (secret) => {
      const sent = secret();
      return new (class extends FakeListChatModel {
        override _generate(): Promise<never> {
          return new Promise((_, reject) => {
            const sending = request(v1, { method: "POST", headers: { "x-api-key": sent } }, async (reply) => {
              let text = "";
              for await (const piece of reply) text += piece;
              reject(new Error(text));
            });
            sending.on("error", reject).end("{}");
          });
        }
        override async *_streamResponseChunks(): AsyncGenerator<never> {
          yield await this._generate();
        }
      })({ responses: ["never"] }) as BaseChatModel;
    },
    "AzureChatOpenAI.azureADTokenProvider": (secret) => {
      const given = secret();
      return new AzureChatOpenAI({
        ...{ azureADTokenProvider: async () => given, azureOpenAIEndpoint: url, azureOpenAIApiDeploymentName: "d" },
        ...{ azureOpenAIApiVersion: "2024-10-21", ...once },
      });
    },
    "ChatGoogleGenerativeAI.apiKey": (secret) =>
      new ChatGoogleGenerativeAI({ model: "gemini-2.0-flash", apiKey: secret(), baseUrl: url, ...once }),
    "ChatGoogleGenerativeAI.customHeaders": (secret) =>
      new ChatGoogleGenerativeAI({
        ...{ model: "gemini-2.0-flash", apiKey: "AIza-none", baseUrl: url, ...once },
        customHeaders: { "x-gate": secret() },
      }),
    "ChatAnthropic.apiKey": (secret) =>
      new ChatAnthropic({ model: "claude-3-5-haiku-latest", apiKey: secret(), anthropicApiUrl: url, ...once }),
    "ChatAnthropic.clientOptions": (secret) =>
      new ChatAnthropic({
        ...{ model: "claude-3-5-haiku-latest", apiKey: "sk-ant-none", anthropicApiUrl: url, ...once },
        clientOptions: { defaultHeaders: { "x-gate": secret() }, defaultQuery: { gate: secret() } },
      }),
    "ChatOllama.headers": (secret) =>
      new ChatOllama({ model: "llama3.2", baseUrl: url, headers: { "x-gate": secret() }, ...once }),
    "ChatOllama.headers as Headers": (secret) =>
      new ChatOllama({
        model: "llama3.2",
        baseUrl: url,
        headers: new Headers({ Authorization: `Bearer ${secret()}` }),
        ...once,
      }),
    "ChatOllama credentials in the address": (secret) =>
      new ChatOllama({ model: "llama3.2", baseUrl: withCredentials(url, secret()), ...once }),
    "parameters of an entry": (secret) => ({
      ...{ model: openai(at(v1)), parameters: { apiKey: secret(), temperature: 0 }, systemPrompt: "Be brief." },
    }),
    "a chain": (secret) =>
      RunnableLambda.from((messages: never) => messages).pipe(openai({ apiKey: secret(), ...at(v1) })),
    "the environment": (secret) => {
      process.env.PLANTED_API_KEY = secret();
      const { PLANTED_API_KEY } = process.env; // read where no one sees it
      return RunnableLambda.from(() => openai({ apiKey: PLANTED_API_KEY, ...at(v1) }).invoke("Hi")) as never;
    },
    "credentials of a client that signs": (secret) => {
      const credentials = { accessKeyId: secret(), secretAccessKey: secret(), sessionToken: secret() };
      return signing({ region: "us-east-1", client: { config: { credentials } } }, Object.values(credentials));
    },
    "a service account": (secret) => {
      const account = { private_key: `-----BEGIN PRIVATE KEY-----\n${secret()}\n`, private_key_id: secret() };
      return signing({ connection: { authOptions: { credentials: account } } }, Object.values(account));
    },
    "fields of a variable": (secret) => {
      const [key, word] = [secret(), secret()];
      process.env.PLANTED_ACCOUNT = JSON.stringify({ type: "service_account", private_key: key });
      process.env.PLANTED_CONNECTION = `Endpoint=https://planted.example/;AccountKey=${word};Zone=1`;
      return signing({}, [key, word]); // read where no one sees it
    },
    "fields of a header": (secret) => {
      const [key, word] = [secret(), secret()];
      return signing(
        { headers: { "x-context": JSON.stringify({ tenant: "a", apiKey: key }), "x-as": `user=joe&token=${word}` } },
        [key, word],
      );
    },
    "a key kept as bytes": (secret) => {
      const key = secret();
      return signing({ apiKey: Buffer.from(key) }, [key]);
    },
    "an unknown option of an entry": (secret) =>
      ({ model: openai(at(v1)), apiKey: secret(), accessToken: secret() }) as ModelEntry,
    "axios-like config": custom((sent) =>
      httpError(sent, {
        config: { headers: { Authorization: `Bearer ${sent}` }, url: `https://api/v1?gate=${sent}` },
        request: { _header: `GET / HTTP/1.1\r\nx-gate: ${sent}` },
        response: { status: 401, config: { headers: { "x-gate": sent } }, data: { echo: sent } },
      }),
    ),
    "a hidden field of an error": custom((sent) =>
      Object.defineProperty(httpError(sent, {}), "hidden", { value: { sent } }),
    ),
    "a getter of an error": custom((sent) => {
      class Sent extends Error {
        get request() {
          return { sent };
        }
        toJSON() {
          return { sent };
        }
      }
      return new Sent("refused");
    }),
    "a cause of an error": custom(
      (sent) => new TypeError("fetch failed", { cause: httpError(sent, { headers: { gate: sent } }) }),
    ),
    "the name and code of an error": custom((sent) =>
      Object.assign(httpError(sent, { name: token(sent), code: token(sent), request_id: token(sent) })),
    ),
    "an object that is no error": custom((sent) => ({ headers: { Authorization: sent }, status: 500 })),
    "a file: apiKey of a client": (secret) =>
      file(`{ provider: openai, model: gpt-4o-mini, baseUrl: "${v1}", clients: [{ apiKey: "${secret()}" }] }`),
    "a file: apiKey": (secret) =>
      file(`{ provider: openai, model: gpt-4o-mini, baseUrl: "${v1}", apiKey: "${secret()}" }`),
    "a file: headers": (secret) =>
      file(
        `{ provider: openai, model: gpt-4o-mini, baseUrl: "${v1}", apiKey: none, headers: { x-gate: "${secret()}" } }`,
      ),
    "a file: address": (secret) =>
      file(`{ provider: ollama, model: llama3.2, baseUrl: "${withCredentials(url, secret())}" }`),
    "a file: variable": (secret) =>
      file(`{ provider: openai, model: gpt-4o-mini, baseUrl: "${v1}", apiKey: "\${GATE}" }`, { GATE: secret() }),
    "a file: model": (secret) =>
      file(
        `{ provider: openai, model: "sk-${Buffer.from(secret()).toString("hex")}", baseUrl: "${v1}", apiKey: none }`,
      ),
  };
}

/** Plants a secret everywhere. */
export async function plantAll(url: string): Promise<readonly Place[]> {
  return Promise.all(
    Object.entries(placesOver(url)).map(async ([name, make]) => {
      const secrets: string[] = [];
      const secret = () => {
        secrets.push(plant(name));
        return secrets.at(-1)!;
      };
      const place = { name, secrets, unmarked: unmarked.includes(name) };
      try {
        return { ...place, model: oneTry(await make(secret)) };
      } catch (refused) {
        return { ...place, refused, model: new FakeListChatModel({ responses: ["never"] }) as BaseChatModel };
      }
    }),
  );
}

/** Retries are another matter: each way out asks once. */
function oneTry(given: Model | ModelEntry): ModelEntry {
  const entry = typeof given !== "string" && "model" in given && !("invoke" in given) ? given : { model: given };
  return { ...(entry as ModelEntry), retry: false };
}
