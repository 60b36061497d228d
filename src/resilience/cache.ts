import { InvalidOptionError } from "../errors/index.js";
import type { ModelCall, Price } from "../ledger/model-call.js";
import type { RunContext } from "../state/run-context.js";

/** An embedder, as the ledger names it. */
export interface Embedder {
  readonly model: string;
  /** USD per million tokens. @default looked up by the model's id; 0 for `localEmbeddings` */
  readonly price?: Price | null | undefined;
}

/** A call of a chat model, as a cache sees it. */
export interface CacheRequest {
  /** Everything but the messages that the answer depends on: model, address, parameters, tools, form of the answer, candidate. */
  readonly facts: string;
  /** The messages as they are sent, without their ids; each on one line. */
  readonly messages: readonly string[];
  /** Text of the last message if a person without a name wrote it, and it holds nothing else. */
  readonly question: string | undefined;
  readonly role: ModelCall["role"];
  readonly context: RunContext | undefined;
  readonly stops: readonly (AbortSignal | undefined)[];
  /** Runs an embedder and writes its line in the ledger. */
  readonly embed: <Result>(text: string, embedder: Embedder, work: () => Promise<Result>) => Promise<Result>;
}

/** Place of one answer in a cache. */
export interface CachePlace {
  /** Same for equal requests: one that comes while another is answered waits for it. @default none waits */
  readonly key?: string;
  /** The stored answer, if there is one. */
  readonly found?: string | undefined;
  /** What the decision record says about it. */
  readonly reason?: string | undefined;
  readonly scores?: Readonly<Record<string, number>>;
  readonly threshold?: number;
  /** Stores the answer of the model. */
  readonly keep: (answer: string) => void;
}

/** Answers that are given again without calling the model: `exactCache` or `semanticCache`. */
export interface Cache {
  /** Name for messages. */
  readonly name: string;
  /** Looks a request up; `undefined` if requests such as this one are not cached. It never rejects, except with the reason of an abort. */
  lookUp(request: CacheRequest): Promise<CachePlace | undefined>;
  /** Returns once what went wrong since the last time, such as a store that is down. */
  trouble(): string | undefined;
}

/** Throws unless the value is a cache. */
export function checkCache(cache: Cache | undefined, option: string): void {
  if (cache === undefined || typeof Object(cache).lookUp === "function") return;
  throw new InvalidOptionError(option, cache, "give exactCache({ ttlMs }) or semanticCache({ … })");
}
