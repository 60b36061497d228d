import type { Context } from "hono";
import { estimateMessages, estimateTokens } from "../../ledger/usage.js";
import { replyTo } from "../reply-to.js";
import { type Endpoint, nameRequest } from "../request/answer-request.js";
import { send } from "../send-error.js";
import { answering } from "../tasks.js";
import { messagesProtocol } from "./messages-protocol.js";

/** Tokens of an image, as most providers bill a large one (platform.claude.com/docs, "Vision": width × height / 750). */
const ofImage = 1_500;

/**
 * Estimates the input tokens of a request, without a call: the models behind a graph count in different ways, and which of them
 * answers is not known yet.
 */
export async function countTokens(context: Context, { served, tasks, read }: Endpoint): Promise<Response> {
  nameRequest(context, messagesProtocol.newId());
  try {
    const { run } = messagesProtocol.read(await read(context), context.get("caller"));
    answering(run, served, tasks);
    const messages = run.messages();
    const tools = (run.form.tools ?? []).map((tool) => estimateTokens(JSON.stringify(tool.function)));
    const images = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content)).filter(isImage);
    const sum = estimateMessages(messages) + tools.reduce((one, other) => one + other, 0) + images.length * ofImage;
    return context.json({ input_tokens: Math.max(1, sum) });
  } catch (error) {
    return send(context, replyTo(error));
  }
}

const isImage = ({ type }: { readonly type: string }) => type === "image_url";
