import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createCascade, normalizeNumber, normalizeText, subscribe } from "../../src/index.js";
import { loadCascade, trainCascade } from "../../src/learned/index.js";
import { saying } from "../support/fakes.js";
import { isExpected, syntheticRecordings } from "./cascade/synthetic.js";

const options = { against: "large", normalize: normalizeNumber, score: isExpected, repeats: 1 } as const;
/** A model that answers every run of a test. */
const repeating = (text: string) => saying(...Array<string>(100).fill(text));
const recordings = syntheticRecordings(240);
const trained = trainCascade(recordings, { ...options, target: { costShare: 0.5 } });

describe("trainCascade", () => {
  it("meets a share of the cost, with more right answers than a random mix, in cross-validation", async () => {
    const { report } = await trained;
    expect(report.questions).toBe(240);
    expect(Math.abs(report.costShare.value - 0.5)).toBeLessThan(0.08);
    expect(report.accuracy.value).toBeGreaterThan(report.randomMix);
    expect(report.accuracy.low).toBeLessThan(report.accuracy.value);
    expect(report.difference.low).toBeLessThan(report.difference.high);
  });

  it("holds on questions that it has never seen", async () => {
    const { simulate } = await trained;
    const unseen = simulate(syntheticRecordings(600, "unseen"));
    expect(Math.abs(unseen.costShare.value - 0.5)).toBeLessThan(0.1);
    expect(unseen.accuracy.value).toBeGreaterThan(unseen.randomMix);
  });

  it("gives the same policy for the same recordings", async () => {
    const again = await trainCascade(recordings, { ...options, target: { costShare: 0.5 } });
    expect(JSON.stringify(again)).toBe(JSON.stringify(await trained));
  });

  it("meets a share of right answers at less than the strong model's cost", async () => {
    const { report } = await trainCascade(recordings, { ...options, target: { accuracy: 0.88 } });
    expect(report.costShare.value).toBeLessThan(0.9);
    expect(Math.abs(report.accuracy.value - 0.88)).toBeLessThan(0.06);
  });

  it("bounds wrong answers that are accepted, and reports both shares", async () => {
    const target = { wrongAccepted: 0.1, confidence: 0.9 };
    const policy = await trainCascade(recordings, { ...options, target });
    expect(policy.report.wrongAccepted!.value).toBeLessThan(0.1);
    expect(policy.report.accepted!.value).toBeGreaterThan(0.3);
    expect(policy.simulate(syntheticRecordings(600, "unseen")).wrongAccepted!.value).toBeLessThan(0.1);
  });

  it("says how many recordings a promise takes, and which target can be met", async () => {
    const train = (target: object) => trainCascade(recordings, { ...options, target } as never);
    await expect(train({ wrongAccepted: 0.005, confidence: 0.9 })).rejects.toThrow(/at least 920 recordings/);
    await expect(train({ accuracy: 0.999 })).rejects.toThrow(/the most accurate policy reaches/);
    await expect(train({ costShare: 0.001 })).rejects.toThrow(/the cheapest policy costs/);
    await expect(train({ cost: 1 })).rejects.toThrow(/give \{ accuracy: 0.96 \}/);
  });

  it("refuses recordings without the strong model, without a cost, and too few of them", async () => {
    const target = { costShare: 0.5 };
    await expect(trainCascade(recordings, { ...options, against: "larg", target })).rejects.toThrow(
      /tiny, small, large/,
    );
    const file = trainCascade("recorded.jsonl" as never, { ...options, target });
    await expect(file).rejects.toThrow("give a list of recordings: loadRecordings(file)");
    expect(() => loadCascade("policy.json", { normalize: normalizeNumber })).toThrow("give the text of the file");
    await expect(trainCascade(recordings.slice(0, 20), { ...options, target })).rejects.toThrow(/at least 50/);
    const free = recordings.map((each) => ({ ...each, answers: { ...each.answers, tiny: { text: "1" } } }));
    await expect(trainCascade(free, { ...options, target })).rejects.toThrow(/answers\.tiny.*price/s);
    const priced = { ...options, target, models: { tiny: { price: { input: 1, output: 1 } } } };
    expect((await trainCascade(free, priced)).report.questions).toBe(240);
    await expect(
      trainCascade(recordings, {
        ...options,
        normalize: (
          () => (a: unknown) =>
            String(a)
        )() as never,
        target,
      }),
    ).rejects.toThrow(/with a name/);
  });
});

