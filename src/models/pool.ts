import { InvalidModelError, InvalidOptionError } from "../errors/index.js";
import type { Guard } from "../resilience/guard.js";
import type { ModelEntry, ModelPool } from "./model.js";
import type { Protection } from "./protection.js";

/** What a pool reads of each of its clients. */
interface Member extends Protection {
  readonly kind: "chat" | "pattern" | "opaque";
  readonly modelId: string | undefined;
  readonly client: object;
}

/** Returns the pool that a value is, or that stands as `model` in an entry. */
export function poolIn(given: object): ModelPool | undefined {
  if ("clients" in given && !("invoke" in given) && !("compile" in given)) return given as ModelPool;
  const { model } = given as { readonly model?: unknown };
  return typeof model === "object" && model !== null && !("invoke" in given) ? poolIn(model) : undefined;
}

/**
 * Resolves a pool as one model: settings of the pool hold for each client, whose own entry overrides them.
 *
 * @param resolveOne resolves one client
 * @throws {InvalidModelError} when its clients are not chat models of one id
 */
export function resolvePool<Resolved extends Member>(
  given: object,
  option: string,
  resolveOne: (entry: ModelEntry, option: string) => Resolved,
): Resolved & { readonly pool: readonly Resolved[] } {
  const { clients, ...inner } = poolIn(given)!;
  const { clients: _same, model, ...outer } = given as Partial<ModelPool & ModelEntry>;
  if (model !== undefined && "clients" in given) {
    throw new InvalidOptionError(`${option}.model`, model, "give either `model`, or `clients` of one model, not both");
  }
  if (!Array.isArray(clients) || clients.length === 0) {
    throw new InvalidOptionError(`${option}.clients`, clients, "give the clients of one model: [chatModel, …]");
  }
  const settings = { ...inner, ...outer };
  const members = clients.map((client, index) => {
    const isEntry = typeof client === "object" && "model" in client && !("invoke" in client);
    const own = isEntry ? (client as ModelEntry) : { model: client };
    return resolveOne({ ...settings, ...own } as ModelEntry, `${option}.clients[${index}]`);
  });
  checkMembers(members, option);
  const [first] = members as [Resolved, ...Resolved[]];
  return {
    ...first,
    breaker: undefined,
    sharedBreaker: undefined,
    limiter: undefined,
    pool: members,
    guards: [poolGuard(members)],
  };
}

function checkMembers(members: readonly Member[], option: string): void {
  const other = members.findIndex(({ kind }) => kind !== "chat");
  if (other !== -1)
    throw new InvalidModelError(`${option}.clients[${other}] is not a chat model; a pool has clients of one model`);
  const ids = [...new Set(members.flatMap(({ modelId }) => modelId ?? []))];
  if (ids.length > 1) {
    throw new InvalidModelError(
      `${option}.clients are of ${ids.join(" and ")}; a pool has clients of one model, and a chain or a router several models`,
    );
  }
}

/** Returns why a client of a pool should not be called now. */
export function unavailableNow({ guards, client }: Pick<Member, "guards" | "client">) {
  for (const guard of guards) {
    const unavailable = guard.unavailable(client);
    if (unavailable !== undefined) return unavailable;
  }
  return undefined;
}

/** Guard that skips a pool while all of its clients are out. */
function poolGuard(members: readonly Member[]): Guard {
  return {
    unavailable: () => {
      const out = members.map(unavailableNow);
      if (out.includes(undefined)) return undefined;
      const [soonest] = out.flatMap((each) => each ?? []).sort((one, other) => waitOf(one) - waitOf(other));
      return (
        soonest && { ...soonest, reason: `all ${members.length} clients are out, the next one: ${soonest.reason}` }
      );
    },
  };
}

export const waitOf = ({ waitMs = Infinity }: { readonly waitMs?: number }) => waitMs;
