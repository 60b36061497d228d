import type { Client } from "./client-kind.js";
import type { HistoryRules } from "./history-rules.js";
import { allowsForeignFields } from "./openai-sdk.js";

const textOnly: ReadonlySet<string> = new Set(["text"]);

/** Models of Mistral, by the names under which servers offer them. */
const mistral = /(?:^|[/_-])(?:mi[sx]tral|ministral|codestral|devstral|magistral|pixtral|voxtral)/i;

/** Rules of OpenAI's two APIs, and of servers that speak the first one. */
export function openaiHistory(client: Client, modelId: string | undefined): HistoryRules {
  const shared = { writers: ["openai", "azure"], serversDiffer: true };
  const strict = {
    withoutCacheMarks: true,
    toolNames: { without: /[^a-zA-Z0-9_-]/g, length: 64 },
    speakersWithout: /[\s<|\\/>]/g, // platform.openai.com, error "string does not match pattern '^[^\s<|\\/>]+$'"
  };
  if (client._useResponsesApi?.(undefined) === true) {
    return { ...shared, ...strict, callId: /^.{1,64}$/s, bareCalls: true };
  }
  const content = { blocks: textOnly, resultBlocks: textOnly };
  if (mistral.test(modelId ?? "")) return { ...shared, ...content, ...strict, callId: /^[a-zA-Z0-9]{9}$/ };
  if (client.completions !== undefined && allowsForeignFields(client.completions)) {
    return { ...shared, ...content, callId: /./s };
  }
  return { ...shared, ...content, ...strict, callId: /^.{1,40}$/s };
}
