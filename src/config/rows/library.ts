import type * as Main from "../../index.js";
import type * as Learned from "../../learned/index.js";

type Library = Omit<typeof Main, keyof typeof Learned> & typeof Learned;

/** What rows build with. Checking a file needs none of it, and LangGraph takes longer to load than a file to check. */
export let library: Library;

/** Loads what rows build with; to be awaited before the first `build`. */
export async function loadLibrary(): Promise<void> {
  library ??= { ...(await import("../../index.js")), ...(await import("../../learned/index.js")) };
}
