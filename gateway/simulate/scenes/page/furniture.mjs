import { LEAVES, LEAVES_RED, tile } from './atlas.mjs';
import { cross, normalize, pick, sub } from './math.mjs';

/** A street tree: a forked trunk and some hundred cards of leaves, lit as if the crown were a ball. */
export function tree(m, x, y, rnd, { height = 6 + rnd() * 2.5, crown = 2.4 + rnd() * 1, flowers = false } = {}) {
  m.paint([104, 88, 72]).capsule([x, y, 0], [x + 0.1, y, height - crown * 0.8], 0.2, 0.13);
  m.paint([225, 222, 214]).capsule([x, y, 0.02], [x, y, 1.0], 0.21, 0.19, { caps: false });
  for (let i = 0; i < 5; i++) {
    const t = rnd() * 7;
    m.paint([96, 82, 68]).capsule(
      [x + 0.1, y, height - crown * 0.9],
      [x + Math.cos(t) * crown * 0.6, y + Math.sin(t) * crown * 0.6, height + rnd() * crown * 0.4],
      0.09,
      0.04,
      { around: 5 },
    );
  }
  const cards = Math.round(70 * crown);
  for (let i = 0; i < cards; i++) {
    const t = rnd() * 2 * Math.PI,
      s = rnd() * 1.9 - 0.9,
      r = Math.cbrt(0.25 + 0.75 * rnd()),
      c = Math.sqrt(1 - Math.min(1, s * s));
    const n = [Math.cos(t) * c, Math.sin(t) * c, Math.max(-0.9, s)];
    const p = [x + n[0] * r * crown, y + n[1] * r * crown, height + n[2] * r * crown * 0.72];
    const shade = 0.5 + 0.5 * r * (0.7 + 0.3 * n[2]),
      size = 0.55 + rnd() * 0.35;
    m.paint([255 * shade, 255 * shade, 250 * shade]);
    card(m, p, size, rnd, n, tile(flowers && rnd() < 0.6 ? LEAVES_RED : pick(rnd, LEAVES)));
  }
}

function card(m, p, size, rnd, normal, [u0, v0, u1, v1]) {
  const a = rnd() * 7,
    b = rnd() * 7;
  const across = [Math.cos(a) * size, Math.sin(a) * size, (rnd() - 0.5) * size];
  const up = [Math.cos(b) * size * 0.5, Math.sin(b) * size * 0.5, size * 0.9];
  const corner = (i, j) => p.map((v, k) => v + across[k] * i + up[k] * j);
  const n = [normal[0] * 0.8, normal[1] * 0.8, normal[2] * 0.6 + 0.5];
  m.triangle(
    corner(-1, -1),
    corner(1, -1),
    corner(1, 1),
    [n, n, n],
    [
      [u0, v1],
      [u1, v1],
      [u1, v0],
    ],
  );
  m.triangle(
    corner(-1, -1),
    corner(1, 1),
    corner(-1, 1),
    [n, n, n],
    [
      [u0, v1],
      [u1, v0],
      [u0, v0],
    ],
  );
}

/** A lamp post whose arm reaches towards [dx, dy]; returns where its light is. */
export function lampPost(m, x, y, [dx, dy], height = 8.6) {
  m.paint([120, 124, 128]).capsule([x, y, 0], [x, y, height], 0.11, 0.06, { around: 8, caps: false });
  m.capsule([x, y, 0], [x, y, 0.9], 0.17, 0.15, { around: 8 });
  const reach = 2.2,
    tip = [x + dx * reach, y + dy * reach, height + 0.35];
  m.capsule([x, y, height - 0.2], tip, 0.05, 0.045, { around: 6 });
  m.paint([176, 180, 184]).capsule(
    [tip[0] - dx * 0.4, tip[1] - dy * 0.4, tip[2]],
    [tip[0] + dx * 0.4, tip[1] + dy * 0.4, tip[2] + 0.04],
    0.13,
    0.09,
    { around: 8 },
  );
  m.paint([255, 226, 176], { emission: 0.9 }).capsule(
    [tip[0] - dx * 0.3, tip[1] - dy * 0.3, tip[2] - 0.08],
    [tip[0] + dx * 0.3, tip[1] + dy * 0.3, tip[2] - 0.06],
    0.08,
    0.08,
    { around: 6 },
  );
  return [tip[0], tip[1], tip[2] - 0.1];
}

