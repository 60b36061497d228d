import type { BaseMessage } from "@langchain/core/messages";
import { withUntracedConfig } from "../langgraph/fast-task.js";
import type { ModelEntry } from "../models/model.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Privacy } from "../state/privacy.js";

/** An entry as `allow` sees it: as it was given, with the recognised provider and the id of its model. */
export interface EntrySeen extends ModelEntry {
  readonly modelId?: string;
}

/** A rule in one run, shared with the runs within. */
interface Rule {
  readonly privacy: Privacy;
  isMarked: boolean;
}

/** Reason why a model is passed over; it holds nothing of the text. */
const reason = "the run is sensitive, and privacy.allow does not allow this model";

/** The mark of one run: which of its rules found something sensitive. It is set, and never taken back. */
export class Mark {
  /** Texts in which every rule found nothing. */
  private readonly clean = new Set<string>();

  private constructor(private readonly rules: readonly Rule[]) {}

  /**
   * Makes the mark of a run: with the rules and marks of the run around, and its own rule.
   *
   * @param isMarked true for a run that was marked before
   */
  static of(around: Mark | undefined, own: Privacy | undefined, isMarked: boolean): Mark | undefined {
    if (around === undefined && own === undefined) return undefined;
    const inherited = around?.rules ?? [];
    const isNew = own !== undefined && inherited.every(({ privacy }) => privacy !== own);
    const mark = isNew ? new Mark([...inherited, { privacy: own, isMarked: false }]) : (around ?? new Mark([]));
    if (isMarked) for (const rule of mark.rules) rule.isMarked = true;
    return mark;
  }

  get isMarked(): boolean {
    return this.rules.some((rule) => rule.isMarked);
  }

  /**
   * Looks for something sensitive.
   *
   * @returns why the run counts as sensitive where a detector failed
   */
  async look(text: string, messages: readonly BaseMessage[]): Promise<string | undefined> {
    const left = this.rules.filter((rule) => !rule.isMarked);
    if (left.length === 0 || this.clean.has(text)) return undefined;
    const failures = await Promise.all(left.map((rule) => detected(rule, text, messages)));
    if (!this.isMarked) this.clean.add(text);
    return failures.find((failure) => failure !== undefined);
  }

  /** Returns why a model must not be called, `undefined` if it may. A pattern asks for each model within. */
  barred(model: ResolvedModel): string | undefined {
    if (model.kind === "pattern") return undefined;
    return this.rules.every((rule) => !rule.isMarked || isAllowed(rule.privacy, model)) ? undefined : reason;
  }

  /** Returns why an embedder must not be called, `undefined` if it may. */
  barredEmbedder(embedder: object): string | undefined {
    const isDeclared = ({ privacy: { embeddings = [] } }: Rule) => (embeddings as readonly object[]).includes(embedder);
    if (this.rules.every((rule) => !rule.isMarked || isDeclared(rule))) return undefined;
    return "the run is sensitive, and the embedder is not among the embeddings of keepLocal";
  }
}

/** Runs a detector apart from the run, whose handlers would hear of a model that it calls. */
async function detected(rule: Rule, text: string, messages: readonly BaseMessage[]): Promise<string | undefined> {
  let failure: string | undefined;
  let found: unknown = true;
  try {
    found = await withUntracedConfig({}, async () => rule.privacy.detect(text, { messages }));
  } catch (error) {
    const name = error instanceof Error ? error.constructor.name : typeof error; // its message may quote the text
    failure = `privacy.detect failed (${name}), so the run counts as sensitive`;
  }
  if (found !== false) rule.isMarked = true;
  return failure;
}

function isAllowed({ allow }: Privacy, { entry, provider, modelId }: ResolvedModel): boolean {
  const known = typeof provider === "string" ? { provider } : {};
  const seen: EntrySeen = { ...known, ...(modelId !== undefined && { modelId }), ...entry };
  try {
    const given = (allow as (entry: EntrySeen) => unknown)(seen);
    if (given instanceof Promise) given.catch(() => {}); // it does not allow, whatever it ends in
    return given === true;
  } catch {
    return false;
  }
}
