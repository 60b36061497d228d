import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import { seesTokens, tokenHandlers } from "./callbacks-below.js";

/** Private fields of a callback manager. */
interface Managed {
  handlers: BaseCallbackHandler[];
  inheritableHandlers: BaseCallbackHandler[];
}

/**
 * Copies callbacks so that tokens of a call are shown only after `claim` returned true for the first of them. Two calls that race for one
 * answer are then never shown mixed, also if the client of the loser ignores its signal.
 */
export function claimingTokens(callbacks: Callbacks | undefined, claim: () => boolean): Callbacks | undefined {
  if (callbacks === undefined) return undefined;
  const wrap = (handler: BaseCallbackHandler) => claiming(handler, claim);
  if (Array.isArray(callbacks)) return (callbacks as BaseCallbackHandler[]).map(wrap);
  const copy = callbacks.copy() as typeof callbacks & Managed;
  copy.handlers = copy.handlers.map(wrap);
  copy.inheritableHandlers = copy.inheritableHandlers.map(wrap);
  return copy;
}

type Method = (...given: unknown[]) => unknown;

function claiming(handler: BaseCallbackHandler, claim: () => boolean): BaseCallbackHandler {
  if (seesTokens.has(handler.name)) return handler;
  const instead: Readonly<Record<string | symbol, (method: Method) => Method>> = {
    handleLLMNewToken:
      (method) =>
      (...given) =>
        isBlank(given) || !claim() ? undefined : method(...given),
    handleChatModelStreamEvent:
      (method) =>
      (...given) =>
        claim() ? method(...given) : undefined,
    handleLLMEnd:
      (method) =>
      (...given) => {
        if (!tokenHandlers.has(handler.name) || claim()) return method(...given); // it shows an answer that came as a whole
        const [, ...run] = given;
        return (handler.handleLLMError as Method | undefined)?.call(
          handler,
          new Error("Another request was faster"),
          ...run,
        );
      },
  };
  return new Proxy(handler, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function" || key === "constructor") return value;
      const method: Method = value.bind(target);
      return instead[key]?.(method) ?? method;
    },
  });
}

/** Returns true for the arguments of a token without content, such as the role that some servers send at once. */
function isBlank([token, , , , , fields]: readonly unknown[]): boolean {
  const { content, tool_call_chunks, additional_kwargs } = Object(Object(Object(fields).chunk).message) as Record<
    string,
    unknown
  >;
  const parts = [tool_call_chunks, Object.keys(Object(additional_kwargs)), content] as readonly {
    readonly length?: number;
  }[];
  return !token && parts.every((part) => !part?.length);
}
