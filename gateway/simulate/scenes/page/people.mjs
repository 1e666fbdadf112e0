import { ARMS, crossingOf, pointAt } from './layout.mjs';
import { mix, pick, random } from './math.mjs';
import { Mesh } from './mesh.mjs';
import { PERIOD } from './traffic.mjs';
import { SLOT } from './vehicles.mjs';

export const HIP = 0.86,
  SHOULDER = 1.38;
const WHITE = [255, 255, 255],
  SKIN = [196, 148, 116];

/** A person in parts, so that limbs can swing: torso with head, one leg, one arm. */
export function personParts(hat) {
  const torso = new Mesh(),
    leg = new Mesh(),
    arm = new Mesh();
  torso.paint(WHITE, { slot: SLOT.shirt }).ellipsoid([0, 0, 1.14], [0.2, 0.13, 0.33]);
  torso.ellipsoid([0, 0, 1.36], [0.22, 0.11, 0.1]);
  torso.paint(WHITE, { slot: SLOT.trousers }).ellipsoid([0, 0, 0.88], [0.17, 0.13, 0.14]);
  torso.paint(SKIN).capsule([0, 0, 1.4], [0, 0.01, 1.5], 0.055, 0.05, { around: 6 });
  torso.ellipsoid([0, 0.02, 1.58], [0.085, 0.1, 0.12]);
  if (hat) {
    torso.paint([226, 206, 156]);
    for (let i = 0; i < 14; i++) {
      const on = (k) => [0.28 * Math.cos((k / 14) * 6.2832), 0.28 * Math.sin((k / 14) * 6.2832), 1.6];
      torso.triangle(on(i), on(i + 1), [0, 0, 1.8]);
    }
  } else torso.paint([28, 24, 22]).ellipsoid([0, -0.015, 1.615], [0.098, 0.112, 0.11], { from: -0.2 });
  leg.paint(WHITE, { slot: SLOT.trousers }).capsule([0, 0, HIP], [0, 0.02, 0.46], 0.085, 0.065, { around: 7 });
  leg.capsule([0, 0.02, 0.46], [0, 0, 0.08], 0.062, 0.045, { around: 7 });
  leg.paint([40, 36, 34]).capsule([0, -0.04, 0.05], [0, 0.14, 0.04], 0.05, 0.04, { around: 6 });
  arm.paint(WHITE, { slot: SLOT.shirt }).capsule([0, 0, SHOULDER], [0, -0.02, 1.12], 0.055, 0.048, { around: 6 });
  arm.paint(SKIN).capsule([0, -0.02, 1.12], [0, 0.06, 0.86], 0.042, 0.038, { around: 6 });
  return { torso, leg, arm };
}

/** A walker: legs of a journey in time. Several copies of it, a period apart, are on the way at once. */
function journey(points, speed, start, look, waits = {}) {
  const legs = [];
  let time = 0;
  points.forEach((p, i) => {
    if (i) time += Math.hypot(p[0] - points[i - 1][0], p[1] - points[i - 1][1]) / speed;
    legs.push({ p, time });
    if (waits[i] !== undefined) {
      // The wait ends when the clock, modulo the period, shows the moment asked for.
      time += (((waits[i] - start - time) % PERIOD) + PERIOD) % PERIOD;
      legs.push({ p, time });
    }
  });
  return { legs, speed, start, look, lasts: time };
}

export function walkersOf(scene) {
  const rnd = random(scene.seed * 17 + 3),
    walkers = [];
  const look = () => Math.floor(rnd() * 1e9),
    speed = () => 1.25 + rnd() * 0.35;
  for (const [arm, count] of Object.entries(scene.walkers?.crossing ?? {}))
    for (let i = 0; i < count; i++) walkers.push(crossing(scene, arm, i % 2 ? 1 : -1, speed() + 0.15, rnd, look()));
  for (const { from, to, count } of scene.walkers?.strolls ?? [])
    for (let i = 0; i < count; i++) {
      const a = from.map((p) => [p[0] + (rnd() - 0.5) * 0.5, p[1] + (rnd() - 0.5) * 0.5]);
      const b = to.map((p) => [p[0] + (rnd() - 0.5) * 0.5, p[1] + (rnd() - 0.5) * 0.5]);
      const points = [...a, ...b];
      walkers.push(journey(i % 2 ? points.reverse() : points, speed(), rnd() * PERIOD, look()));
    }
  return walkers;
}

/**
 * Out of a door, to the kerb, across, into a door. The half of the road that drives in is free while its light is red;
 * the other half only when the last who passed the junction are through, and for as long as the first of the next green
 * need to get there. A narrow road is crossed at once, from the half that is free first; a wide one by way of its island.
 */
