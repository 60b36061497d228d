import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Environment } from "../text/interpolate.js";
import type { ModelSpec } from "./model-spec.js";
import type { ParameterName } from "./parameters.js";

/** Options a client is made with. */
export type ClientFields = Record<string, unknown>;
export type ChatClient = new (fields: ClientFields) => BaseChatModel;

/** Our names of parameters to others. */
export type Names = Readonly<Partial<Record<ParameterName, string>>>;

/** Fields of a spec that say how a model is reached. */
export const reachFields = [
  ...(["baseUrl", "apiKey", "headers", "body"] as const),
  ...(["apiVersion", "deployment", "project", "location", "credentials"] as const),
] satisfies (keyof ModelSpec)[];
export type Reach = (typeof reachFields)[number];

/** How the models of one provider are made. */
export interface Provider {
  /** Package its client is in. */
  readonly package: string;
  readonly load: () => Promise<ChatClient>;
  /** Fields of the client but its parameters; whatever it would else read from the environment of the process is among them. */
  readonly fields: (spec: ModelSpec, environment: Environment) => ClientFields;
  /** Our names of parameters to the client's. */
  readonly parameters: Names;
  /** Parameters the client has no field for: sent in the request's body. */
  readonly inBody: Names;
  /** The client's field for what goes into the body as it is. */
  readonly bodyField?: string;
  /** Fields about the way to it that mean something; another one is a mistake. */
  readonly reach: readonly Reach[];
  /** Where it is when nobody says. */
  readonly url?: string;
  /** Environment variables that say where else it is. */
  readonly urlVariables?: readonly string[];
  /** Environment variable its key is usually in; none where it needs no key. */
  readonly keyVariable?: string;
  /** Another one its client reads. */
  readonly otherKeyVariable?: string;
  /** What a spec must have. */
  readonly needs: readonly (keyof ModelSpec)[];
  /** Its name in the catalogues. */
  readonly catalogue?: string;
}
