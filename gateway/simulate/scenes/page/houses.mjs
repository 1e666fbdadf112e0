import { FLOORS, PLAIN_WALL, ROOF_TILES, SHOPS, SIGN_COUNT, signRect, tile } from './atlas.mjs';
import { houseFlag, washing } from './furniture.mjs';
import { pick } from './math.mjs';

const WALLS = [
  [240, 206, 128],
  [226, 224, 214],
  [172, 206, 194],
  [238, 178, 136],
  [206, 186, 158],
  [168, 196, 218],
  [244, 232, 196],
  [214, 160, 128],
  [230, 190, 190],
  [178, 192, 160],
  [250, 222, 126],
  [196, 110, 84],
  [128, 168, 176],
];
const AWNINGS = [
  [186, 44, 40],
  [38, 96, 150],
  [40, 122, 82],
  [220, 150, 40],
  [120, 124, 128],
  [150, 60, 96],
];

export const DEEP = 12;
const GROUND = 3.7,
  STOREY = 3.1;

/**
 * A frame puts a house on a street: at(u, v, z) is u metres along the front, v metres out of the facade towards the
 * street, z up. Turning the u axis keeps quads facing outwards on every side of the junction.
 */
export function frameOf(origin, along, out) {
  return (u, v, z) => [origin[0] + along[0] * u + out[0] * v, origin[1] + along[1] * u + out[1] * v, z];
}

export const block = (m, at, u0, u1, v0, v1, z0, z1) => {
  m.quad(at(u0, v1, z0), at(u1, v1, z0), at(u1, v1, z1), at(u0, v1, z1));
  m.quad(at(u0, v0, z0), at(u0, v1, z0), at(u0, v1, z1), at(u0, v0, z1));
  m.quad(at(u1, v1, z0), at(u1, v0, z0), at(u1, v0, z1), at(u1, v1, z1));
  m.quad(at(u0, v1, z1), at(u1, v1, z1), at(u1, v0, z1), at(u0, v0, z1));
  m.quad(at(u0, v0, z0), at(u1, v0, z0), at(u1, v1, z0), at(u0, v1, z0));
};

/** The walls that no street sees, and the flat roof. */
function shell(m, at, wide, deep, floors, tint) {
  const top = GROUND + floors * STOREY,
    rect = tile(PLAIN_WALL);
  m.paint(tint.map((c) => c * 0.94));
  for (let z = 0; z < top; z += STOREY) {
    const z1 = Math.min(top, z + STOREY);
    m.quad(at(0, -deep, z), at(0, 0, z), at(0, 0, z1), at(0, -deep, z1), rect);
    m.quad(at(wide, 0, z), at(wide, -deep, z), at(wide, -deep, z1), at(wide, 0, z1), rect);
    m.quad(at(wide, -deep, z), at(0, -deep, z), at(0, -deep, z1), at(wide, -deep, z1), rect);
  }
  m.paint([150, 146, 138]).quad(at(0, 0, top), at(wide, 0, top), at(wide, -deep, top), at(0, -deep, top));
  m.paint(tint);
  block(m, at, 0, 0.2, -deep, 0, top, top + 0.8);
  block(m, at, wide - 0.2, wide, -deep, 0, top, top + 0.8);
}

/** What a house shows to one street: storeys, balconies and the shop. */
function front(m, at, wide, rnd, { floors, tint, shops, flags = 0, laundry = 0 }) {
  const style = tile(pick(rnd, FLOORS)),
    other = tile(pick(rnd, FLOORS));
  for (let f = 0; f < floors; f++) {
    const z = GROUND + f * STOREY;
    m.paint(tint, { gloss: 0.05 }).quad(
      at(0, 0, z),
      at(wide, 0, z),
      at(wide, 0, z + STOREY),
      at(0, 0, z + STOREY),
      rnd() < 0.35 ? other : style,
    );
    m.paint(tint.map((c) => Math.min(255, c * 1.06)));
    if (rnd() < 0.6) balcony(m, at, wide, z, tint, rnd);
    else block(m, at, 0, wide, 0, 0.18, z - 0.12, z + 0.08);
  }
  m.paint([255, 255, 255]).quad(at(0, 0, 0), at(wide, 0, 0), at(wide, 0, GROUND), at(0, 0, GROUND), shops ? tile(pick(rnd, SHOPS)) : style);
  if (shops) shopFront(m, at, wide, rnd, GROUND);
  if (rnd() < flags) houseFlag(m, at, 0.5 + rnd() * (wide - 1));
  if (rnd() < laundry) washing(m, at, 0.6, GROUND + STOREY * 0.72, rnd);
  m.paint(tint);
  const top = GROUND + floors * STOREY;
  block(m, at, 0, wide, -0.2, 0.06, top, top + 0.8);
}

/** The room a house takes, for what it hides: {low: [x, y], high: [x, y], top}. */
function footprint(at, wide, floors) {
  const [a, b] = [at(0, 0, 0), at(wide, -DEEP, 0)];
  return { low: [0, 1].map((k) => Math.min(a[k], b[k])), high: [0, 1].map((k) => Math.max(a[k], b[k])), top: GROUND + floors * STOREY };
}

/** A tube house: a shop below, narrow storeys with balconies above, a tank or a tiled attic on the roof. */
export function tubeHouse(m, at, wide, rnd, { floors, shops, flags, laundry }) {
  const tint = pick(rnd, WALLS);
  shell(m, at, wide, DEEP, floors, tint);
  front(m, at, wide, rnd, { floors, tint, shops, flags, laundry });
  roofThings(m, at, wide, DEEP, GROUND + floors * STOREY, rnd);
  return footprint(at, wide, floors);
}

