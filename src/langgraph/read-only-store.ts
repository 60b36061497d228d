import type { BaseStore } from "@langchain/langgraph";

const readOnly = new WeakSet<object>();

/** Returns a view of a store that reads and never writes, for a rehearsal: what a graph remembers is asked for, and stays as it is. */
export function readOnlyStore(store: BaseStore | undefined): BaseStore | undefined {
  if (store === undefined || readOnly.has(store)) return store;
  const { batch } = store;
  const quiet: Partial<BaseStore> = {
    put: async () => {},
    delete: async () => {},
    batch: (async (operations: readonly object[]) => {
      const reads = operations.filter((operation) => !writes(operation));
      const found = (await batch.call(store, reads as never)) as unknown[];
      return operations.map((operation) => (writes(operation) ? undefined : found.shift()));
    }) as BaseStore["batch"],
  };
  const view = new Proxy(store, {
    get: (target, key) => {
      const value: unknown = Reflect.get(quiet, key) ?? Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  readOnly.add(view);
  return view;
}

/** True for an operation that puts or deletes an item. */
const writes = (operation: object) => "value" in operation;
