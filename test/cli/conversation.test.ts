import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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

/** The same, with the id of the process of the command. */
async function processInTerminal(args: string) {
  const line = `echo process=$$; exec '${process.execPath}' '${main}' ${args}`;
  const command = shell(`script -qec "sh -c \\"${line.replaceAll("$", "\\\\\\$")}\\"" /dev/null`, place, {
    TERM: "xterm",
  });
  let said = "";
  command.process.stdout.on("data", (text: string) => {
    said += text;
  });
  await command.says("/help lists the commands");
  return { command, id: Number(/process=(\d+)/.exec(said)![1]) };
}

describe("multimodel chat in a shell", () => {
  it("puts what is piped in below the question", async () => {
    const { code, stdout } = await shell("echo the text | multimodel chat --model fast 'Review this'", place).ended();
    expect([code, stdout]).toEqual([0, "You said: Review this\n\nthe text\n"]);
  });

  it("reads what a program passes, or nothing at all, when it is told so", async () => {
    const told = await place.run(["chat", "--stdin", "--model", "fast", "Review this"], { input: "the text" });
    expect(told.stdout).toBe("You said: Review this\n\nthe text\n");
    const loop = "printf 'one\\ntwo\\n' | while read line; do multimodel chat --no-stdin --model fast $line; done";
    expect((await shell(loop, place).ended()).stdout).toBe("You said: one\nYou said: two\n");
  });

  it("says what it waits for, where stdin does not end", async () => {
    const command = shell("sleep 100 | multimodel chat --model fast Hi & echo $! > id; wait", place);
    await command.says("Reading stdin until it ends; give --no-stdin to send the argument alone.");
    command.process.kill();
    process.kill(Number(readFileSync(join(place.folder, "id"), "utf8")));
    expect(place.server.requests).toEqual([]);
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
    await command.says("/help lists the commands");
    type("Hello\r");
    await command.says("You said: Hello");
    await command.says("tokens");
    type("/use strong\r");
    await command.says("strong answers from now on.");
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
    await command.says("/help lists the commands");
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
    expect(stdout).toMatch(
      /I begin[\s\S]*The answer above is discarded \(network\); trying again\.[\s\S]*You said: Hello/,
    );
  });

  it("takes what is pasted for one question, with all its lines", async () => {
    const command = inTerminal("chat --model fast");
    await command.says("/help lists the commands");
    command.process.stdin.write("\u001b[200~one\rtwo\rthree\u001b[201~ and four\r");
    await command.says("tokens");
    command.process.stdin.write("/exit\r");
    expect((await command.ended()).code).toBe(0);
    expect(place.server.requests.map(({ messages }) => messages.map(({ text }) => text))).toEqual([
      ["one\ntwo\nthree and four"],
    ]);
  });

  it("asks nothing that was typed during an answer that is stopped", async () => {
    place.server.reply("my-own", { fault: "hang", text: "I begin, and hang", afterChunks: 2 }, "Quickly.");
    const command = inTerminal("chat --model own");
    await command.says("/help lists the commands");
    command.process.stdin.write("one\rtwo\rthree\r");
    await command.says("I begin");
    command.process.stdin.write("\u0003");
    await command.says("2 lines typed meanwhile are dropped.");
    command.process.stdin.write("\u0004");
    expect((await command.ended()).code).toBe(0);
    expect(place.server.requests.length).toBe(1);
  });

  it("stays, and says why, when a model cannot be had or a command is none", async () => {
    const broken = "  broken: { provider: openai, model: gpt-4o, mcpServers: [gone] }\n";
    const models = team(place.server).replace("graphs:", `${broken}graphs:`);
    place.file("models.yaml", `${models}mcpServers: { gone: { command: no-such-command } }\n`);
    const command = inTerminal("chat --model fast");
    const type = (text: string) => command.process.stdin.write(text);
    await command.says("/help lists the commands");
    type("Hello\r");
    await command.says("tokens");
    type("/use broken\r");
    await command.says("mcpServers.gone");
    type("/foo\r");
    await command.says("there is no /foo");
    type("/use nobody\r");
    await command.says("is no nobody; there are fast, strong");
    type(" /etc/hosts is what?\r");
    await command.says("You said: /etc/hosts is what?");
    type("/cost\r");
    await command.says("for 2 calls so far.");
    type("\u0004");
    const { code, stdout } = await command.ended();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\$0\.\d+ for 2 calls\./)]);
    expect(place.server.requests[1]!.messages.length).toBe(3); // the conversation is still there
  });

  it("tells what was paid when it is ended from outside, in the middle of an answer", async () => {
    place.server.reply("my-own", { fault: "hang", text: "I begin, and hang", afterChunks: 2 });
    const { command, id } = await processInTerminal("chat --model own");
    command.process.stdin.write("Hello\r");
    await command.says("I begin");
    process.kill(id, "SIGTERM");
    const { code, stdout } = await command.ended();
    expect([code, stdout]).toEqual([130, expect.stringContaining("cost unknown for 1 call.")]);
    await place.server.settled();
    expect(place.server.requests[0]!.aborted).toBe(true);
  });
});

describe.skipIf(!hasTerminal)("multimodel run in a terminal", () => {
  it("shows each answer on lines of its own, above the bar", async () => {
    place.file("prompts.txt", "one\ntwo\nthree\n");
    const { code, stdout } = await inTerminal("run prompts.txt --model fast -c 1").ended();
    expect(code).toBe(0);
    const lines = stdout.split("\r\n").map((line) => line.split("\r\u001b[K").at(-1)!);
    expect(lines.slice(0, 3).map((line) => JSON.parse(line).text)).toEqual([
      "You said: one",
      "You said: two",
      "You said: three",
    ]);
    expect(stdout).toMatch(/\[-+\] {2}0\/3 {2}\$0/);
  });
});
