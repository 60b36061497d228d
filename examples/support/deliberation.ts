// A council and a debate, out of a pipeline whose stages come back: no mechanism of their own.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { END } from "@langchain/langgraph";
import {
  type Aggregate,
  type Context,
  createEnsemble,
  createPipeline,
  type Model,
  type ModelEntry,
  majorityVote,
  type Normalize,
  type StageChoice,
  type StageTurn,
} from "langgraph-multimodel";

type Member = Model | ModelEntry;

/** How the members of a round voted, kept on the message that hands their answers on. */
interface Vote {
  readonly leading: string;
  readonly share: number;
}

/**
 * Asks several models in rounds: from the second on, each sees what all said in the one before, without names. It ends as soon as
 * all agree, and after `rounds` with the answer of the most.
 *
 * @param normalize what counts as the same answer
 */
export function council(members: Readonly<Record<string, Member>>, rounds: number, normalize: Normalize) {
  const vote = majorityVote({ normalize, stopEarly: false });
  const minutes: Aggregate = async (turn) => {
    const { message, confidence, ...counted } = await vote(turn);
    const kept: Vote = { leading: message.text, share: confidence ?? 0 };
    const content = turn.answers.map((answer, index) => `${index + 1}. ${answer.message.text}`).join("\n");
    return { ...counted, confidence, message: new AIMessage({ content, additional_kwargs: { vote: kept } }) };
  };
  const roundBefore: Context = ({ messages, outputs }) => [
    ...messages,
    ...outputs.slice(-1).map(({ message }) => new HumanMessage(`Answers of the council so far:\n${message.text}`)),
  ];
  const untilAgreed = ({ answer, visits }: StageTurn): StageChoice<"round"> => {
    const { leading, share } = answer.additional_kwargs.vote as Vote;
    const agreed = share === 1;
    const reason = `${Math.round(share * 100)} % agree in round ${visits}`;
    if (!agreed && visits < rounds) return { name: "round", reason };
    return { name: END, reason, verdict: { pass: agreed, score: share, answer: new AIMessage(leading) } };
  };
  const next = Object.assign(untilAgreed, { targets: ["round", END] as const });
  const model = createEnsemble({ models: members, aggregate: minutes });
  return createPipeline({
    stages: { round: { model, context: roundBefore, next, maxVisits: rounds } },
  });
}

/**
 * Lets two models argue for some rounds, each with all that was said before, and a third one decide. It ends early when the second
 * agrees: its answer then begins with AGREED.
 */
export function debate({ pro, con, judge }: Readonly<Record<"pro" | "con" | "judge", Model>>, rounds: number) {
  const goesOn = ({ answer, visits }: StageTurn) =>
    answer.text.startsWith("AGREED") || visits >= rounds ? "judge" : "pro";
  const next = Object.assign(goesOn, { targets: ["pro", "judge"] as const });
  return createPipeline({
    stages: {
      pro: {
        model: pro,
        systemPrompt: "Answer and defend it; correct yourself where you are wrong.",
        maxVisits: rounds,
      },
      con: {
        ...{ model: con, next, maxVisits: rounds },
        systemPrompt: "Find what is wrong in the last answer. If nothing is, begin with AGREED.",
      },
      judge: { model: judge, systemPrompt: "Give the answer that held up, and nothing else." },
    },
  });
}
