import { describe, expect, it } from "vitest";
import { eventByEvent } from "../../src/models/event-by-event.js";

/** Returns what a body of these pieces is handed on as. */
async function handedOn(pieces: readonly Uint8Array[]): Promise<string[]> {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
      controller.close();
    },
  });
  const texts: string[] = [];
  for await (const piece of body.pipeThrough(eventByEvent())) {
    if (piece.length > 0) texts.push(new TextDecoder().decode(piece));
  }
  return texts;
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a body that comes in pieces", () => {
  it.each<readonly [why: string, pieces: string[], events: string[]]>([
    ["events as they come", ["data: 1\n\n", "data: 2\n\n"], ["data: 1\n\n", "data: 2\n\n"]],
    ["several events in a piece", ["data: 1\n\ndata: 2\n\nda", "ta: 3\n\n"], ["data: 1\n\ndata: 2\n\n", "data: 3\n\n"]],
    ["an event in several pieces", ["da", "ta: 1", "2", "3\n\n", "data: 4\n\n"], ["data: 123\n\n", "data: 4\n\n"]],
    ["an end in two pieces", ["data: 1\n", "\n", "data: 2\r", "\r"], ["data: 1\n\n", "data: 2\r\r"]],
    ["an end in four pieces", ["data: 1\r", "\n", "\r", "\n", "data: 2\n\n"], ["data: 1\r\n\r\n", "data: 2\n\n"]],
    ["an event without end", ["data: 1", "2"], ["data: 12"]],
    ["a line that is no event", ["data: 1\n\n", ": 2\n\n", "data: 3\n\n"], ["data: 1\n\n", ": 2\n\ndata: 3\n\n"]],
    ["an event of two lines", ["data: [1,\n", "2]\n\n", "data: 3\n\n"], ["data: [1,\n2]\n\ndata: 3\n\n"]],
    ["an empty line too many", ["data: 1\n\n\n", "data: 2\n\n"], ["data: 1\n\n", "\ndata: 2\n\n"]],
    ["nothing", [], []],
  ])("is handed on by whole events: %s", async (_, pieces, events) => {
    expect(await handedOn(pieces.map(bytes))).toEqual(events);
  });

  it("loses no character that two pieces share", async () => {
    const event = bytes("data: größer 🦜\n\n");
    expect(await handedOn([...event].map((byte) => new Uint8Array([byte])))).toEqual(["data: größer 🦜\n\n"]);
  });

  it("is unreadable where it is no UTF-8, or ends within a character", async () => {
    await expect(handedOn([new Uint8Array([0xff, 10, 10])])).rejects.toThrow(TypeError);
    await expect(handedOn([bytes("data: 🦜").slice(0, -1)])).rejects.toThrow(TypeError);
  });
});
