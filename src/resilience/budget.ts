import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { publish } from "../events/publish.js";
import type { Price } from "../ledger/model-call.js";
import type { Budget, Hold } from "../ledger/purse.js";
import { limitInNano, type NanoUsd } from "../ledger/worst-case.js";
import type { RunContext } from "../state/run-context.js";
import { LocalWindow } from "./local-window.js";
import { SharedWindow } from "./shared-window.js";
import type { Store } from "./store.js";
import { WeakList } from "./weak-list.js";

/** Options of `budget`. */
export interface BudgetOptions {
  /** Most dollars of one window. */
  readonly usd: number;
  /** Windows of the calendar in UTC: they begin with the hour, the day or the month. */
  readonly per: "hour" | "day" | "month";
  /** Name for events and errors, and in a store, where budgets of one name are one: needed there. @default "budget" */
  readonly name?: string;
  /** Splits the budget: each key, such as a user or tenant, has its own `usd`; `undefined` counts for no key. @default one for all */
  readonly key?: (turn: { readonly context: RunContext }) => string | undefined;
  /** Counts only calls with one of these tags, of the run or of the model. @default all calls */
  readonly tags?: readonly string[];
  /** Price of models whose price is unknown. @default they are refused */
  readonly assumePrice?: Price;
  /** Shares of `usd` at which a budget event is published, once a window. @default none */
  readonly onShare?: readonly number[];
  /** Counts for several processes: `redisStore(client)`. @default this process alone */
  readonly store?: Store;
  /** Share of `usd` that this process may spend while the store is down, 0..1. @default 0, which refuses */
  readonly share?: number;
  /** Milliseconds after which a reservation of a process that died is given back if its call had not begun; longer than any wait in a queue. @default 10 minutes */
  readonly leaseMs?: number;
}

const startOf = {
  hour: (now: Date) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), now.getUTCHours()),
  day: (now: Date) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()),
  month: (now: Date) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth()),
};
const endOf = {
  hour: (start: Date) => start.getTime() + 3_600_000,
  day: (start: Date) => start.getTime() + 86_400_000,
  month: (start: Date) => Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1),
};

/** What is spent of a budget in its current window. */
export interface BudgetState {
  readonly name: string;
  readonly per: BudgetOptions["per"];
  readonly limitUsd: number;
  /** Settled and reserved dollars, of the fullest key if it is split by keys; `undefined` if only a shared store knows. */
  readonly usedUsd: number | undefined;
  /** Keys that spent something; unset if it is not split. */
  readonly keys?: number;
}

/** Most runs without room that are remembered. */
const mostRuns = 1_000;

const made = new WeakMap<object, () => BudgetState>();
const all = new WeakList<object>();

/** Lists the budgets of this process that are still in use. */
export function budgetStates(): readonly BudgetState[] {
  return [...all].map((each) => made.get(each)!());
}

/**
 * Caps what calls may cost in an hour, a day or a month.
 *
 * **When to use** - as `budget` of an entry, of several entries (the same object), or of a whole pattern; for one run there is
 * `context: { maxCostUsd }`.
 *
 * **Gotchas** - before a call its worst case is reserved: an upper bound of its input, about four times the real one, and
 * `maxOutputTokens`, which is also sent as the limit of the call. Afterwards the real cost replaces it; where it is unknown, as after a
 * time-out, the whole reservation counts. What does not fit is not called: in a chain the next model is, and a run without an answer ends
 * in a `BudgetExceededError`. Without `store` each process counts for itself, from 0 when it starts.
 *
 * @example
 * ```ts
 * const daily = budget({ usd: 20, per: "day", onShare: [0.5, 0.8] });
 * const graph = createFallback({ models: { large: { model: large, budget: daily }, small } });
 * ```
 * @throws {InvalidOptionError} when an option is unknown or out of its range
 */
