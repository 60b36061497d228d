import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failWith } from "../../src/testing/index.js";
import { openPlace, type Place, shell, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team, { reply: ({ messages }) => `You said: ${messages.at(-1)!.text}` });
  place.file("prompts.txt", "one\ntwo\nthree\nfour\n");
});
afterEach(() => place[Symbol.asyncDispose]());

interface Row {
  readonly id: number;
  readonly text?: string;
  readonly costUsd: number | null;
  readonly calls: readonly { readonly costUsd: number | null }[];
  readonly earlierCalls?: Row["calls"];
}
const path = (name = "out.jsonl") => join(place.folder, name);
const text = (name?: string) => readFileSync(path(name), "utf8");
const rows = () => text().split("\n").filter(Boolean).map((line) => JSON.parse(line) as Row); // biome-ignore format: one thought
const command = (model = "fast", ...more: readonly string[]) =>
  ["run", "prompts.txt", "-o", "out.jsonl", "--model", model, ...more] as const;

describe("the output of multimodel run", () => {
  it("says in each row who was asked, and refuses rows of another model", async () => {
    await place.run(command("fast"));
    expect(rows()).toMatchObject(Array(4).fill({ target: "fast" }));
    const { code, stderr } = await place.run(command("strong"));
    expect([code, stderr]).toEqual([2, expect.stringContaining("out.jsonl:1 is of fast, not of strong")]);
    expect(place.server.requests.length).toBe(4);
  });

  it("keeps what failed prompts cost, and counts it in", async () => {
    place.file("prompts.txt", "one\n");
    const cut = { fault: "cut", text: "I begin, and never", afterChunks: 3 } as const;
    place.server.reply("gpt-4o-mini", "");
    expect((await place.run(command())).code).toBe(1);
    const [failed] = rows();
    expect(failed!.costUsd).toBeGreaterThan(0);
    place.server.reply("gpt-4o-mini", cut);
    expect((await place.run(command())).code).toBe(1);
    place.server.reply("gpt-4o-mini", "At last.");
    const { code, stderr } = await place.run(command());
    expect([code, rows().length]).toEqual([0, 1]);
    const { calls, earlierCalls, costUsd } = rows()[0]!;
    expect(earlierCalls!.slice(0, failed!.calls.length)).toEqual(failed!.calls);
    const sum = [...earlierCalls!, ...calls].reduce((paid, call) => paid + call.costUsd!, 0);
    expect(costUsd).toBeCloseTo(sum, 12);
    expect(costUsd).toBeGreaterThan(failed!.costUsd!);
    expect(stderr).toMatch(/1 answered, \$0\.\d+, \$0\.\d+ in all/);
  });

  it("keeps a failed row until its prompt has been asked again", async () => {
    place.server.reply("my-own", failWith.authentication(), "two", "three", "four", { fault: "hang" });
    await place.run(command("own", "-c", "1"));
    const before = text();
    const again = place.start(command("own", "-c", "1"));
    await place.server.received(5);
    again.process.kill("SIGKILL");
    await again.ended();
    expect(text()).toBe(before);
    expect(existsSync(path("out.jsonl.lock"))).toBe(true);
    place.server.reply("my-own", "At last.");
    expect((await place.run(command("own"))).code).toBe(0); // the lock of a process that is gone holds nobody up
    expect(rows().map(({ id }) => id)).toEqual([2, 3, 4, 1]);
    expect(existsSync(path("out.jsonl.lock"))).toBe(false);
  });

  it("takes no second run, which would pay for the same prompts", async () => {
    place.server.reply("my-own", { fault: "hang" });
    const first = place.start(command("own", "-c", "1"));
    await place.server.received(1);
    const second = await place.run(command("own"));
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining("another run (process ")]);
    first.process.kill("SIGINT");
    expect((await first.ended()).code).toBe(130);
    expect(place.server.requests.length).toBe(1);
    expect(existsSync(path("out.jsonl.lock"))).toBe(false);
  });

  it("stays a link, and as private as it was", async () => {
    mkdirSync(path("private"));
    place.file("private/real.jsonl", "");
    chmodSync(path("private/real.jsonl"), 0o600);
    symlinkSync("private/real.jsonl", path());
    place.server.reply("gpt-4o-mini", failWith.authentication());
    await place.run(command());
    await place.run(command()); // replaces the file
    expect(lstatSync(path()).isSymbolicLink()).toBe(true);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(text("private/real.jsonl").trim().split("\n").length).toBe(4);
  });

  it("is left as it was where it cannot be replaced", async () => {
    await place.run(command());
    place.file("out.jsonl", text().slice(0, -30));
    const before = text();
    mkdirSync(path("out.jsonl.part"));
    const { code, stderr } = await place.run(command());
    expect([code, stderr, text()]).toEqual([2, expect.stringContaining("out.jsonl: "), before]);
  });

  it.each([
    ["the file of the prompts", ["run", "p.jsonl", "-o", "p.jsonl"], "p.jsonl is the file with the prompts"],
    ["a copy of it", ["run", "p.jsonl", "-o", "copy.jsonl"], "copy.jsonl:1 has neither an answer nor an error"],
    ["a folder", ["run", "p.jsonl", "-o", "."], ".: it is a folder"],
    ["a file in no folder", ["run", "p.jsonl", "-o", "no/x.jsonl"], "no/x.jsonl: there is no such file or folder"],
  ])("is not %s", async (_, args, message) => {
    for (const name of ["p.jsonl", "copy.jsonl"]) place.file(name, '{"id":"a","prompt":"x"}\n');
    const { code, stderr } = await place.run(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(text("p.jsonl")).toBe('{"id":"a","prompt":"x"}\n');
    expect(place.server.requests).toEqual([]);
  });

  it.each([["nope.txt"], ["."]])("is not begun for the prompts %s", async (file) => {
    const { code, stderr } = await place.run(["run", file]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(new RegExp(`${file}: (there is no such|it is a folder)`)),
    ]);
    expect(stderr).not.toContain("DEBUG");
  });

  it("goes to stdout for -", async () => {
    const { stdout } = await place.run(["run", "prompts.txt", "--model", "fast", "-o", "-"]);
    expect(stdout.trim().split("\n").length).toBe(4);
    expect(existsSync(path("-"))).toBe(false);
  });
});

