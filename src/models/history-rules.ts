/** What a provider accepts of a conversation that others wrote, too. */
export interface HistoryRules {
  /** `model_provider` of the messages whose signatures and own blocks it can read. @default any but those of known kinds */
  readonly writers?: readonly string[];
  /** True if servers of this kind cannot read one another's thoughts, as those behind OpenAI's API. @default false */
  readonly serversDiffer?: boolean;
  /** Block types of an answer that the client can send; an answer with another one is sent as text. @default all */
  readonly blocks?: ReadonlySet<string>;
  /** Block types of a tool result that the client can send; a result with another one is sent as text. @default all */
  readonly resultBlocks?: ReadonlySet<string>;
  /** Ids of tool calls that it accepts. @default all */
  readonly callId?: RegExp;
  /** Characters that its names of tools cannot have, and their greatest length. @default any name */
  readonly toolNames?: { readonly without: RegExp; readonly length: number };
  /** Characters that its names of speakers cannot have. @default none */
  readonly speakersWithout?: RegExp;
  /** It takes one system message, before all others. @default false */
  readonly oneSystemMessage?: boolean;
  /** It refuses messages and blocks of text that hold nothing. @default false */
  readonly refusesEmpty?: boolean;
  /** It refuses or misreads `cache_control`, the mark of Anthropic's prompt cache. @default false: sent as it is */
  readonly withoutCacheMarks?: boolean;
  /** An answer that only calls tools has no content, instead of an empty text. @default false */
  readonly bareCalls?: boolean;
}

/** Rules for a client of an unknown kind: what each provider accepts. */
export const portableHistory: HistoryRules = {
  callId: /^[a-zA-Z0-9_-]{1,40}$/,
  toolNames: { without: /[^a-zA-Z0-9_-]/g, length: 64 },
};
