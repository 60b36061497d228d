import { Command, type CompiledStateGraph, INTERRUPT, MemorySaver } from "@langchain/langgraph";
import { beforeAll, describe, expect, it, vi } from "vitest";

type Answer = {
  readonly messages: readonly { readonly text: string }[];
  readonly calls: readonly { readonly path: string }[];
  readonly decisions: readonly { readonly reason: string }[];
};
type Approval = Pick<CompiledStateGraph<unknown, unknown>, "invoke">;

let app: Approval;
let thread: { configurable: { thread_id: string } };
beforeAll(async () => {
  vi.stubEnv("MODELS_FILE", ""); // scripted models, whatever lies beside the graphs
  const { graph } = await import("../../graphs/approval.js");
  app = graph.compile({ checkpointer: new MemorySaver() }) as unknown as Approval;
});

/** Asks on a new thread until a person is asked. */
async function ask(): Promise<unknown> {
  thread = { configurable: { thread_id: crypto.randomUUID() } };
  return asked(await app.invoke({ messages: "Why is the sky blue?" }, thread));
}
const reply = (resume: unknown) => app.invoke(new Command({ resume }), thread) as Promise<Answer>;
const asked = (result: unknown) => (result as { [INTERRUPT]: { value: unknown }[] })[INTERRUPT][0]?.value;
const ways = ({ messages, calls, decisions }: Answer) => [
  messages.at(-1)!.text,
  calls.map(({ path }) => path).join(),
  decisions[0]!.reason,
];

describe("graphs/approval", () => {
  it("asks in LangChain's human-in-the-loop form", async () => {
    expect(await ask()).toEqual({
      action_requests: [
        {
          name: "ask_large_model",
          args: { draft: "(scripted) It depends." },
          description: expect.stringContaining("the model is 30 % confident, 80 % passes"),
        },
      ],
      review_configs: [{ action_name: "ask_large_model", allowed_decisions: ["approve", "edit", "reject"] }],
    });
  });

  it.each([[{ decisions: [{ type: "approve" }] }], ["Yes"], [true]])("pays the large model at %j", async (approval) => {
    await ask();
    const [answer, calls, reason] = ways(await reply(approval));
    expect(answer).toBe('(scripted) A long answer to "Why is the sky blue?".');
    expect([calls, reason]).toEqual([
      "small,fallback",
      expect.stringContaining("a person lets the large model answer"),
    ]);
  });

  it.each([[{ decisions: [{ type: "reject", message: "Too dear." }] }], ["no"], [false]])(
    "keeps the draft at %j",
    async (rejection) => {
      await ask();
      expect(ways(await reply(rejection))).toEqual(["(scripted) It depends.", "small", "a person keeps the draft"]);
    },
  );

  it.each(["edited_action", "editedAction"])("answers with the draft a person edited, as %s", async (key) => {
    await ask();
    const action = { name: "ask_large_model", args: { draft: "Scattering." } };
    expect(ways(await reply({ decisions: [{ type: "edit", [key]: action }] }))).toEqual([
      "Scattering.",
      "small",
      "changed by hand: a person edited the draft",
    ]);
  });

  it.each([
    ["perhaps"],
    [{ decisions: [] }],
    [{ decisions: [{ type: "respond" }] }],
    [{ decisions: [{ type: "edit", edited_action: { name: "x", args: { text: "Hi" } } }] }],
    [{}],
  ])("asks again after %j, and names it", async (unread) => {
    await ask();
    const again = asked(await reply(unread)) as { action_requests: { description: string }[] };
    expect(again.action_requests[0]!.description).toContain(`${JSON.stringify(unread)} is no decision; resume with`);
    expect(ways(await reply("no"))[1]).toBe("small");
  });
});
