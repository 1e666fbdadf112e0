// An arm is named by the side of the junction it lies on; its heading is that of who drives in.
export const ARMS = {
  S: { heading: [0, 1], road: 'ns', across: 'ew' },
  N: { heading: [0, -1], road: 'ns', across: 'ew' },
  W: { heading: [1, 0], road: 'ew', across: 'ns' },
  E: { heading: [-1, 0], road: 'ew', across: 'ns' },
};

export const rightOf = ([x, y]) => [y, -x];
export const leftOf = ([x, y]) => [-y, x];
const named = (heading) => Object.keys(ARMS).find((arm) => ARMS[arm].heading[0] === heading[0] && ARMS[arm].heading[1] === heading[1]);

/** The arm through which one leaves who drives with this heading. */
export const exitArm = ([x, y]) => named([-x || 0, -y || 0]);

/** The zebra of an arm: from `near` to `far` metres from the junction's centre; the stop line lies behind it. */
export function crossingOf(scene, arm) {
  const road = scene.roads[ARMS[arm].road],
    across = scene.roads[ARMS[arm].across];
  const near = (across?.half ?? 0) + 2.6;
  return { road, near, far: near + 3.4, stop: near + 4.4 };
}

/** The point u metres along `heading` past the centre and l metres to the right of the middle of the road. */
export function pointAt(heading, u, l) {
  const right = rightOf(heading);
  return [heading[0] * u + right[0] * l, heading[1] * u + right[1] * l];
}