/** A concrete pole with cross arms, boxes and coils of spare cable; returns the points where cables hang. */
export function cablePole(m, x, y, rnd, height = 8) {
  m.paint([168, 164, 156]).capsule([x, y, 0], [x, y, height], 0.19, 0.13, { around: 8, caps: false });
  m.paint([110, 108, 104]).box([x - 0.9, y - 0.06, height - 0.7], [x + 0.9, y + 0.06, height - 0.58]);
  m.box([x - 0.06, y - 0.9, height - 1.5], [x + 0.06, y + 0.9, height - 1.38]);
  m.paint([206, 208, 206]).box([x - 0.28, y - 0.3, 3.2], [x + 0.28, y - 0.12, 4.1]);
  m.paint([40, 40, 42]);
  for (let i = 0; i < 2; i++) {
    const z = height - 2 - i * 0.5,
      r = 0.38 + rnd() * 0.12;
    for (let k = 0; k < 12; k++) {
      const on = (j) => [x + r * Math.cos((j / 12) * 6.283), y - 0.2, z + r * Math.sin((j / 12) * 6.283)];
      m.capsule(on(k), on(k + 1), 0.04, 0.04, { around: 4, caps: false });
    }
  }
  return [-0.8, -0.4, 0, 0.4, 0.8].map((o, i) => [x + o * 0.5, y + o * 0.5, height - 0.55 - (i % 3) * 0.45]);
}

export function cable(m, a, b, sag, thick = 0.022) {
  m.paint([34, 34, 36]);
  const at = (t) => a.map((v, k) => v + (b[k] - v) * t - (k === 2 ? sag * 4 * t * (1 - t) : 0));
  for (let i = 0; i < 12; i++) m.capsule(at(i / 12), at((i + 1) / 12), thick, thick, { around: 4, caps: false });
}

/** The static part of a traffic signal: a post, an arm over the road for the big ones, black heads. Heads face `toward`. */
export function signalPost(m, x, y, [fx, fy], [ax, ay], reach) {
  m.paint([96, 102, 104]).capsule([x, y, 0], [x, y, reach ? 6.1 : 4.4], 0.11, 0.09, { around: 8 });
  const heads = [[x + fx * 0.22, y + fy * 0.22, 3.3]];
  if (reach) {
    const tip = [x + ax * reach, y + ay * reach, 6.2];
    m.capsule([x, y, 5.9], tip, 0.07, 0.05, { around: 6 });
    heads.push([tip[0] + fx * 0.16, tip[1] + fy * 0.16, 5.35]);
  }
  for (const [hx, hy, hz] of heads) {
    const w = Math.abs(fx) > 0.5 ? [0.12, 0.21] : [0.21, 0.12];
    m.paint([26, 28, 30]).box(
      [hx - w[0] - fx * 0.1, hy - w[1] - fy * 0.1, hz - 0.06],
      [hx + w[0] - fx * 0.1, hy + w[1] - fy * 0.1, hz + 1.72],
      { bottom: true },
    );
  }
  return heads;
}

export function parasol(m, x, y, color) {
  m.paint([130, 130, 130]).capsule([x, y, 0], [x, y, 2.5], 0.03, 0.03, { around: 5, caps: false });
  for (let i = 0; i < 8; i++) {
    m.paint(i % 2 ? color : [236, 232, 222]);
    const on = (k) => [x + 1.5 * Math.cos((k / 8) * 6.283), y + 1.5 * Math.sin((k / 8) * 6.283), 2.05];
    m.triangle(on(i), on(i + 1), [x, y, 2.6]);
    m.triangle(on(i + 1), on(i), [x, y, 2.45]);
  }
}

/** Plastic stools around a low table, as on every pavement. */
export function stools(m, x, y, rnd) {
  const color = pick(rnd, [
    [200, 40, 40],
    [40, 90, 170],
    [40, 130, 80],
  ]);
  m.paint(color).box([x - 0.35, y - 0.35, 0.42], [x + 0.35, y + 0.35, 0.48], { bottom: true });
  for (const [dx, dy] of [
    [-0.7, 0],
    [0.7, 0.1],
    [0.1, 0.7],
    [0, -0.7],
  ])
    m.box([x + dx - 0.15, y + dy - 0.15, 0], [x + dx + 0.15, y + dy + 0.15, 0.28]);
}

