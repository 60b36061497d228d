import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { Context } from "hono";
import { z } from "zod";
import { estimateTokens } from "../../ledger/usage.js";
import { maskAddresses } from "../../secrets/addresses.js";
import { redact, redactError } from "../../secrets/redact.js";
import type { AppOptions } from "../app-options.js";
import { openDeadline } from "../deadline.js";
import { replyTo } from "../reply-to.js";
import { type Endpoint, nameRequest } from "../request/answer-request.js";
import { checked, unsupported } from "../request/invalid.js";
import { listOf } from "../request/schema-parts.js";
import { type ErrorReply, errorReply, isServerFailure, RequestError } from "../request-error.js";
import { send } from "../send-error.js";

interface EmbeddingsRequest {
  readonly model?: string | null | undefined;
  readonly input: string | readonly string[];
  readonly encoding_format?: "float" | "base64" | null | undefined;
}

/** Supported part of OpenAI's embeddings API (developers.openai.com/api/reference, "Create embeddings"). */
const EmbeddingsSchema: z.ZodType<EmbeddingsRequest> = z.looseObject({
  model: z.string().nullish(),
  input: z.union([z.string(), z.array(z.unknown()).min(1).pipe(listOf(z.string()))], {
    error: "must be a text or a list of texts; tokens are not supported",
  }),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.null().optional(),
});

type Embedding = Pick<Endpoint, "read" | "timeout" | "report"> & Pick<AppOptions, "embeddings">;

/** Answers a request for embeddings; their tokens are estimated, since LangChain's embedders report none. */
export async function embed(
  context: Context,
  { embeddings = {}, read, timeout, report }: Embedding,
): Promise<Response> {
  const id = `embd_${crypto.randomUUID()}`;
  nameRequest(context, id);
  const deadline = openDeadline(context.req.raw.signal, timeout);
  let model: string | undefined;
  try {
    const body = await deadline.within(read(context));
    const { dimensions } = Object(body) as { readonly dimensions?: unknown };
    if (dimensions != null) throw unsupported("dimensions", "is not supported; the embedder of the server has its own");
    const request = checked(EmbeddingsSchema, body);
    deadline.begin();
    const [name, embedder] = chosen(embeddings, request.model);
    model = name;
    const texts = [request.input].flat();
    const vectors = await deadline.within(embedder.embedDocuments([...texts]));
    const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
    return context.json({
      object: "list",
      data: vectors.map((vector, index) => ({
        ...{ object: "embedding", index },
        embedding: request.encoding_format === "base64" ? base64(vector) : vector,
      })),
      ...{ model, usage: { prompt_tokens: tokens, total_tokens: tokens } },
    });
  } catch (error) {
    const reply = failure(deadline.signal.aborted ? deadline.signal.reason : error);
    if (isServerFailure(reply)) report(error, { id, model });
    return send(context, reply);
  } finally {
    deadline.end();
  }
}

function chosen(
  embeddings: NonNullable<AppOptions["embeddings"]>,
  name: string | null | undefined,
): readonly [string, EmbeddingsInterface] {
  const found = Object.entries(embeddings).find(([each]) => !name || each === name);
  if (found !== undefined) return found;
  const names = Object.keys(embeddings).map((each) => `"${each}"`);
  const known = names.length === 0 ? "this server has none" : `use one of ${names.join(", ")}`;
  const message = name ? `Unknown embedder "${redact(name)}"; ${known}` : `No embedder: ${known}`;
  throw new RequestError(errorReply(404, message, { param: "model", code: "model_not_found" }));
}

/** Converts an error of the embedder; its words are shown without keys and addresses. */
function failure(error: unknown): ErrorReply {
  if (error instanceof RequestError) return replyTo(error);
  const message = `The embedder failed: ${maskAddresses(redactError(error))}`;
  return errorReply(502, message, { type: "upstream_error", code: "embedding_failed" });
}

/** Encodes a vector as 32-bit floats, the form in which OpenAI's client asks for it. */
function base64(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString("base64");
}
