import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { CallbackManager } from "@langchain/core/callbacks/manager";

type Configure = (handlers: unknown, ...given: unknown[]) => CallbackManager | undefined;

/** The function that every run of LangChain takes its callbacks from. */
interface Configuring {
  _configureSync: Configure;
}

const managers = CallbackManager as unknown as Configuring;

/**
 * Passes the callbacks of every run that begins through a function. LangChain's own hook, `registerConfigureHook`, reaches only what is
 * called from where it was registered.
 *
 * @param options.always true for runs without callbacks too
 * @returns a function that ends it
 */
export function hookCallbacks(
  change: (manager: CallbackManager) => void,
  { always = false }: { readonly always?: boolean } = {},
): () => void {
  const original = managers._configureSync;
  let isEnded = false; // a hook around this one keeps it
  const hooked: Configure = function (this: unknown, handlers, ...given) {
    if (isEnded) return original.call(this, handlers, ...given);
    const manager = original.call(this, always ? (handlers ?? []) : handlers, ...given); // without any, LangChain drops tags and metadata
    if (manager !== undefined) change(manager);
    return manager;
  };
  managers._configureSync = hooked;
  return () => {
    isEnded = true;
    if (managers._configureSync === hooked) managers._configureSync = original;
  };
}

/** Returns the handlers that every run gets without being given them. */
export function handlersOfEveryRun(): readonly BaseCallbackHandler[] {
  return CallbackManager.configure([])?.handlers ?? [];
}
