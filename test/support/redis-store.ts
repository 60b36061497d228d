import { BaseStore, type Item, type Operation, type OperationResults } from "@langchain/langgraph";
import type { createClient } from "redis";

type Client = ReturnType<typeof createClient>;

/** A store over a Redis without modules, as a user might write it: one hash, no semantic search. */
export class PlainRedisStore extends BaseStore {
  constructor(private readonly client: Client) {
    super();
  }

  override async batch<Operations extends Operation[]>(operations: Operations): Promise<OperationResults<Operations>> {
    return Promise.all(operations.map((operation) => this.run(operation))) as Promise<OperationResults<Operations>>;
  }

  private async run(operation: Operation): Promise<Item | Item[] | null> {
    if ("namespacePrefix" in operation) {
      const { namespacePrefix, offset = 0, limit = 10 } = operation;
      const items = Object.values(await this.client.hGetAll("store")).map(parse);
      const found = items.filter(({ namespace }) =>
        namespacePrefix.every((label, index) => namespace[index] === label),
      );
      return found.slice(offset, offset + limit);
    }
    if (!("key" in operation)) throw new Error("listing namespaces is not supported");
    const { namespace, key } = operation;
    const field = [...namespace, key].join("|");
    const known = await this.client.hGet("store", field);
    if (!("value" in operation)) return known === undefined || known === null ? null : parse(known);
    if (operation.value === null) await this.client.hDel("store", field);
    else
      await this.client.hSet(
        "store",
        field,
        JSON.stringify({ namespace, key, value: operation.value, at: Date.now() }),
      );
    return null;
  }
}

function parse(text: string): Item {
  const { namespace, key, value, at } = JSON.parse(text) as Omit<Item, "createdAt" | "updatedAt"> & { at: number };
  return { namespace, key, value, createdAt: new Date(at), updatedAt: new Date(at) };
}
