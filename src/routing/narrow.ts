import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import {
  checkChoice,
  type RoutableModel,
  type Route,
  type RouteChoice,
  type RouteTurn,
  withEarlierScores,
} from "./route.js";

/** Models that remain in a turn, and why the others were skipped. */
interface Narrowed<Name extends string> extends Omit<RouteChoice<Name>, "name"> {
  readonly remaining: readonly RoutableModel<Name>[];
}

/** Calls a route with the remaining models. If it names another one, there is no decision. */
export async function narrow<Name extends string>(
  choose: Route<Name, never>,
  turn: RouteTurn<Name>,
  { remaining, reason, ...earlier }: Narrowed<Name>,
): Promise<RouteChoice<Name>> {
  const choice = checkChoice<Name>(
    await choose({ ...turn, models: remaining as readonly RoutableModel<never>[] }),
    choose.name || "choose",
  );
  const { name, reason: said = name && `${name} is chosen`, skipped = [] } = choice;
  const outside = name !== undefined && !remaining.some((model) => model.name === name);
  const reasons = [reason, said, ...(outside ? [`${name} is not among the models that can`] : [])];
  return {
    ...withEarlierScores({ ...choice, skipped: [...(earlier.skipped ?? []), ...skipped] }, earlier),
    name: outside ? undefined : name,
    reason: reasons.filter(Boolean).join("; "),
  };
}

export function checkChoose(choose: unknown, option: string): void {
  refuseFactory(choose, option);
  if (choose !== undefined && typeof choose !== "function") {
    throw new InvalidOptionError(option, choose, "give a route, a function: byLatency({ deadlineMs: 3000 })");
  }
}
