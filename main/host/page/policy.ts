/** Sent with every answer. Scripts, styles and data come from the studio alone; nothing may frame the page. */
export const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/** Of what never changes at its address: kept by the page, asked for once. */
export const lastingHeaders = {
  ...securityHeaders,
  'Cache-Control': 'private, max-age=31536000, immutable',
} as const;
