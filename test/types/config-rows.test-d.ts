import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { ConfigFile } from "../../src/config/config-file.js";
import { context } from "../../src/config/rows/context.js";
import { judging, optional } from "../../src/config/rows/field.js";
import { row } from "../../src/config/rows/row.js";
import { type Context, judgeWith, type ModelEntry, summarizeWith } from "../../src/index.js";

describe("a row", () => {
  it("builds of entries and strategies what a file says by name and as data", () => {
    row({
      fields: { judge: judging, second: optional(judging), context: optional(context), rubric: z.string().optional() },
      build: (built) => {
        expectTypeOf(built.judge).toEqualTypeOf<ModelEntry>();
        expectTypeOf(built.second).toEqualTypeOf<ModelEntry | undefined>();
        expectTypeOf(built.context).toEqualTypeOf<Context | undefined>();
        expectTypeOf(built.rubric).toEqualTypeOf<string | undefined>();
        return judgeWith(built.judge);
      },
      docs: "{ judge: model }",
    });
  });

  it("does not compile without a part, nor with a model that is a mere text", () => {
    // @ts-expect-error: no docs
    row({ fields: { summarize: judging }, build: ({ summarize }) => summarizeWith(summarize) });
    // @ts-expect-error: no build
    row({ fields: { summarize: judging }, docs: "{ summarize: model }" });
    // @ts-expect-error: no fields
    row({ build: () => () => [], docs: "{ summarize: model }" });
    row({
      fields: { summarize: z.string() },
      // @ts-expect-error: nothing finds the model of this name
      build: ({ summarize }) => summarizeWith(summarize),
      docs: "{ summarize: model }",
    });
  });
});

describe("ConfigFile", () => {
  it("has the forms of strategies, those within lists included", () => {
    type Graph = NonNullable<ConfigFile["graphs"]>[string];
    type Cascade = Extract<Graph, { pattern: "cascade" }>;
    expectTypeOf<{ allOf: ["logprobs", { judge: string }] }>().toExtend<Cascade["verify"]>();
    expectTypeOf<{ allOf: [{ jugde: string }] }>().not.toExtend<Cascade["verify"]>();
    expectTypeOf<Cascade["models"]>().toEqualTypeOf<string[] | Record<string, string>>();
    expectTypeOf<Cascade["judgeLast"]>().toEqualTypeOf<boolean | undefined>();
  });
});
