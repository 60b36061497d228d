import { InvalidOptionError } from "../errors/index.js";
import { refuseUncalled } from "../errors/uncalled.js";
import { checkChoice, type RoutableModel, type Route, type RouteChoice, type RouteTurn, withGrounds } from "./route.js";

/** The models of a turn that are left, and why the others are not. */
export interface Narrowed<Name extends string> extends Omit<RouteChoice<Name>, "name"> {
  readonly left: readonly RoutableModel<Name>[];
}

/** Lets a route choose among the models that are left. A choice outside of them is no decision. */
export async function narrow<Name extends string>(
  choose: Route<Name, never>,
  turn: RouteTurn<Name>,
  { left, reason, ...grounds }: Narrowed<Name>,
): Promise<RouteChoice<Name>> {
  const choice = checkChoice<Name>(
    await choose({ ...turn, models: left as readonly RoutableModel<never>[] }),
    choose.name || "choose",
  );
  const { name, reason: said = name && `${name} is chosen`, skipped = [] } = choice;
  const outside = name !== undefined && !left.some((model) => model.name === name);
  const reasons = [reason, said, ...(outside ? [`${name} is not among the models that can`] : [])];
  return {
    ...withGrounds({ ...choice, skipped: [...(grounds.skipped ?? []), ...skipped] }, grounds),
    name: outside ? undefined : name,
    reason: reasons.filter(Boolean).join("; "),
  };
}

/** Refuses what cannot choose. */
export function checkChoose(choose: unknown, option: string): void {
  refuseUncalled(choose, option);
  if (choose !== undefined && typeof choose !== "function") {
    throw new InvalidOptionError(option, choose, "give a route, a function: byLatency({ deadlineMs: 3000 })");
  }
}
