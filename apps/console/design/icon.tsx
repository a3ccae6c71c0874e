/** Line drawings on a grid of 24; they say nothing that the text beside them does not say. */
const drawings = {
  home: 'M4 11 12 4l8 7M6 10v10h12V10M10 20v-6h4v6',
  inventory: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.5h.01M8 16.5h.01',
  policy: 'M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6zM9 12l2 2 4-4',
  jobs: 'M5 6h14M5 12h14M5 18h8M18 16v4M16 18h4',
  approvals: 'M4 5h16v14H4zM8 12l3 3 5-6',
  audit: 'M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7',
  people: 'M9 11a3 3 0 100-6 3 3 0 000 6zM3 20c0-3.5 2.7-6 6-6s6 2.5 6 6M16 5.5a3 3 0 010 5M18 14.5c1.8.8 3 2.6 3 5',
  roles: 'M12 3a4 4 0 110 8 4 4 0 010-8zM5 21c0-4 3-7 7-7s7 3 7 7M9 18h6',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M14 7a2 2 0 104 0 2 2 0 00-4 0zM6 17a2 2 0 104 0 2 2 0 00-4 0z',
  account: 'M12 4a4 4 0 110 8 4 4 0 010-8zM4 20c1-4 4-6 8-6s7 2 8 6',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M17.5 10h.01M8 14h8',
  search: 'M11 4a7 7 0 110 14 7 7 0 010-14zM16 16l5 5',
  help: 'M12 3a9 9 0 110 18 9 9 0 010-18zM9.5 9.5a2.5 2.5 0 115 0c0 2-2.5 2-2.5 4M12 17h.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  chevron: 'M7 10l5 5 5-5',
  key: 'M8 8a4 4 0 110 8 4 4 0 010-8zM12 12h9v4M17 12v3',
  clock: 'M12 3a9 9 0 110 18 9 9 0 010-18zM12 7v5l3 2',
  heart: 'M3 12h4l2-5 4 10 2-5h6',
  machine: 'M4 5h16v10H4zM12 15v4M8 19h8M8 10h.01M12 10h4',
  organization: 'M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4',
  access: 'M6 11h12v9H6zM9 11V8a3 3 0 016 0v3M12 15v2',
  shield: 'M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6z',
} as const;
export type IconName = keyof typeof drawings;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      role="presentation"
      aria-hidden="true"
      focusable="false"
      width="20"
      height="20"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={drawings[name]} />
    </svg>
  );
}