export function budget(options: BudgetOptions): Budget {
  checkOptions(options);
  const { usd, per, name = "budget", key, tags, assumePrice, onShare = [], store, share = 0 } = options;
  const { leaseMs = 600_000 } = options;
  const local = new LocalWindow();
  const spare = new LocalWindow();
  const shared = store && new SharedWindow(store);
  const limit = limitInNano(usd);
  const shares = onShare.toSorted((one, other) => one - other);
  const reached = new Map<string, { end: number; share: number }>();
  /** Runs that found no room, by window; each publishes it once. */
  const refused = new Set<string>();
  let lost = false;

  const alert = (id: string, end: number, of: string | undefined, used: NanoUsd) => {
    const before = reached.get(id);
    const known = before?.end === end ? before.share : 0;
    const now = shares.findLast((each) => used >= each * limit) ?? 0;
    if (now <= known) return;
    reached.set(id, { end, share: now });
    for (const each of shares.filter((each) => each > known && each <= now)) {
      publish("budget", () => ({ ...about(of), kind: "share", share: each, usedUsd: used / 1e9 }));
    }
  };
  const about = (of: string | undefined) => ({ budget: name, limitUsd: usd, ...(of !== undefined && { key: of }) });

  const purse: Budget["purse"] = (context, given, turnId) => {
    if (tags !== undefined && !tags.some((tag) => given.includes(tag))) return undefined;
    const of = key?.({ context });
    if (key !== undefined && of === undefined) return undefined;
    const start = new Date(startOf[per](new Date()));
    const end = endOf[per](start);
    const id = `multimodel:budget:${name}:${per}:${start.toISOString()}:${of ?? ""}`;
    const refuse = (used: NanoUsd) => {
      const run = `${turnId} ${id}`;
      if (turnId !== undefined && refused.has(run)) return undefined;
      if (refused.size === mostRuns) refused.clear();
      refused.add(run);
      publish("budget", () => ({ ...about(of), kind: "refused", usedUsd: used / 1e9 }));
      return undefined;
    };
    const here = (window: LocalWindow, most: NanoUsd, amount: NanoUsd): Hold | undefined => {
      if (!window.add(id, end, amount, most)) return refuse(window.used(id));
      if (window === local) alert(id, end, of, window.used(id));
      return { settle: (spent) => window.correct(id, spent - amount) };
    };
    const there = async (shared: SharedWindow, amount: NanoUsd): Promise<Hold | undefined> => {
      const reservation = { id: crypto.randomUUID(), key: id, windowMs: Math.max(1, end - Date.now()) + leaseMs };
      const sureUntil = Date.now() + leaseMs / 2;
      const reply = await shared.reserve({ ...reservation, amount, limit, leaseMs });
      if (reply === undefined) {
        if (!lost) publish("budget", () => ({ ...about(of), kind: "store_lost", usedUsd: spare.used(id) / 1e9 }));
        lost = true;
        const hold = here(spare, Math.floor(limit * share), amount);
        if (hold === undefined) return undefined;
        return {
          settle: (spent) => {
            hold.settle(spent);
            shared.spendAlone(reservation, spent);
          },
        };
      }
      lost = false;
      if (!reply.granted) return refuse(reply.used);
      alert(id, end, of, reply.used);
      return {
        begin: () => shared.begin(reservation, Date.now() < sureUntil),
        settle: (spent) => shared.settle(reservation, spent),
      };
    };
    return {
      ...{ name, limitUsd: usd, assumePrice },
      used: () => (shared === undefined ? local.used(id) / 1e9 : undefined),
      refuse: () => refuse(local.used(id)),
      reserve: (amount) => (shared === undefined ? here(local, limit, amount) : there(shared, amount)),
    };
  };
  const result: Budget = { name, limitUsd: usd, purse };
  made.set(result, () => {
    const { keys, most } = local.at(endOf[per](new Date(startOf[per](new Date()))));
    const usedUsd = shared === undefined ? most / 1e9 : undefined;
    return { ...{ name, per, limitUsd: usd, usedUsd }, ...(key !== undefined && { keys }) };
  });
  all.add(result);
  return result;
}

/** Budgets of the library itself, which no page lists. */
const unlisted = new WeakSet<object>();

/** Lets patterns accept a budget that `budget` did not make. */
export function unlistedBudget<Own extends Budget>(own: Own): Own {
  unlisted.add(own);
  return own;
}

/** Throws if a value is not a budget. */
export function checkBudget(given: unknown, option: string): void {
  if (given === undefined) return;
  if (typeof given === "object" && given !== null && (made.has(given) || unlisted.has(given))) return;
  throw new InvalidOptionError(option, given, 'give what budget({ usd: 20, per: "day" }) returns');
}

const names = ["usd", "per", "name", "key", "tags", "assumePrice", "onShare", "store", "share", "leaseMs"] as const;

function checkOptions(options: BudgetOptions): void {
  checkKeys(options, "budget", names);
  const { usd, per, name, key, tags, onShare, share, leaseMs, assumePrice, store } = options;
  const check = (option: (typeof names)[number], ok: boolean, expected: string) => {
    if (!ok) throw new InvalidOptionError(`budget.${option}`, options[option], expected);
  };
  check("usd", Number.isFinite(usd) && usd >= 0, "give dollars, at least 0");
  check("per", Object.hasOwn(startOf, per), 'give "hour", "day" or "month"');
  check("name", name === undefined || (typeof name === "string" && name !== ""), "give a text");
  check("name", name !== undefined || store === undefined, "name it: in a store, budgets of one name are one");
  check("key", key === undefined || typeof key === "function", "give a function: ({ context }) => context.sessionId");
  check("tags", tags === undefined || (Array.isArray(tags) && tags.length > 0), "give an array with a tag");
  const isShare = (value: unknown) => typeof value === "number" && value > 0 && value <= 1;
  check("onShare", onShare === undefined || (Array.isArray(onShare) && onShare.every(isShare)), "give shares, 0..1");
  check("share", share === undefined || share === 0 || isShare(share), "give a share, 0..1");
  check("leaseMs", leaseMs === undefined || (Number.isFinite(leaseMs) && leaseMs > 0), "give ms above 0");
  const { input, output } = assumePrice ?? { input: 0, output: 0 };
  check("assumePrice", input >= 0 && output >= 0, "give { input, output } in USD per million tokens");
  check("store", store === undefined || typeof store?.reserve === "function", "give a store: redisStore(client)");
}
