import { InvalidOptionError } from "../errors/index.js";

/** Throws for an option that a pattern has and its middleware has not: the agent brings its own. */
export function checkOwn(options: object, owner: string): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidOptionError(owner, options, `give it an object of options: ${owner}({ … })`);
  }
  for (const [key, hint] of Object.entries(ofAgent)) {
    const value = (options as Readonly<Record<string, unknown>>)[key];
    if (value !== undefined) throw new InvalidOptionError(`${owner}.${key}`, value, hint);
  }
}

const ofAgent = {
  fallback: "leave it out: the last resort is the `model` of createAgent",
  state: "leave it out: own keys are the `stateSchema` of createAgent",
  system: "leave it out: give `systemPrompt` to createAgent, or to an entry of `models`",
};