function crossing(scene, arm, side, speed, rnd, look) {
  const { heading, road: phase } = ARMS[arm],
    { road, near, far } = crossingOf(scene, arm);
  const [from, to] = scene.signals[phase],
    late = rnd() * 0.5;
  const u = -mix(near + 0.5, far - 0.5, rnd()),
    edge = road.half + 0.4,
    wall = road.half + scene.walk + 0.9;
  if (!road.median) side = 1;
  const doors = (s) => {
    const d = u - 1 - rnd() * 9;
    return [pointAt(heading, d, s * wall), pointAt(heading, d, s * (edge + 1 + rnd() * 1.8))];
  };
  const [inside, pavement] = doors(side),
    [outside, other] = doors(-side);
  const kerb = pointAt(heading, u, side * edge),
    island = pointAt(heading, u, 0),
    end = pointAt(heading, u, -side * edge);
  const approach = to + 1.4 + late,
    leaving = to + 4.6;
  if (!road.median)
    return journey([inside, pavement, kerb, end, other, outside], Math.min(speed, 1.5), rnd() * PERIOD, look, { 2: approach });
  const brisk = Math.max(speed, edge / (from + PERIOD + 2.7 - leaving));
  const waits = side > 0 ? { 2: approach, 3: leaving } : { 2: leaving, 3: approach };
  return journey([inside, pavement, kerb, island, end, other, outside], brisk, rnd() * PERIOD, look, waits);
}

/** Who walks where at a time: {x, y, heading, moving, stride, look}. */
export function peopleAt(walkers, time) {
  const out = [];
  for (const w of walkers)
    for (let since = (((time - w.start) % PERIOD) + PERIOD) % PERIOD; since < w.lasts; since += PERIOD) {
      let i = 1;
      while (i < w.legs.length - 1 && w.legs[i].time <= since) i++;
      const a = w.legs[i - 1],
        b = w.legs[i],
        t = (since - a.time) / (b.time - a.time || 1);
      const moving = a.p !== b.p,
        ahead = moving ? b : (w.legs[i + 1] ?? b);
      out.push({
        x: mix(a.p[0], b.p[0], t),
        y: mix(a.p[1], b.p[1], t),
        heading: Math.atan2(ahead.p[1] - a.p[1], ahead.p[0] - a.p[0]),
        moving,
        stride: since * w.speed * 4.4,
        look: w.look,
      });
    }
  return out;
}

const SHIRTS = [
  [0.92, 0.92, 0.9],
  [0.55, 0.68, 0.85],
  [0.75, 0.28, 0.26],
  [0.3, 0.36, 0.45],
  [0.9, 0.78, 0.5],
  [0.45, 0.62, 0.5],
  [0.85, 0.6, 0.66],
  [0.2, 0.22, 0.26],
];
const TROUSERS = [
  [0.16, 0.18, 0.24],
  [0.12, 0.12, 0.14],
  [0.3, 0.34, 0.42],
  [0.42, 0.38, 0.32],
  [0.22, 0.26, 0.36],
];
const HELMETS = [
  [0.86, 0.2, 0.16],
  [0.94, 0.94, 0.94],
  [0.16, 0.2, 0.3],
  [0.92, 0.72, 0.2],
  [0.4, 0.66, 0.82],
  [0.9, 0.56, 0.66],
  [0.12, 0.12, 0.13],
  [0.3, 0.5, 0.36],
];
const BIKES = [
  [0.62, 0.1, 0.1],
  [0.12, 0.2, 0.42],
  [0.14, 0.14, 0.15],
  [0.85, 0.85, 0.86],
  [0.12, 0.34, 0.3],
  [0.5, 0.52, 0.55],
  [0.7, 0.66, 0.55],
];
const CARS = [
  [0.86, 0.87, 0.89],
  [0.1, 0.11, 0.13],
  [0.6, 0.08, 0.1],
  [0.9, 0.9, 0.89],
  [0.2, 0.3, 0.5],
  [0.48, 0.5, 0.53],
  [0.36, 0.3, 0.26],
];
const COURIERS = [
  [0.05, 0.62, 0.32],
  [0.95, 0.45, 0.1],
  [0.85, 0.12, 0.14],
];

/** The eight palette colours of a vehicle or person, from its look number. */
export function paletteOf(kind, look) {
  const rnd = random(look),
    one = [1, 1, 1];
  const palette = [one, pick(rnd, BIKES), pick(rnd, SHIRTS), pick(rnd, HELMETS), pick(rnd, TROUSERS), one, one, pick(rnd, SHIRTS)];
  if (['sedan', 'suv'].includes(kind)) palette[1] = pick(rnd, CARS);
  if (kind === 'taxi')
    [palette[1], palette[7]] = pick(rnd, [
      [
        [0.95, 0.95, 0.94],
        [0.05, 0.5, 0.28],
      ],
      [
        [0.06, 0.55, 0.36],
        [0.95, 0.95, 0.9],
      ],
      [
        [0.95, 0.74, 0.1],
        [0.1, 0.1, 0.12],
      ],
    ]);
  if (kind === 'bus')
    [palette[1], palette[7]] = pick(rnd, [
      [
        [0.9, 0.24, 0.16],
        [0.98, 0.8, 0.2],
      ],
      [
        [0.2, 0.52, 0.3],
        [0.95, 0.95, 0.9],
      ],
      [
        [0.95, 0.95, 0.95],
        [0.12, 0.36, 0.68],
      ],
    ]);
  if (kind === 'truck')
    [palette[1], palette[7]] = pick(rnd, [
      [
        [0.16, 0.34, 0.6],
        [0.8, 0.8, 0.78],
      ],
      [
        [0.9, 0.9, 0.9],
        [0.3, 0.42, 0.5],
      ],
      [
        [0.2, 0.44, 0.34],
        [0.66, 0.6, 0.48],
      ],
    ]);
  if (kind === 'courier') palette[2] = palette[7] = palette[3] = pick(rnd, COURIERS);
  return palette;
}
