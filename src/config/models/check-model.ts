import { connectionFields } from "../../models/client-kind.js";
import { isKey } from "../../secrets/redact.js";
import { didYouMean } from "../../text/nearest-name.js";
import { missingText } from "../check-file.js";
import { type Complain, complainBelow } from "../text/problems.js";
import type { Path } from "../text/read-document.js";
import type { ModelSpec } from "./model-spec.js";
import { type Parameters, parameterNames } from "./parameters.js";
import { providerOf, takes } from "./provider-of.js";

/** Fields that `body` must not override, since the ledger and the answer depend on them. */
export const notInBody: readonly string[] = ["model", "messages", "stream", "stream_options", "tools"];

/**
 * Reports problems of a model before its client is made, at paths relative to its spec.
 *
 * @param leaveOut reports fields that its provider does not have
 * @param lack reports a missing key
 */
export function checkModel(
  spec: ModelSpec,
  complain: Complain,
  leaveOut: Complain,
  lack: (path: Path, message: string) => void,
): void {
  const provider = providerOf(spec);
  for (const fields of provider.needs) {
    if (fields.every((field) => spec[field] === undefined)) {
      complain([fields[0]!], `is missing; ${spec.provider} needs it`);
    }
  }
  for (const field of connectionFields) {
    if (spec[field] === undefined || provider.connectionFields.includes(field)) continue;
    leaveOut(
      [field],
      `${spec.provider} has no such field; write only ${provider.connectionFields.join(", ")} and parameters`,
    );
  }
  for (const name of Object.keys(spec.body ?? {}).filter((each) => notInBody.includes(each))) {
    leaveOut(["body", name], "cannot be in body; each request sets it");
  }
  checkKey(spec, complain, lack);
  if (spec.model !== undefined && isKey(spec.model))
    complain(["model"], "is a key; write the id of a model here, and the key as apiKey");
  if (spec.model !== undefined && (foreignComment.test(spec.model) || spec.model.includes("#")))
    complain(["model"], "has a comment in it; write # and a space before a comment");
  checkUrl(spec.baseUrl, (message) => complain(["baseUrl"], message));
  checkHeaders(spec.headers, complainBelow(complain, ["headers"]));
  checkParameters(spec.parameters, spec, complainBelow(complain, ["parameters"]));
}

function checkKey(spec: ModelSpec, complain: Complain, lack: (path: Path, message: string) => void): void {
  const { keyVariable } = providerOf(spec);
  const { apiKey } = spec;
  if (apiKey === undefined) {
    if (keyVariable === undefined) return;
    lack(["apiKey"], `its key is missing; set ${keyVariable}, or write "\${ANOTHER_VARIABLE}" here`);
  } else if (reference.test(apiKey)) {
    complain(["apiKey"], `is not a key but a reference that is not known here; write \${NAME}`);
  } else if (variableName.test(apiKey)) {
    complain(["apiKey"], `is not a key but looks like the name of a variable; write it as \${NAME}`);
  } else if (/[\r\n]/.test(apiKey)) {
    complain(["apiKey"], "is not a key: it has a line break; write one key on one line");
  } else if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    complain(["apiKey"], "is not a key: it has spaces or special characters; write it as the provider shows it");
  }
}

/** Other systems' references to a variable, and texts that stand for a key in an example. */
const reference =
  /^(\$\(?\w+\)?|%\w+%|\{\{.*\}\}|<.*>|(env|os\.environ|secrets?|vault)[./:]\S*|(process\.env|os\.(environ|getenv)|ENV)\W.*|your[-_ ]?(\w+[-_ ])?(api[-_ ]?)?key([-_ ]here)?)$/i;

/** A variable that is named, as in other systems' files, instead of referred to. */
const variableName = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET)$/;

/** A comment in the style of other languages, which YAML reads as text. */
const foreignComment = /^\s*(\/\/|\/\*)|\s(\/\/|\/\*)/;

/** Paths of requests, which clients add to an address by themselves. */
const requestPath = /\/(chat\/completions|completions|responses|messages|api\/chat|api\/generate|embeddings)\/?$/;

function checkUrl(url: string | undefined, complain: (message: string) => void): void {
  if (url === undefined || url === missingText) return;
  if (!/^https?:\/\/[^/]/.test(url)) complain("is not a URL; write one that begins with http:// or https://");
  else if (!URL.canParse(url)) complain("is not a URL; write http://host:port/v1");
  else if (requestPath.test(url)) complain(`is the address of a request; write ${url.replace(requestPath, "")}`);
}

/** Reports invalid headers here, because the error of a request would show their values. */
export function checkHeaders(headers: Readonly<Record<string, string>> | undefined, complain: Complain): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!/^[-!#$%&'*+.^`|~\w]+$/.test(name))
      complain([name], "cannot be the name of a header; write letters, digits and -");
    else if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      complain([name], "is not a header value: it has a line break or a special character; write one line");
    }
  }
}

/** Reports parameters that a model's provider does not accept. */
export function checkParameters(parameters: Parameters | undefined, spec: ModelSpec, complain: Complain): void {
  const provider = providerOf(spec);
  const known = parameterNames.filter((name) => takes(provider, name));
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (!takes(provider, name)) {
      complain(
        [name],
        `${spec.provider} does not accept this${didYouMean(name, known)}; write one of ${known.join(", ")}`,
      );
    } else if (name === "thinking" && provider.thinkingIsBoolean !== (typeof value === "boolean")) {
      complain(
        [name],
        provider.thinkingIsBoolean ? "write true or false" : "write { type: enabled, budget_tokens: 2000 }",
      );
    }
  }
}
