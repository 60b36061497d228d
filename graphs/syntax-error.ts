import { Script } from "node:vm";

/** The code in a message, without the fence around it. */
export function codeIn(text: string): string | undefined {
  return /```(?:js|javascript)?\n([\s\S]*?)```/.exec(text)?.[1];
}

/** Why JavaScript does not parse; nothing of it is run. */
export function syntaxError(code: string): string | undefined {
  try {
    new Script(code);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
