import { randomBytes, timingSafeEqual } from "node:crypto";
import { digest } from "../bearer.js";

interface Session {
  readonly token: Buffer;
  /** Name of the key that opened it. */
  readonly caller: string;
  /** Unix time, ms. */
  readonly endsAt: number;
}

const most = 100;
/** Seconds until a session ends. */
export const sessionSeconds = 12 * 3_600;

/** Browsers that gave a key; only hashes of their tokens are kept. */
export class Sessions {
  #open: Session[] = [];

  /** Opens a session; the oldest ends where there are too many. @returns its token */
  open(caller: string): string {
    const token = randomBytes(32).toString("base64url");
    const endsAt = Date.now() + sessionSeconds * 1_000;
    this.#open = [...this.#open.slice(1 - most), { token: digest(token), caller, endsAt }];
    return token;
  }

  /** Returns the name of the key behind a token, compared in constant time. */
  callerOf(token: string | undefined): string | undefined {
    if (token === undefined) return undefined;
    const sent = digest(token);
    const equal = this.#open.map((session) => timingSafeEqual(session.token, sent));
    const session = this.#open[equal.indexOf(true)];
    return session !== undefined && session.endsAt > Date.now() ? session.caller : undefined;
  }

  close(token: string | undefined): void {
    if (token === undefined) return;
    const sent = digest(token);
    this.#open = this.#open.filter((session) => !timingSafeEqual(session.token, sent));
  }
}
