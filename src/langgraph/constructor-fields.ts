import type { BaseMessage } from "@langchain/core/messages";

/** What LangChain's serialisable objects keep beside their public fields. */
interface Kept {
  readonly lc_kwargs?: Readonly<Record<string, unknown>>;
  readonly lc_namespace?: unknown;
  readonly lc_secrets?: Readonly<Record<string, string>>;
}

/** Reads the fields a client was made with: LangChain has no other way to make one like it, with one parameter changed. */
export function constructorFields(client: object): Kept["lc_kwargs"] {
  return (client as Kept).lc_kwargs;
}

/** Names the fields of a client that hold keys. */
export function secretFields(client: object): string[] {
  return Object.keys((client as Kept).lc_secrets ?? {});
}

/** True for an object of LangChain, of whichever copy: a tool among plain descriptions of tools. */
export function isSerializable(value: object): boolean {
  return (value as Kept).lc_namespace !== undefined;
}

/** Copies a message under another id. LangChain serialises it from what it was made with, so the id is changed there, too. */
export function copyWithId<Message extends BaseMessage>(message: Message, id: string | undefined): Message {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(message)), message) as Message;
  return Object.assign(copy, { id, lc_kwargs: { ...message.lc_kwargs, id } });
}
