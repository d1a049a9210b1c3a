// The colours of the current theme, read from the style sheet.

export interface Colours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly surface: string;
  readonly both: string;
  readonly left: string;
  readonly right: string;
  readonly neither: string;
  readonly unknown: string;
}

const NAMES = [
  ...(["text", "muted", "line", "accent", "surface"] as const),
  ...(["both", "left", "right", "neither", "unknown"] as const),
];

export function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const found = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(found) as unknown as Colours;
}

/** Viridis, for scales. */
export const VIRIDIS = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"];

/** Limits of an axis of Jaccards: up to 1, down to a little below the smallest. */
export const upToOne = {
  max: 1,
  min: ({ min }: { min: number }) => Math.max(0, Math.floor(20 * (min - 0.02)) / 20),
};

/** An axis that fits the theme. */
export function axis(colours: Colours, name: string, further: object = {}): object {
  return {
    name,
    nameLocation: "middle",
    nameGap: 28,
    nameTextStyle: { color: colours.muted },
    axisLabel: { color: colours.muted },
    axisLine: { lineStyle: { color: colours.line } },
    splitLine: { lineStyle: { color: colours.line, opacity: 0.6 } },
    ...further,
  };
}
