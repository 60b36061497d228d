/** A JSON object whose values nobody has checked yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one: a wrong body then reads like a missing field. */
export function recordIn(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function recordsIn(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function stringIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}
