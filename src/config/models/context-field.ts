import type { RunContext } from "../../state/run-context.js";

/** Makes a function that returns a field of a run's context as a text; an empty or missing one is `undefined`. */
export const contextField =
  (name: string) =>
  (context: RunContext): string | undefined => {
    const value: unknown = Object.hasOwn(context, name) ? context[name as keyof RunContext] : undefined;
    return ["string", "number"].includes(typeof value) && value !== "" ? String(value) : undefined;
  };
