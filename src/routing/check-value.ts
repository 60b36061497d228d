import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { InvalidOptionError } from "../errors/index.js";
import { rememberSecretsIn } from "../secrets/remember-secrets.js";

export function checkNumber(
  value: unknown,
  option: string,
  expected: string,
  fits: (value: number) => boolean = (number) => number >= 0 && number <= 1,
): void {
  if (typeof value !== "number" || !Number.isFinite(value) || !fits(value)) {
    throw new InvalidOptionError(option, value, expected);
  }
}

export function checkName(value: unknown, option: string): void {
  if (typeof value !== "string" || value.trim() === "") {
    throw new InvalidOptionError(option, value, "give the name of a model");
  }
}

/** Returns the entries of a record; throws if it is empty or not a record. */
export function checkedEntries<Value>(
  record: Readonly<Partial<Record<string, Value>>>,
  option: string,
  expected: string,
): [string, Value][] {
  const plain = typeof record === "object" && record !== null && !Array.isArray(record);
  if (!plain || Object.keys(record).length === 0) throw new InvalidOptionError(option, record, expected);
  return Object.entries(record) as [string, Value][];
}

/** Throws unless the object is an embedder, and keeps its secrets for redaction. */
export function checkEmbeddings(embeddings: EmbeddingsInterface, option: string): void {
  rememberSecretsIn(embeddings);
  if (typeof embeddings?.embedQuery !== "function" || typeof embeddings.embedDocuments !== "function") {
    throw new InvalidOptionError(option, embeddings, "give an embedder: new OpenAIEmbeddings()");
  }
}