export function planter(m, x0, y0, x1, y1, rnd) {
  m.paint([176, 172, 164]).box([x0, y0, 0], [x1, y1, 0.32]);
  const long = Math.hypot(x1 - x0, y1 - y0),
    count = Math.ceil(long / 0.5);
  for (let i = 0; i < count; i++) {
    const t = (i + 0.5) / count,
      along = x1 - x0 > y1 - y0;
    const p = along ? [x0 + (x1 - x0) * t, (y0 + y1) / 2, 0.42] : [(x0 + x1) / 2, y0 + (y1 - y0) * t, 0.42];
    m.paint(
      rnd() < 0.25
        ? pick(rnd, [
            [220, 70, 90],
            [240, 190, 60],
            [236, 120, 170],
          ])
        : [60 + rnd() * 40, 104 + rnd() * 40, 52],
    );
    m.ellipsoid(p, [0.32, 0.32, 0.3 + rnd() * 0.15], { around: 7, rings: 4 });
  }
}

/** The national flag as a cloth with two sides: from a corner along `across` and down along `down`. */
function cloth(m, corner, across, down) {
  const at = (i, j, lift = 0) => corner.map((v, k) => v + across[k] * i + down[k] * j + normal[k] * lift);
  const normal = normalize(cross(down, across));
  const star = (k, r) => [0.5 + (Math.sin((k / 10) * 2 * Math.PI) * r * 2) / 3, 0.5 - Math.cos((k / 10) * 2 * Math.PI) * r];
  for (const side of [1, -1]) {
    const put = (a, b, c) => (side > 0 ? m.triangle(a, b, c) : m.triangle(a, c, b));
    m.paint([214, 24, 28]);
    put(at(0, 1), at(1, 1), at(1, 0));
    put(at(0, 1), at(1, 0), at(0, 0));
    m.paint([255, 222, 50]);
    for (let i = 0; i < 5; i++) {
      const [tip, left, right] = [star(i * 2, 0.3), star(i * 2 - 1, 0.12), star(i * 2 + 1, 0.12)].map(([x, y]) => at(x, y, side * 0.012));
      const middle = at(0.5, 0.5, side * 0.012);
      put(middle, tip, left);
      put(middle, right, tip);
    }
  }
}

export function flag(m, x, y, height, size = 1) {
  m.paint([190, 190, 186]).capsule([x, y, 0], [x, y, height], 0.05, 0.04, { around: 6 });
  cloth(m, [x, y, height - 0.1], [1.2 * size, -0.9 * size, -0.1], [0, 0, -size]);
}

/** A small flag on a slanted pole, as houses put out; `at` is the frame of the house. */
export function houseFlag(m, at, u) {
  m.paint([200, 190, 170]).capsule(at(u, 0.05, 4.0), at(u, 1.35, 5.1), 0.025, 0.02, { around: 5 });
  const near = at(u, 0.45, 4.36),
    far = at(u + 0.15, 1.3, 5.04);
  cloth(m, near, sub(far, near), [0, 0, -0.72]);
}

/** A row of pots with plants along a wall. */
export function pots(m, at, u, count, rnd) {
  for (let i = 0; i < count; i++) {
    const [x, y] = at(u + i * 0.5, 0.3 + rnd() * 0.12),
      high = 0.25 + rnd() * 0.15;
    m.paint(
      pick(rnd, [
        [150, 84, 58],
        [200, 196, 186],
        [96, 108, 120],
      ]),
    ).capsule([x, y, 0], [x, y, high], 0.13, 0.18, { around: 8, caps: false });
    m.paint([50 + rnd() * 50, 100 + rnd() * 50, 46]);
    for (let k = 0; k < 4; k++)
      m.ellipsoid([x + (rnd() - 0.5) * 0.25, y + (rnd() - 0.5) * 0.25, high + 0.15 + rnd() * 0.35], [0.16, 0.16, 0.2], {
        around: 7,
        rings: 4,
      });
  }
}

/** Washing on a bar under a balcony. */
export function washing(m, at, u, z, rnd) {
  m.paint([180, 182, 184]).capsule(at(u, 0.6, z), at(u + 2, 0.6, z), 0.02, 0.02, { around: 4 });
  for (let i = 0; i < 5; i++) {
    const a = u + 0.1 + i * 0.38,
      w = 0.26 + rnd() * 0.08,
      h = 0.45 + rnd() * 0.3;
    m.paint(
      pick(rnd, [
        [230, 230, 226],
        [190, 90, 90],
        [90, 130, 180],
        [230, 200, 120],
        [120, 160, 130],
        [60, 64, 76],
      ]),
    );
    m.quad(at(a, 0.6, z - h), at(a + w, 0.6, z - h), at(a + w, 0.6, z), at(a, 0.6, z));
    m.quad(at(a + w, 0.59, z - h), at(a, 0.59, z - h), at(a, 0.59, z), at(a + w, 0.59, z));
  }
}
