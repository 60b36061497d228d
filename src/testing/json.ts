/** Unvalidated JSON object. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the value if it is an object, else an empty one, so that malformed bodies read like missing fields. */
export function recordIn(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function recordsIn(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function stringIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}
