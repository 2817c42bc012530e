/**
 * The hash that tells whether bytes have arrived unchanged.
 *
 * @module
 */

/** The SHA-256 of `bytes` in lower-case hex: 64 characters. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as BufferSource);
  return new Uint8Array(digest).toHex();
}
