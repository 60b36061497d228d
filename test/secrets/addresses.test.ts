import { describe, expect, it } from "vitest";
import { maskAddresses } from "../../src/secrets/addresses.js";

describe("maskAddresses", () => {
  it.each([
    ["connect ECONNREFUSED 10.0.12.7:8443", "connect ECONNREFUSED [address]"],
    ["connect ECONNREFUSED ::1:11434", "connect ECONNREFUSED [address]"],
    ["connect EHOSTUNREACH fd00::12:9:1:8443 - Local (:::0)", "10.9.8.7"],
    ["getaddrinfo ENOTFOUND ollama", "getaddrinfo ENOTFOUND [address]"],
    ["getaddrinfo EAI_AGAIN llm.prod.svc.cluster.local", "getaddrinfo EAI_AGAIN [address]"],
    ["request to http://vllm:8000/v1/chat/completions failed", "request to [address] failed"],
    ["model at vllm-7b:8000 is down", "model at [address] is down"],
    ["no route to gpu-3.internal, sorry", "no route to [address], sorry"],
    ["The model `/srv/models/llama-3/` does not exist", "The model `[address]` does not exist"],
    ["open C:\\models\\llama.gguf failed", "open [address] failed"],
    ["upstream (192.168.7.21) closed", "upstream ([address]) closed"],
    ["bind on [fe80::1ff:fe23:4567:890a]:8080", "bind on [address]"],
    ["Hostname/IP does not match: Host: llm. is not in the cert's altnames: DNS:gw.acme.corp", "acme"],
  ])("hides where a model is: %s", (text, expected) => {
    const masked = maskAddresses(text);
    if (expected.includes(" ")) expect(masked).toBe(expected);
    else expect(masked).not.toContain(expected);
    expect(masked).not.toMatch(/\d{4}|ollama|llm\.|vllm|gpu-3|llama|192|fd00|acme/);
  });

  it.each([
    "gpt-4.1-mini: rate_limit: Limit reached; try again in 20s",
    "models/gemini-2.0-flash is not found for API version v1beta",
    "meta-llama/Llama-3.3-70B-Instruct and/or qwen2.5:7b-instruct-q4_0",
    "messages.0.content: expected a text, at line 3:12 of 12:30:45",
    "std::bad_alloc in version 1.2.3, e.g. messages[2].tool_calls",
    "small: server: 503 Service Unavailable (retry after 2.5 s)",
  ])("leaves what is none: %s", (text) => {
    expect(maskAddresses(text)).toBe(text);
  });
});
