import type { BaseMessage } from "@langchain/core/messages";

/** Private fields of LangChain's serializable objects. */
interface Kept {
  readonly lc_kwargs?: Readonly<Record<string, unknown>>;
  readonly lc_namespace?: unknown;
  readonly lc_secrets?: Readonly<Record<string, string>>;
}

/** Returns the constructor fields of a client, the only way to copy it with one parameter changed. */
export function constructorFields(client: object): Kept["lc_kwargs"] {
  return (client as Kept).lc_kwargs;
}

/** Names the fields of a client that hold keys. */
export function secretFields(client: object): string[] {
  return Object.keys((client as Kept).lc_secrets ?? {});
}

/** True for an object of any copy of LangChain, such as a tool among plain tool definitions. */
export function isSerializable(value: object): boolean {
  return (value as Kept).lc_namespace !== undefined;
}

/** Copies a message with another id, also in `lc_kwargs`, from which LangChain serializes it. */
export function copyWithId<Message extends BaseMessage>(message: Message, id: string | undefined): Message {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(message)), message) as Message;
  return Object.assign(copy, { id, lc_kwargs: { ...message.lc_kwargs, id } });
}
