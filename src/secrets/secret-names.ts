/** What fields, headers, variables and parameters of queries are called that hold a secret. */
const secret =
  /(api|access|private|secret|subscription|auth|account|shared|master|functions?)[-_ ]?key|\bkey$|(?<!idempotency)[-_]key$|apikey|token$|secret|pass(w|phrase|$)|pwd$|credential|authorization|cookie|signature|bearer|\bsig$|^code$|_pat$/i;

/** Headers and parameters that say how to talk, not who talks. */
const plain =
  /^(accept|connection|content-|user-agent$|host$|origin$|referer$|http-referer$|x-title$|cache-control$|openai-(beta|organization|project)$|anthropic-(version|beta|dangerous)|x-stainless|api-?version$|alt$|traceparent$|tracestate$|x-request-id$|keep-alive$|pragma$|transfer-encoding$|idempotency-|x-amz-(?:date|content)|x-goog-api-client$|sec-)/i;

/** Whether something of that name holds a secret. */
export function isSecretName(name: string): boolean {
  return secret.test(name);
}

/** Whether a header or a parameter of that name is part of the protocol: what it holds are words of any message. */
export function isPlainName(name: string): boolean {
  return plain.test(name);
}
