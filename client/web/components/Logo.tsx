/** Three stems and their leaves, in one colour. */
export function Logo({ size = 40 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="16" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="4" strokeLinecap="round">
        <path d="M32 52V27" />
        <path d="M18 52c0-9 4-14 14-17" />
        <path d="M46 52c0-9-4-14-14-17" />
      </g>
      <g fill="var(--on-accent)">
        <path d="M32 10c6 5 8 11 0 18-8-7-6-13 0-18z" />
        <path d="M10 24c8-1 13 2 13 11-9 1-14-3-13-11z" />
        <path d="M54 24c-8-1-13 2-13 11 9 1 14-3 13-11z" />
      </g>
    </svg>
  );
}
