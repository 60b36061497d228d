import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { type GoogleSdk, patchedSdk } from "../../src/models/google-sdk.js";

/** As Google's SDK does it: a listener that is never taken off. */
const listening = (signals: AbortSignal[], reply: () => unknown): GoogleSdk => {
  const send = async (_request: unknown, { signal }: { signal?: AbortSignal } = {}) => {
    signals.push(signal!);
    signal!.addEventListener("abort", () => {});
    return reply() as never;
  };
  return { generateContent: send, generateContentStream: send };
};
const bounds = { bytes: 1_000, onHeaders: undefined };
const broken = () => {
  throw new Error("broken");
};
async function* parts() {
  yield { candidates: [{ finishReason: "STOP" }] };
}
const streamed = () => ({ stream: parts(), response: Promise.resolve({}) });

describe("patchedSdk", () => {
  it.each([
    ["generateContent", () => ({})],
    ["generateContent", broken],
    ["generateContentStream", streamed],
    ["generateContentStream", broken],
  ] as const)("leaves no listener on the caller's signal: %s", async (method, reply) => {
    const caller = new AbortController();
    const signals: AbortSignal[] = [];
    const sdk = patchedSdk(listening(signals, reply), bounds);
    const sent = sdk[method]!({}, { signal: caller.signal }).catch(() => undefined);
    expect(getEventListeners(caller.signal, "abort")).toHaveLength(1);
    const result = (await sent) as { stream?: AsyncIterable<unknown> } | undefined;
    for await (const _part of result?.stream ?? []);
    expect(getEventListeners(caller.signal, "abort")).toHaveLength(0);
    expect(signals[0]).not.toBe(caller.signal);
  });

  it("aborts a request with its caller, for the same reason, and one whose stream is left", async () => {
    const caller = new AbortController();
    const signals: AbortSignal[] = [];
    const sdk = patchedSdk(listening(signals, streamed), bounds);
    const { stream } = await sdk.generateContentStream!({}, { signal: caller.signal });
    await sdk.generateContentStream!({}, { signal: caller.signal });
    for await (const _part of stream) break;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    caller.abort("gone");
    expect(signals[1]!.reason).toBe("gone");
    await sdk.generateContentStream!({}, { signal: caller.signal });
    expect(signals[2]!.reason).toBe("gone");
  });
});
