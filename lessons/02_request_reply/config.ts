/**
 * What server and client have to agree on, in one place: change it here, and
 * both change. Only the buffer's size is nobody else's business.
 *
 * @module
 */

/** 127.0.0.1 is this machine, and reachable from this machine alone. */
export const HOST = "127.0.0.1";

/** Where the server listens. A client has to know it beforehand. */
export const PORT = 5000;

/** How many bytes one read may bring. It is no limit for a message. */
export const BUFFER_SIZE = 1024;