describe.skipIf(!existsSync("/dev/full"))("a disk that is full", () => {
  it.each([
    ["its file", "-o /dev/full", "/dev/full: the disk is full"],
    ["stdout", "> /dev/full", "the output cannot be written: the disk is full"],
  ])(
    "stops a run that cannot write to %s: what is under way is aborted, and what was paid told",
    async (_, to, told) => {
      place.server.reply("my-own", "first", { fault: "hang" });
      const { code, stderr } = await shell(
        `multimodel run prompts.txt --model own -c 2 ${to} < /dev/null`,
        place,
      ).ended();
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^Stopped: .*cost unknown/m)]);
      expect(stderr).toContain(told);
      await place.server.settled();
      expect(place.server.requests.map(({ aborted }) => aborted)).toEqual([false, true]);
    },
  );

  it.each(["models", "graph", "--help", "chat --model fast Hi"])("is told in a line of %s", async (args) => {
    const { code, stderr } = await shell(`multimodel ${args} > /dev/full < /dev/null`, place).ended();
    expect([code, stderr]).toEqual([1, expect.stringContaining("the output cannot be written: the disk is full")]);
  });
});

describe("the report of multimodel run", () => {
  const shown = (name: string, ...parts: readonly string[]) => parts.every((part) => text(name).includes(part));

  it("shows all rows of the output, those of earlier runs too, and who failed", async () => {
    place.server.reply("gpt-4o-mini", failWith.badRequest(), ({ messages }) => `You said: ${messages.at(-1)!.text}`);
    const first = await place.run(command("fast", "-c", "1", "--report", "day.html"));
    expect([first.code, first.stderr]).toEqual([1, expect.stringContaining("Report: day.html")]);
    expect(shown("day.html", "<h2>Failed runs</h2>", ">4 runs</h1>")).toBe(true);
    await place.run(command("fast", "--report", "day.html"));
    expect(shown("day.html", "<h2>Failed runs</h2>")).toBe(false);
    expect(shown("day.html", ...["one", "two", "three", "four"].map((prompt) => `You said: ${prompt}<`))).toBe(true);
    const calls = rows().flatMap((row) => [...(row.earlierCalls ?? []), ...row.calls]);
    expect(shown("day.html", `<dt>Calls</dt><dd><data value="${calls.length}">`)).toBe(true);
    const asked = place.server.requests.length;
    const again = await place.run(command("fast", "--report", "again.html"));
    expect([again.code, place.server.requests.length]).toEqual([0, asked]);
    expect(text("again.html") === text("day.html")).toBe(true);
  });

  it("shows the rows that went to stdout", async () => {
    await place.run(["run", "prompts.txt", "--model", "fast", "--report", "day.html"]);
    expect(shown("day.html", ">4 runs</h1>")).toBe(true);
  });
});

describe("a reader that goes away", () => {
  it("stops a run when it read the answers: nothing more is asked, and it is no success", async () => {
    place.server.reply("my-own", "first", "second", { fault: "hang" });
    const line = "{ multimodel run prompts.txt --model own -c 1; echo code $? >&2; } < /dev/null | head -1";
    const { stderr } = await shell(line, place).ended();
    expect(stderr).toContain("the reader closed the output before all answers were written");
    expect(stderr).toMatch(/^code 1$/m);
    expect(place.server.requests.length).toBeLessThan(4);
  });

  it("does not stop a run when it read only what is said beside them", async () => {
    const line = `{ multimodel ${command("fast", "-c", "1").join(" ")} 2>&1; echo $? > code; } < /dev/null | head -1`;
    await shell(line, place).ended();
    expect([text("code"), rows().length]).toEqual(["0\n", 4]);
  });
});
