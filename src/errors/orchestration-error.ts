import { LangChainError, ns } from "@langchain/core/errors";
import { maskKeys } from "../secrets/redact.js";

/** Namespace of this library's error brands; makes `isInstance` work across copies of the package. */
export const namespace: ReturnType<typeof ns.sub> = ns.sub("multimodel");

/** Base of all errors this library throws; `OrchestrationError.isInstance(error)` works across copies of the package. */
export class OrchestrationError extends namespace.brand(LangChainError, "orchestration") {
  override readonly name: string = "OrchestrationError";
  /** Masks keys in every message, because messages may quote other text. */
  constructor(message = "") {
    super(maskKeys(message));
  }
}
