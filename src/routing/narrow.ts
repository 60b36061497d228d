import { InvalidOptionError } from "../errors/index.js";
import { type RoutableModel, type Route, type RouteChoice, type RouteTurn, toChoice, withGrounds } from "./route.js";

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
  const choice = toChoice<Name>(await choose({ ...turn, models: left as readonly RoutableModel<never>[] }));
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
  if (choose !== undefined && typeof choose !== "function") {
    throw new InvalidOptionError(option, choose, "give a route, a function: byLatency({ deadlineMs: 3000 })");
  }
}
