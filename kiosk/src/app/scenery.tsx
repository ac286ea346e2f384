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
  const [left, right] = [PAGODA_X - half, PAGODA_X + half];
  const leftEaves = `M${left - 9} ${y - 3}Q${left} ${y + 2} ${left + 3} ${y - 4}`;
  const rightEaves = `H${right - 3}Q${right} ${y + 2} ${right + 9} ${y - 3}`;
  const wall = `M${left + 2} ${y + 4}H${right - 2}v${height}H${left + 2}Z`;
  return `${leftEaves}${rightEaves}L${right} ${y + 4}H${left}Z${wall}`;
}

/** The roof, and below it storey upon storey; the last stands behind the hill. */
const PAGODA = `M${PAGODA_X - 12} 114 ${PAGODA_X} 98l12 16Z`.concat(
  ...STOREYS.map((one, n) => storey(one, (STOREYS[n + 1]?.[1] ?? 262) - one[1] - 6)),
);

export function Scenery(): JSX.Element {
  return (
    <svg class="scenery" viewBox="0 0 1080 360" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
      <circle class="scenery__sun" cx="752" cy="104" r="46" />
      <path class="scenery__far" d="M0 214C110 182 210 172 300 200s150 44 240 10 160-66 250-30 190 70 290 22V360H0Z" />
      <path class="scenery__pagoda" d={`M${PAGODA_X} 84v24`} />
      <path class="scenery__pagoda scenery__pagoda--solid" d={PAGODA} />
      <path class="scenery__near" d="M0 270C120 286 250 240 346 242s140 44 236 44 150-48 250-48 160 44 248 36V360H0Z" />
      <path class="scenery__bridge" d="M500 302c52-4 66-34 108-34s56 30 108 34h-84a24 22 0 0 0-48 0Z" />
      <path class="scenery__water" d="M0 300H1080V360H0Z" />
      <path class="scenery__ripple" d="M60 322h150M300 340h190M620 322h110M820 340h180" />
    </svg>
  );
}