describe("loadCascade", () => {
  /** A policy that is worth a second cheap answer. */
  const thrifty = trainCascade(recordings, { ...options, target: { costShare: 0.3 } });
  const question = "What is 3 + 4?";
  const models = () => ({ large: saying("7"), small: saying("7"), tiny: saying("7") });

  it("starts with its first model and stops where two cheap answers agree", async () => {
    const policy = await thrifty;
    const verify = loadCascade(JSON.stringify(policy), { normalize: normalizeNumber });
    const fakes = models();
    const { modelUsed, confidence, calls, decisions } = await createCascade({ models: fakes, verify })
      .compile()
      .invoke({ messages: question });
    expect(calls.map(({ node }) => node)).toEqual(["small", "tiny"]);
    expect(verify.first).toBe("small");
    expect(modelUsed).not.toBe("large");
    expect(confidence).toBeGreaterThan(0.8);
    expect(decisions.at(-1)!.reason).toMatch(/right with probability 0\.\d\d/);
  });

  it("asks the strong model where the cheap ones differ, whatever the key order", async () => {
    const graph = createCascade({ models: { ...models(), small: saying("8") }, verify: (await thrifty).verify() });
    const { calls, modelUsed } = await graph.compile().invoke({ messages: question });
    expect(calls.map(({ node }) => node)).toEqual(["small", "tiny", "large"]);
    expect(modelUsed).toBe("large");
  });

  it("resumes where a run was interrupted, without asking a model again", async () => {
    const fakes = models();
    const graph = createCascade({ models: fakes, verify: (await trained).verify() }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["verifier"],
    });
    const config = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "What is 3 + 4?" }, config);
    let state = await graph.getState(config);
    for (let turn = 0; state.next.length > 0 && turn < 6; turn++) {
      await graph.invoke(null, config);
      state = await graph.getState(config);
    }
    expect(state.values.messages.at(-1).text).toBe("7");
    expect([fakes.tiny.callCount, fakes.small.callCount, fakes.large.callCount].every((count) => count <= 1)).toBe(
      true,
    );
  });

  it("streams only the answer that it returns", async () => {
    const graph = createCascade({ models: models(), verify: (await trained).verify() }).compile();
    const texts: string[] = [];
    for await (const [message] of await graph.stream({ messages: "What is 3 + 4?" }, { streamMode: "messages" }))
      texts.push(message.text);
    expect(texts.join("")).toBe("7");
  });

  it("refuses another normalizer, another version, and a cascade that lacks one of its models", async () => {
    const policy = await trained;
    expect(() => loadCascade(policy.toJSON(), { normalize: normalizeText })).toThrow(/normalizeNumber/);
    expect(() => loadCascade({ ...policy.toJSON(), version: 99 }, { normalize: normalizeNumber })).toThrow(/version/);
    expect(() => loadCascade({ ...policy.toJSON(), costs: [1] }, { normalize: normalizeNumber })).toThrow(/costs/);
    const { models, first } = policy.toJSON() as { models: string[]; first: string };
    for (const [changed, message] of [
      [{ models: models.map(() => first) }, /models: it names a model twice/],
      [{ first: "nobody" }, /first: it names no model/],
      [{ agreement: { compared: 1, agreed: 5 } }, /agreement: more answers agreed/],
    ] as const) {
      expect(() => loadCascade({ ...policy.toJSON(), ...changed }, { normalize: normalizeNumber })).toThrow(message);
    }
    expect(() => createCascade({ models: { tiny: saying(), small: saying() }, verify: policy.verify() })).toThrow(
      /large/,
    );
  });

  it("warns once when live answers agree more or less often than the recorded ones", async () => {
    const verify = (await trained).verify();
    const events: unknown[] = [];
    const unsubscribe = subscribe({ onDrift: (event) => events.push(event) });
    const graph = createCascade({
      models: { large: repeating("7"), small: repeating("1"), tiny: repeating("2") },
      verify,
    }).compile();
    for (let run = 0; run < 80; run++) await graph.invoke({ messages: `What is 3 + ${run}?` });
    unsubscribe();
    expect(events).toHaveLength(1);
    const { live, recorded } = verify.agreement();
    expect(live.agreed / live.compared).toBeLessThan(recorded.agreed / recorded.compared);
    expect(events[0]).toMatchObject({ recorded });
  });
});
