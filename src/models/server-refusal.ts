/** Statuses with which servers refuse a field they do not know; some crash on it. */
const statuses: readonly unknown[] = [400, 404, 415, 422, 500, 501];

/** Returns whether an error refuses a part of a request, by the words that name it; the call may be repeated without the part. */
export function refusesPart(error: unknown, words: RegExp): boolean {
  const { status, message = "" } = Object(error) as { readonly status?: number; readonly message?: string };
  return statuses.includes(status) && words.test(message);
}
