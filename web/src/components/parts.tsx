// The four parts of a finding: the same colours, patterns and names everywhere.
import { PARTS, type Part } from "../data/agreement";
import { countText } from "../data/format";

export type Counts = Readonly<Record<Part, number>>;

export function partName(part: Part, nRules: number): string {
  const two: Record<Part, string> = {
    both: "both",
    left: "first only",
    right: "second only",
    neither: "neither",
    unknown: "not known",
  };
  const many: Record<Part, string> = {
    both: `all ${nRules}`,
    left: "first, not all",
    right: "only others",
    neither: "none",
    unknown: "not known",
  };
  return (nRules === 2 ? two : many)[part];
}

interface Props {
  readonly counts: Counts;
  readonly nRules: number;
  readonly onSelect?: (part: Part) => void;
  readonly selected?: Part | null;
}

/** A bar with its legend; the legend selects the entities of a part. */
export function PartsBar({ counts, nRules, onSelect, selected }: Props) {
  const shown = PARTS.filter((part) => counts[part] > 0);
  const total = shown.reduce((sum, part) => sum + counts[part], 0);
  const label = shown
    .map((p) => `${partName(p, nRules)} ${countText(counts[p])}`)
    .join(", ");
  return (
    <div class="parts">
      <svg
        class="parts-bar"
        role="img"
        aria-label={label}
        viewBox="0 0 100 10"
        preserveAspectRatio="none"
      >
        {
          shown.reduce<{ x: number; bars: preact.JSX.Element[] }>(
            ({ x, bars }, part) => {
              const width = (100 * counts[part]) / Math.max(1, total);
              const bar = (
                <rect
                  key={part}
                  class={`part-${part}`}
                  x={x}
                  y={0}
                  width={width}
                  height={10}
                />
              );
              return { x: x + width, bars: [...bars, bar] };
            },
            { x: 0, bars: [] },
          ).bars
        }
      </svg>
      <ul class="parts-legend">
        {shown.map((part) => (
          <li key={part}>
            {onSelect ? (
              <button
                type="button"
                class="part-button"
                aria-pressed={selected === part}
                onClick={() => onSelect(part)}
              >
                <Swatch part={part} /> {partName(part, nRules)} {countText(counts[part])}
              </button>
            ) : (
              <>
                <Swatch part={part} /> {partName(part, nRules)} {countText(counts[part])}
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Swatch({ part }: { part: Part }) {
  return (
    <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
      <rect class={`part-${part}`} width={12} height={12} />
    </svg>
  );
}

/** Patterns that the parts are drawn with; takes no room. */
export function PatternDefinitions() {
  return (
    <svg class="definitions" width={0} height={0} aria-hidden="true" focusable="false">
      <defs>
        <pattern id="pattern-left" width={6} height={6} patternUnits="userSpaceOnUse">
          <rect class="pattern-left-ground" width={6} height={6} />
          <path class="pattern-left-line" d="M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5" />
        </pattern>
        <pattern id="pattern-right" width={6} height={6} patternUnits="userSpaceOnUse">
          <rect class="pattern-right-ground" width={6} height={6} />
          <circle class="pattern-right-dot" cx={3} cy={3} r={1.3} />
        </pattern>
      </defs>
    </svg>
  );
}