/** The house on a corner shows fronts to both streets; `side` is the frame of the second one. */
export function cornerHouse(m, at, side, rnd, { flags }) {
  const floors = 3 + Math.floor(rnd() * 3),
    tint = pick(rnd, WALLS);
  shell(m, at, DEEP, DEEP, floors, tint);
  for (const frame of [at, side])
    for (let i = 0; i < 3; i++)
      front(m, (u, v, z) => frame(u + i * (DEEP / 3), v + 0.02, z), DEEP / 3, rnd, { floors, tint, shops: true, flags });
  roofThings(m, at, DEEP, DEEP, GROUND + floors * STOREY, rnd);
  return footprint(at, DEEP, floors);
}

function shopFront(m, at, wide, rnd, ground) {
  const rect = signRect(Math.floor(rnd() * SIGN_COUNT));
  m.paint([60, 60, 62]);
  block(m, at, 0.1, wide - 0.1, 0, 0.22, ground - 0.75, ground + 0.15);
  m.paint([255, 255, 255]).quad(
    at(0.14, 0.25, ground - 0.72),
    at(wide - 0.14, 0.25, ground - 0.72),
    at(wide - 0.14, 0.25, ground + 0.12),
    at(0.14, 0.25, ground + 0.12),
    rect,
  );
  if (rnd() < 0.55) {
    const color = pick(rnd, AWNINGS),
      reach = 1.3 + rnd() * 0.8,
      z = ground - 0.85;
    for (let i = 0; i < 8; i++) {
      const u0 = (wide * i) / 8,
        u1 = (wide * (i + 1)) / 8;
      m.paint(i % 2 && rnd() < 0.9 ? color : color.map((c) => Math.min(255, c + 60)));
      m.quad(at(u0, reach, z - 0.55), at(u1, reach, z - 0.55), at(u1, 0.1, z), at(u0, 0.1, z));
      m.quad(at(u0, reach, z - 0.8), at(u1, reach, z - 0.8), at(u1, reach, z - 0.55), at(u0, reach, z - 0.55));
    }
  }
  if (rnd() < 0.5) {
    const blade = signRect(Math.floor(rnd() * SIGN_COUNT)),
      u = wide - 0.15,
      z = ground + 0.7;
    m.paint([255, 255, 255]);
    m.quad(at(u, 0.1, z), at(u, 1.5, z), at(u, 1.5, z + 0.75), at(u, 0.1, z + 0.75), blade);
    m.quad(at(u + 0.02, 1.5, z), at(u + 0.02, 0.1, z), at(u + 0.02, 0.1, z + 0.75), at(u + 0.02, 1.5, z + 0.75), blade);
  }
}

function balcony(m, at, wide, z, tint, rnd) {
  const reach = 0.9;
  block(m, at, 0.1, wide - 0.1, 0, reach, z - 0.16, z);
  const solid = rnd() < 0.35;
  if (solid) block(m, at, 0.1, wide - 0.1, reach - 0.1, reach, z, z + 0.85);
  else {
    m.paint(
      pick(rnd, [
        [70, 74, 76],
        [228, 226, 220],
        [104, 72, 52],
      ]),
    );
    for (let u = 0.15; u < wide - 0.1; u += 0.28) block(m, at, u, u + 0.05, reach - 0.07, reach - 0.02, z, z + 0.85);
    block(m, at, 0.1, wide - 0.1, reach - 0.09, reach, z + 0.85, z + 0.92);
  }
  for (let i = 0; i < 3; i++)
    if (rnd() < 0.5) {
      m.paint([70 + rnd() * 40, 110 + rnd() * 40, 60]);
      m.ellipsoid(at(0.5 + rnd() * (wide - 1), 0.45, z + 0.7), [0.3, 0.3, 0.36], { around: 8, rings: 5 });
    }
  m.paint(tint.map((c) => Math.min(255, c * 1.06)));
}

function roofThings(m, at, wide, deep, top, rnd) {
  const choice = rnd();
  if (choice < 0.35) {
    m.paint([206, 210, 214], { gloss: 0.5 }).capsule(at(wide * 0.35, -3, top + 1.1), at(wide * 0.7, -3, top + 1.1), 0.55, 0.55, {
      around: 10,
    });
    m.paint([90, 90, 92]);
    block(m, at, wide * 0.4, wide * 0.65, -3.4, -2.6, top, top + 0.6);
  } else if (choice < 0.7) {
    m.paint([205, 198, 180]);
    block(m, at, 0.4, wide - 0.4, -deep + 1, -4, top, top + 2.3);
    m.paint([255, 255, 255]);
    m.quad(
      at(0.1, -3.6, top + 2.2),
      at(wide - 0.1, -3.6, top + 2.2),
      at(wide - 0.1, -8, top + 3.4),
      at(0.1, -8, top + 3.4),
      tile(ROOF_TILES),
    );
  } else {
    m.paint([96, 128, 150]);
    m.quad(at(0, -1, top + 2.2), at(wide, -1, top + 2.2), at(wide, -7, top + 2.7), at(0, -7, top + 2.7));
    m.paint([80, 82, 84]);
    for (const u of [0.2, wide - 0.2]) block(m, at, u - 0.05, u + 0.05, -1.1, -1, top, top + 2.2);
  }
}
