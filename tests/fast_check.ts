/**
 * Property tests. Here rather than in deno.json, because `deno task` loads
 * every package named there: somebody who only wants to run a lesson would
 * have to wait for it.
 *
 * @module
 */
export { default } from "npm:fast-check@4.10.2";
