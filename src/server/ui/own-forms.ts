import type { MiddlewareHandler } from "hono";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";

const check = csrf();

/** Refuses forms of other sites, and says what a request of one's own lacks. */
export const ownForms: MiddlewareHandler = async (context, next) => {
  try {
    await check(context, async () => {});
  } catch (error) {
    if (!(error instanceof HTTPException)) throw error;
    const { origin } = new URL(context.req.url);
    const given = context.req.header("origin");
    const fault = given === undefined ? "it has no Origin header" : `its Origin is ${given.slice(0, 100)}`;
    const advice = `Use the page at ${origin}/ui in a browser. A program sends "Origin: ${origin}", or asks ${origin}/v1/chat/completions, which needs none. A proxy in front must pass the Host header on.`;
    return context.text(`This form is not from this page: ${fault}. ${advice}`, 403);
  }
  return next();
};
