/** West Lake of Huizhou with the Sizhou pagoda, for calm. It says nothing, and is absent from high contrast. */

import type { JSX } from 'preact';

/** The pagoda's storeys from the top: half the width, and where the eaves lie. */
const STOREYS = [
  [9, 116],
  [11, 132],
  [13, 149],
  [15, 167],
  [17, 186],
  [19, 206],
  [21, 227],
] as const;

const PAGODA_X = 346;

/** One storey: eaves that turn up at the ends, and the wall below. */
function storey([half, y]: readonly [number, number], height: number): string {
  const eaves = `M${PAGODA_X - half - 9} ${y - 3}Q${PAGODA_X - half} ${y + 2} ${PAGODA_X - half + 3} ${y - 4}H${PAGODA_X + half - 3}Q${PAGODA_X + half} ${y + 2} ${PAGODA_X + half + 9} ${y - 3}L${PAGODA_X + half} ${y + 4}H${PAGODA_X - half}Z`;
  const wall = `M${PAGODA_X - half + 2} ${y + 4}h${2 * half - 4}v${height}h${4 - 2 * half}Z`;
  return eaves + wall;
}

export function Scenery(): JSX.Element {
  return (
    <svg class="scenery" viewBox="0 0 1080 360" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
      <circle class="scenery__sun" cx="752" cy="104" r="46" />
      <path class="scenery__far" d="M0 214C110 182 210 172 300 200s150 44 240 10 160-66 250-30 190 70 290 22V360H0Z" />
      <path class="scenery__pagoda" d={`M${PAGODA_X} 84v24`} />
      <path
        class="scenery__pagoda scenery__pagoda--solid"
        d={`M${PAGODA_X - 12} 114 ${PAGODA_X} 98l12 16Z${STOREYS.map((one, n) => storey(one, (STOREYS[n + 1]?.[1] ?? 262) - one[1] - 6)).join('')}`}
      />
      <path class="scenery__near" d="M0 270C120 286 250 240 346 242s140 44 236 44 150-48 250-48 160 44 248 36V360H0Z" />
      <path class="scenery__bridge" d="M500 302c52-4 66-34 108-34s56 30 108 34h-84a24 22 0 0 0-48 0Z" />
      <path class="scenery__water" d="M0 300H1080V360H0Z" />
      <path class="scenery__ripple" d="M60 322h150M300 340h190M620 322h110M820 340h180" />
    </svg>
  );
}
