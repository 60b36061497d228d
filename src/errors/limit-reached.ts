import { namespace, OrchestrationError } from "./orchestration-error.js";

/** A call was not made, because the `limit` of its entry left no room for it in time. */
export class LimitReachedError extends namespace.brand(OrchestrationError, "limit-reached") {
  override readonly name = "LimitReachedError";
  constructor(
    /** Reads after the model's name: "limit of 4 calls at once is reached". */
    readonly reason: string,
    /** Milliseconds until there is room; unknown while all places are taken. */
    readonly waitMs?: number,
  ) {
    super(`Not called: ${reason}`);
  }
}
