import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { BaseMessage } from "@langchain/core/messages";
import { ReducedValue } from "@langchain/langgraph";
import { z } from "zod";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";

/** What a detector may look at beside the text, such as images. */
export interface Detecting {
  /** The messages that the text is taken from. */
  readonly messages: readonly BaseMessage[];
}

/** Says whether a text is sensitive. Anything but `false` counts as yes, an error too. */
export type Detect = (text: string, about: Detecting) => boolean | Promise<boolean>;

/**
 * Options of `keepLocal`.
 *
 * @typeParam Entry what `allow` sees of an entry
 */
export interface KeepLocalOptions<Entry> {
  /** Looks at everything a run knows: conversation, prompts, tool results, own state, items, drafts. */
  readonly detect: Detect;
  /** Says whether an entry may see what is sensitive. Only `true` opens; an error counts as no. */
  readonly allow: (entry: Entry) => boolean;
  /** Embedders that may see what is sensitive. @default none: not even one that runs in this process */
  readonly embeddings?: readonly EmbeddingsInterface[];
}

const brand = Symbol.for("langgraph-multimodel.privacy");

/** Rule made by `keepLocal`. */
export interface Privacy extends KeepLocalOptions<never> {
  readonly [brand]: true;
}

/** Makes a rule of checked options. */
export function privacyOf(options: KeepLocalOptions<never>): Privacy {
  checkKeys(options, "keepLocal", ["detect", "allow", "embeddings"]);
  for (const name of ["detect", "allow"] as const) {
    if (typeof options[name] === "function") continue;
    throw new InvalidOptionError(`keepLocal.${name}`, options[name], "give a function that returns a boolean");
  }
  const { detect, allow, embeddings = [] } = options;
  if (!Array.isArray(embeddings)) {
    throw new InvalidOptionError("keepLocal.embeddings", embeddings, "give a list of embedders that may see all");
  }
  return Object.freeze({ detect, allow, embeddings: [...embeddings], [brand]: true as const });
}

/** Throws unless the option is unset or a rule. */
export function checkPrivacy(privacy: unknown, option: string): void {
  if (privacy === undefined || (Object(privacy) as Partial<Privacy>)[brand] === true) return;
  throw new InvalidOptionError(option, privacy, "give keepLocal({ detect, allow })");
}

/** The mark in the state of a pattern with a rule: once set, no node and no `updateState` takes it back. */
export const sensitive = new ReducedValue(z.boolean().default(false), {
  inputSchema: z.boolean(),
  reducer: (marked: boolean, written: boolean) => marked === true || written === true,
});

/** Returns true for the state of a marked run. */
export function isMarked(state: object): boolean {
  return (state as { readonly sensitive?: unknown }).sensitive === true;
}
