import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main, openPlace, type Place, shell, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team, { reply: ({ messages }) => `You said: ${messages.at(-1)!.text}` });
});
afterEach(() => place[Symbol.asyncDispose]());

/** `script` of util-linux gives a command a terminal; other systems have none, or another one. */
const hasTerminal = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;
const inTerminal = (args: string) =>
  shell(`script -qec "'${process.execPath}' '${main}' ${args}" /dev/null`, place, { TERM: "xterm" });

describe("multimodel chat in a shell", () => {
  it("puts what is piped in below the question", async () => {
    const { code, stdout } = await shell("echo the text | multimodel chat --model fast 'Review this'", place).ended();
    expect([code, stdout]).toEqual([0, "You said: Review this\n\nthe text\n"]);
  });

  it("ends quietly when nobody reads on", async () => {
    const { code, stderr } = await shell("multimodel models --json | head -1", place).ended();
    expect([code, stderr]).toEqual([0, ""]);
  });
});

describe.skipIf(!hasTerminal)("multimodel chat in a terminal", () => {
  it("remembers the conversation, changes the model, and tells the whole cost in the end", async () => {
    const command = inTerminal("chat --model fast");
    const type = (text: string) => command.process.stdin.write(text);
    await command.says("/help tells more");
    type("Hello\r");
    await command.says("You said: Hello");
    await command.says("tokens");
    type("/use strong\r");
    await command.says("strong answers from here on.");
    type("And now?\r");
    await command.says("You said: And now?");
    await command.says("gpt-4o)");
    type("\u0004");
    const { code, stdout } = await command.ended();
    expect(code).toBe(0);
    expect(stdout).toMatch(/\$0\.\d+ for 2 calls\./);
    const [first, second] = place.server.requests;
    expect([first!.model, first!.stream]).toEqual(["gpt-4o-mini", true]);
    expect([second!.model, second!.messages.map(({ text }) => text)]).toEqual([
      "gpt-4o",
      ["Hello", "You said: Hello", "And now?"],
    ]);
  });

  it("stops an answer at Ctrl-C and goes on; at the prompt it leaves", async () => {
    place.server.reply("my-own", { fault: "hang", text: "I begin, and hang", afterChunks: 2 }, "Quickly.");
    const command = inTerminal("chat --model own");
    const type = (text: string) => command.process.stdin.write(text);
    await command.says("/help tells more");
    type("Hello\r");
    await command.says("I begin");
    type("\u0003");
    await command.says("Stopped; paid so far: 1 call");
    await place.server.settled();
    expect(place.server.requests[0]!.aborted).toBe(true);
    type("Again\r");
    await command.says("Quickly.");
    await command.says(" s\u001b");
    type("\u0003");
    expect((await command.ended()).code).toBe(130);
    expect(place.server.requests[1]!.messages.map(({ text }) => text)).toEqual(["Again"]);
  });

  it("says of tokens that are void that they are", async () => {
    place.server.reply("my-own", { fault: "cut", text: "I begin, and never", afterChunks: 3 });
    const { code, stdout } = await inTerminal("chat --graph chain Hello").ended();
    expect(code).toBe(0);
    expect(stdout).toMatch(/I begin[\s\S]*The answer above is void \(network\); asking again\.[\s\S]*You said: Hello/);
  });
});
