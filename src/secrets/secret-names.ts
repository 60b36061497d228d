/** Names of fields, headers, variables and query parameters that hold secrets. */
const secret =
  /(api|access|private|secret|subscription|auth|account|shared|master|functions?)[-_ ]?key|\bkey$|(?<!idempotency)[-_]key$|apikey|token$|secret|pass(w|phrase|$)|pwd$|credential|authorization|cookie|signature|bearer|\bsig$|^code$|_pat$/i;

/** Headers and parameters of the protocol, which do not authenticate. */
const plain =
  /^(accept|connection|content-|user-agent$|host$|origin$|referer$|http-referer$|x-title$|cache-control$|openai-(beta|organization|project)$|anthropic-(version|beta|dangerous)|x-stainless|api-?version$|alt$|traceparent$|tracestate$|x-request-id$|keep-alive$|pragma$|transfer-encoding$|idempotency-|x-amz-(?:date|content)|x-goog-api-client$|sec-)/i;

/** Returns true for a name of a secret. */
export function isSecretName(name: string): boolean {
  return secret.test(name);
}

/** Returns true for a protocol header or parameter, whose value may be any word. */
export function isPlainName(name: string): boolean {
  return plain.test(name);
}
