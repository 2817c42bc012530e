/**
 * How the page with the report looks: on a screen in the light or in the dark,
 * and on paper.
 *
 * @module
 */

/** The page's style sheet. */
export const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif;
    --line: light-dark(#d5d9e0, #3a3f47); --head: light-dark(#f1f3f6, #23272e);
    --paper: light-dark(#fff, #16191d); --ink: light-dark(#1c2026, #e4e7ec);
    --dim: light-dark(#5c6470, #9aa3af);
    --good: light-dark(#1a6b35, #6fce8d); --bad: light-dark(#b3221b, #ff8f85);
    --pale: light-dark(#fdeceb, #3a1f1e); --link: light-dark(#0b57b0, #8ab8ff); }
  body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem;
    color: var(--ink); background: var(--paper); }
  h1 { line-height: 1.2; margin-bottom: 0.3rem; }
  h2 { margin: 3rem 0 0.3rem; }
  h3 { margin: 2rem 0 0.5rem; }
  h4 { margin: 1.5rem 0 0.3rem; }
  p { margin: 0.3rem 0; }
  a { color: var(--link); }
  .dim, caption { color: var(--dim); }
  .wide { overflow-x: auto; margin: 1rem 0; }
  table { border-collapse: collapse; }
  caption { text-align: left; padding-bottom: 0.4rem; }
  th, td { padding: 0.25rem 0.6rem; border: 1px solid var(--line);
    text-align: left; vertical-align: top; }
  thead th, tfoot th, tfoot td { background: var(--head); }
  tbody th { font-weight: 500; background: var(--head); }
  td p { margin: 0; font-size: 0.9rem; }
  .students tbody th, .overview tbody th { overflow-wrap: anywhere;
    min-width: 7rem; max-width: 18rem; }
  .students th:first-child, .overview th:first-child { position: sticky;
    left: 0; }
  .number { text-align: right; white-space: nowrap;
    font-variant-numeric: tabular-nums; }
  .mark { text-align: center; }
  .mark a { display: block; text-decoration: none; color: inherit; }
  .passed { color: var(--good); }
  .failed, .error { color: var(--bad); background: var(--pale);
    font-weight: 700; }
  .said { color: var(--bad); }
  .skipped, .missing { color: var(--dim); }
  details { margin: 0.4rem 0; border: 1px solid var(--line);
    border-radius: 0.4rem; }
  summary { padding: 0.35rem 0.7rem; cursor: pointer; }
  summary:hover { background: var(--head); }
  pre { margin: 0; padding: 0.7rem; overflow-wrap: anywhere;
    white-space: pre-wrap; font-size: 0.85rem; line-height: 1.4;
    border-top: 1px solid var(--line); background: var(--head); }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap; }
  @media (max-width: 40rem) {
    th, td { padding: 0.2rem 0.35rem; font-size: 0.9rem; }
    .students tbody th, .overview tbody th { min-width: 5.5rem;
      max-width: 8rem; }
  }
  @media print {
    :root { color-scheme: light; font-size: 9pt; }
    body { max-width: none; margin: 0; }
    .wide { overflow: visible; }
    tr, details { break-inside: avoid; }
    a { color: inherit; text-decoration: none; }
    details::details-content { content-visibility: visible; block-size: auto; }
  }
`;
