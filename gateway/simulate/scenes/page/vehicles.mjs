import { Mesh } from './mesh.mjs';

// Palette slots: what one drawing of a model may colour. 0 keeps the model's own colour.
export const SLOT = { own: 0, body: 1, shirt: 2, helmet: 3, trousers: 4, headlight: 5, taillight: 6, second: 7 };
const DARK = [26, 27, 30],
  TYRE = [24, 24, 26],
  RUBBER = [42, 43, 46],
  STEEL = [150, 153, 158],
  SKIN = [196, 148, 116];
const GLASS = [26, 34, 42];
const WHITE = [255, 255, 255];

const body = (m) => m.paint(WHITE, { slot: SLOT.body, gloss: 0.55 });
const glass = (m) => m.paint(GLASS, { gloss: 0.95 });

function wheels(m, ys, x, radius, width) {
  for (const y of ys)
    for (const side of [-1, 1]) {
      m.paint(TYRE).wheel([side * x, y, radius], radius, width);
      m.paint([168, 171, 176], { gloss: 0.4 }).wheel([side * (x + 0.02), y, radius], radius * 0.58, width, 10);
    }
}

function lamps(m, front, rear, x, z, size) {
  for (const side of [-1, 1]) {
    m.paint([235, 238, 240], { slot: SLOT.headlight, gloss: 0.6 }).ellipsoid([side * x, front, z], [size, 0.1, size * 0.5], {
      around: 8,
      rings: 4,
    });
    m.paint([170, 24, 20], { slot: SLOT.taillight, gloss: 0.4 }).ellipsoid([side * x, rear, z + 0.1], [size * 0.8, 0.08, size * 0.55], {
      around: 8,
      rings: 4,
    });
  }
  m.paint([232, 232, 226]).box([-0.26, rear - 0.09, z - 0.12], [0.26, rear + 0.04, z + 0.02]);
  m.paint([232, 232, 226]).box([-0.24, front - 0.02, z - 0.28], [0.24, front + 0.09, z - 0.16]);
}

function mirrors(m, x, y, z) {
  for (const side of [-1, 1]) body(m).ellipsoid([side * x, y, z], [0.11, 0.07, 0.08], { around: 6, rings: 4 });
}

function pillars(m, list) {
  body(m);
  for (const [a, b] of list)
    for (const side of [-1, 1]) m.capsule([a[0] * side, a[1], a[2]], [b[0] * side, b[1], b[2]], 0.045, 0.045, { around: 5, caps: false });
}

function sedan(detail, taxi) {
  const m = new Mesh(detail);
  body(m).hull([
    [-2.2, 0.48, 0.86, 0.66, 0.6],
    [-2.1, 0.3, 0.98, 0.8, 0.72],
    [-1.6, 0.24, 1.0, 0.87, 0.8],
    [-0.4, 0.22, 0.97, 0.89, 0.84],
    [0.9, 0.22, 0.95, 0.89, 0.83],
    [1.7, 0.26, 0.86, 0.85, 0.76],
    [2.05, 0.32, 0.76, 0.76, 0.66],
    [2.2, 0.42, 0.62, 0.6, 0.5],
  ]);
  glass(m).hull(
    [
      [-1.85, 0.92, 0.97, 0.72, 0.66],
      [-1.2, 0.92, 1.36, 0.8, 0.6],
      [-0.4, 0.92, 1.44, 0.82, 0.64],
      [0.3, 0.92, 1.41, 0.82, 0.62],
      [1.15, 0.9, 0.95, 0.74, 0.68],
    ],
    0.1,
  );
  body(m).hull(
    [
      [-1.2, 1.34, 1.38, 0.56, 0.5],
      [-0.9, 1.37, 1.45, 0.62, 0.54],
      [-0.2, 1.4, 1.48, 0.64, 0.56],
      [0.2, 1.38, 1.45, 0.62, 0.54],
      [0.4, 1.35, 1.38, 0.56, 0.5],
    ],
    0.05,
  );
  pillars(m, [
    [
      [0.74, 1.1, 0.94],
      [0.6, 0.32, 1.4],
    ],
    [
      [0.84, -0.42, 0.94],
      [0.63, -0.42, 1.42],
    ],
    [
      [0.74, -1.8, 0.95],
      [0.57, -1.15, 1.37],
    ],
  ]);
  m.paint(DARK).hull(
    [
      [2.0, 0.3, 0.48, 0.62, 0.6],
      [2.17, 0.33, 0.46, 0.55, 0.52],
    ],
    0.05,
  );
  wheels(m, [-1.35, 1.33], 0.8, 0.32, 0.2);
  lamps(m, 2.1, -2.16, 0.62, 0.68, 0.2);
  mirrors(m, 0.93, 0.72, 0.98);
  if (taxi) {
    m.paint([250, 246, 220], { emission: 0.5 }).box([-0.28, -0.3, 1.46], [0.28, -0.1, 1.62]);
    m.paint(WHITE, { slot: SLOT.second, gloss: 0.4 });
    for (const side of [-1, 1]) m.box([side * 0.9 - 0.012, -1.4, 0.58], [side * 0.9 + 0.012, 1.2, 0.78]);
  }
  return m;
}

function suv(detail) {
  const m = new Mesh(detail);
  body(m).hull([
    [-2.25, 0.5, 1.05, 0.7, 0.66],
    [-2.12, 0.36, 1.1, 0.86, 0.78],
    [-1.5, 0.3, 1.1, 0.92, 0.86],
    [0.9, 0.3, 1.08, 0.92, 0.86],
    [1.8, 0.34, 0.98, 0.88, 0.78],
    [2.2, 0.42, 0.86, 0.74, 0.64],
  ]);
  glass(m).hull(
    [
      [-2.1, 1.02, 1.2, 0.76, 0.7],
      [-1.85, 1.02, 1.58, 0.82, 0.66],
      [-0.4, 1.02, 1.68, 0.84, 0.7],
      [0.4, 1.02, 1.62, 0.84, 0.68],
      [1.15, 1.0, 1.08, 0.78, 0.72],
    ],
    0.1,
  );
  body(m).hull(
    [
      [-2.0, 1.54, 1.6, 0.62, 0.58],
      [-1.7, 1.58, 1.7, 0.68, 0.6],
      [-0.3, 1.64, 1.74, 0.7, 0.62],
      [0.3, 1.6, 1.68, 0.68, 0.6],
      [0.5, 1.56, 1.6, 0.62, 0.56],
    ],
    0.06,
  );
  pillars(m, [
    [
      [0.78, 1.1, 1.06],
      [0.66, 0.42, 1.6],
    ],
    [
      [0.86, -0.4, 1.06],
      [0.69, -0.4, 1.66],
    ],
    [
      [0.8, -2.05, 1.06],
      [0.66, -1.85, 1.58],
    ],
  ]);
  m.paint(DARK).hull(
    [
      [2.1, 0.36, 0.6, 0.66, 0.64],
      [2.25, 0.4, 0.56, 0.56, 0.54],
    ],
    0.05,
  );
  wheels(m, [-1.4, 1.4], 0.83, 0.36, 0.22);
  lamps(m, 2.14, -2.2, 0.66, 0.8, 0.2);
  mirrors(m, 0.97, 0.72, 1.14);
  return m;
}

function truck(detail) {
  const m = new Mesh(detail);
  body(m).hull(
    [
      [1.2, 0.5, 2.2, 0.92, 0.86],
      [1.3, 0.42, 2.25, 0.95, 0.88],
      [2.3, 0.42, 2.2, 0.95, 0.84],
      [2.75, 0.42, 1.3, 0.93, 0.86],
      [2.85, 0.5, 1.1, 0.86, 0.78],
    ],
    0.12,
  );
  glass(m).quad([-0.82, 2.82, 1.28], [-0.74, 2.42, 2.05], [0.74, 2.42, 2.05], [0.82, 2.82, 1.28]);
  glass(m);
  for (const side of [-1, 1]) m.box([side * 0.93 - 0.03, 1.6, 1.3], [side * 0.93 + 0.03, 2.35, 1.95]);
  m.paint(WHITE, { slot: SLOT.second, gloss: 0.2 }).box([-1.02, -2.9, 0.85], [1.02, 1.1, 2.7]);
  m.paint(DARK).box([-0.7, -2.85, 0.5], [0.7, 1.2, 0.85]);
  m.paint([120, 122, 126]);
  for (let y = -2.7; y < 1; y += 0.55)
    for (const side of [-1, 1]) m.box([side * 1.03 - 0.02, y, 0.9], [side * 1.03 + 0.02, y + 0.06, 2.65]);
  wheels(m, [-1.8, 1.9], 0.86, 0.4, 0.26);
  lamps(m, 2.8, -2.92, 0.7, 0.72, 0.16);
  return m;
}

function bus(detail) {
  const m = new Mesh(detail),
    windows = (x, y0, y1) => glass(m).box([x - 0.02, y0, 1.25], [x + 0.02, y1, 2.3]);
  body(m).hull(
    [
      [-5.2, 0.6, 2.7, 1.1, 1.0],
      [-5.1, 0.38, 2.85, 1.2, 1.08],
      [5.0, 0.38, 2.85, 1.2, 1.08],
      [5.2, 0.5, 2.6, 1.12, 1.0],
    ],
    0.18,
  );
  m.paint(WHITE, { slot: SLOT.second, gloss: 0.4 }).hull(
    [
      [-5.14, 0.5, 1.0, 1.215, 1.215],
      [5.1, 0.5, 1.0, 1.215, 1.215],
    ],
    0.04,
  );
  for (const side of [-1, 1]) for (let y = -4.8; y < 4.6; y += 1.6) windows(side * 1.17, y, y + 1.48);
  glass(m).quad([1.0, 5.24, 1.1], [-1.0, 5.24, 1.1], [-0.94, 5.16, 2.35], [0.94, 5.16, 2.35]);
  glass(m).quad([-0.9, -5.22, 1.5], [0.9, -5.22, 1.5], [0.86, -5.2, 2.35], [-0.86, -5.2, 2.35]);
  m.paint([255, 190, 80], { emission: 0.9 }).box([-0.6, 5.12, 2.42], [0.6, 5.2, 2.66]);
  m.paint([206, 208, 210]).box([-0.7, -2.6, 2.84], [0.7, 0.2, 3.05]);
  wheels(m, [-2.9, 3.1], 1.06, 0.48, 0.28);
  lamps(m, 5.2, -5.18, 0.85, 0.72, 0.17);
  return m;
}

function rider(m, y, lift, { shirt = SLOT.shirt, helmet = SLOT.helmet, holds = 0.5, hat = false }) {
  const z = (v) => v + lift;
  m.paint(WHITE, { slot: SLOT.trousers });
  for (const s of [-1, 1]) {
    m.capsule([s * 0.1, y - 0.02, z(0.83)], [s * 0.18, y + 0.36, z(0.7)], 0.095, 0.075, { around: 6 });
    m.capsule([s * 0.18, y + 0.36, z(0.7)], [s * 0.15, y + 0.24, z(0.36)], 0.07, 0.05, { around: 6 });
    m.paint(RUBBER).capsule([s * 0.15, y + 0.2, z(0.31)], [s * 0.15, y + 0.38, z(0.3)], 0.05, 0.04, { around: 5 });
    m.paint(WHITE, { slot: SLOT.trousers });
  }
  m.paint(WHITE, { slot: shirt }).ellipsoid([0, y + 0.0, z(1.1)], [0.215, 0.145, 0.31], { around: 10, rings: 6 });
  m.ellipsoid([0, y + 0.02, z(1.29)], [0.235, 0.125, 0.11], { around: 10, rings: 4 });
  for (const s of [-1, 1]) {
    m.paint(WHITE, { slot: shirt }).capsule([s * 0.22, y + 0.03, z(1.31)], [s * 0.3, y + 0.22, z(1.07)], 0.062, 0.052, { around: 6 });
    m.paint(SKIN).capsule([s * 0.3, y + 0.22, z(1.07)], [s * 0.27, y + holds, z(1.04)], 0.045, 0.04, { around: 5 });
  }
  m.paint(SKIN).ellipsoid([0, y + 0.06, z(1.52)], [0.088, 0.1, 0.125], { around: 8, rings: 5 });
  if (hat) {
    m.paint([222, 202, 150]);
    for (let i = 0; i < 14; i++) {
      const at = (k) => [0.3 * Math.cos((k / 14) * 2 * Math.PI), y + 0.04 + 0.3 * Math.sin((k / 14) * 2 * Math.PI), z(1.6)];
      m.triangle(at(i), at(i + 1), [0, y + 0.04, z(1.8)]);
    }
    return;
  }
  m.paint(WHITE, { slot: helmet, gloss: 0.5 }).ellipsoid([0, y + 0.035, z(1.57)], [0.135, 0.16, 0.15], {
    around: 12,
    rings: 5,
    from: -0.15,
  });
  m.ellipsoid([0, y + 0.16, z(1.56)], [0.09, 0.09, 0.02], { around: 8, rings: 2 });
}

function scooter(m, step) {
  for (const y of [-0.6, 0.62]) {
    m.paint(TYRE).wheel([0, y, 0.27], 0.27, 0.1, 12);
    m.paint(STEEL, { gloss: 0.4 }).wheel([0, y, 0.27], 0.15, 0.115, 8);
  }
  body(m).hull(
    [
      [-0.88, 0.62, 0.74, 0.05, 0.04],
      [-0.7, 0.5, 0.78, 0.14, 0.1],
      [-0.3, 0.42, 0.74, 0.18, 0.14],
      [0.05, 0.34, step ? 0.5 : 0.66, 0.17, 0.14],
      [0.3, 0.3, step ? 0.42 : 0.52, 0.14, 0.12],
    ],
    0.08,
  );
  body(m).hull(
    [
      [0.28, 0.36, 0.9, 0.2, 0.14],
      [0.4, 0.4, 1.0, 0.24, 0.16],
      [0.52, 0.5, 0.98, 0.16, 0.1],
    ],
    0.1,
  );
  body(m).hull(
    [
      [0.38, 0.44, 0.52, 0.07, 0.05],
      [0.62, 0.52, 0.6, 0.08, 0.06],
      [0.86, 0.38, 0.46, 0.06, 0.04],
    ],
    0.04,
  );
  m.paint(DARK).hull(
    [
      [-0.78, 0.76, 0.82, 0.1, 0.08],
      [-0.4, 0.73, 0.84, 0.15, 0.12],
      [0.05, 0.68, 0.78, 0.12, 0.09],
    ],
    0.05,
  );
  m.paint(RUBBER).capsule([0, 0.42, 0.85], [0, 0.62, 0.3], 0.05, 0.045, { around: 6 });
  m.paint(RUBBER).capsule([-0.33, 0.36, 1.02], [0.33, 0.36, 1.02], 0.025, 0.025, { around: 5 });
  for (const s of [-1, 1]) {
    m.paint(RUBBER).capsule([s * 0.24, 0.38, 1.04], [s * 0.3, 0.36, 1.2], 0.012, 0.012, { around: 4, caps: false });
    m.paint(DARK, { gloss: 0.6 }).ellipsoid([s * 0.31, 0.36, 1.23], [0.07, 0.025, 0.045], { around: 6, rings: 4 });
  }
  body(m).ellipsoid([0, 0.42, 1.02], [0.13, 0.13, 0.11], { around: 8, rings: 4 });
  m.paint([240, 242, 244], { slot: SLOT.headlight, gloss: 0.5 }).ellipsoid([0, 0.53, 1.0], [0.085, 0.05, 0.07], { around: 8, rings: 4 });
  m.paint([170, 24, 20], { slot: SLOT.taillight }).ellipsoid([0, -0.86, 0.7], [0.08, 0.05, 0.05], { around: 8, rings: 4 });
  m.paint([230, 230, 226]).box([-0.1, -0.92, 0.5], [0.1, -0.88, 0.63]);
  m.paint(STEEL, { gloss: 0.5 }).capsule([0.17, -0.1, 0.3], [0.2, -0.8, 0.36], 0.045, 0.06, { around: 6 });
}

function motorbike(detail, { riders = 1, cargo, step = false, hat = false } = {}) {
  const m = new Mesh(detail);
  scooter(m, step);
  if (riders > 0) rider(m, -0.12, 0, { hat });
  if (riders > 1) rider(m, -0.52, 0.05, { shirt: SLOT.second, helmet: riders > 2 ? SLOT.shirt : SLOT.second, holds: 0.28 });
  if (cargo === 'box') {
    m.paint(WHITE, { slot: SLOT.second, gloss: 0.1 }).box([-0.27, -1.0, 0.86], [0.27, -0.46, 1.38]);
    m.paint(DARK).box([-0.275, -1.005, 1.3], [0.275, -0.455, 1.34]);
  }
  if (cargo === 'goods') {
    m.paint([186, 146, 92]).box([-0.34, -1.05, 0.82], [0.34, -0.45, 1.12]);
    m.paint([206, 186, 140]).box([-0.3, -0.98, 1.12], [0.3, -0.5, 1.4]);
  }
  return m;
}

function bicycle(detail) {
  const m = new Mesh(detail);
  for (const y of [-0.5, 0.52]) m.paint(TYRE).wheel([0, y, 0.33], 0.33, 0.04, 14);
  m.paint([150, 160, 168]);
  for (const y of [-0.5, 0.52]) m.wheel([0, y, 0.33], 0.28, 0.035, 10);
  body(m);
  for (const [a, b] of [
    [
      [0, -0.5, 0.33],
      [0, -0.2, 0.8],
    ],
    [
      [0, -0.15, 0.35],
      [0, 0.4, 0.85],
    ],
    [
      [0, 0.4, 0.95],
      [0, 0.52, 0.33],
    ],
    [
      [0, -0.22, 0.7],
      [0, 0.4, 0.8],
    ],
  ])
    m.capsule(a, b, 0.025, 0.025, { around: 5, caps: false });
  m.paint(DARK).capsule([-0.26, 0.34, 1.02], [0.26, 0.34, 1.02], 0.02, 0.02, { around: 4 });
  rider(m, -0.2, 0.08, { hat: true });
  return m;
}

/** What is driven: its model (`build` takes the mesh's detail) and the size of the ground it takes, metres. Lights: [x, y, z] of lamp pairs or single lamps. */
export const KINDS = {
  sedan: {
    build: (detail) => sedan(detail, false),
    length: 4.4,
    width: 1.8,
    head: [0.62, 2.2, 0.68],
    tail: [0.62, -2.22, 0.78],
    car: true,
  },
  taxi: { build: (detail) => sedan(detail, true), length: 4.4, width: 1.8, head: [0.62, 2.2, 0.68], tail: [0.62, -2.22, 0.78], car: true },
  suv: { build: suv, length: 4.5, width: 1.85, head: [0.66, 2.24, 0.8], tail: [0.66, -2.26, 0.9], car: true },
  truck: { build: truck, length: 5.8, width: 2.0, head: [0.7, 2.9, 0.72], tail: [0.7, -2.98, 0.82], car: true },
  bus: { build: bus, length: 10.4, width: 2.4, head: [0.85, 5.3, 0.72], tail: [0.85, -5.25, 0.82], car: true },
  wave: { build: (detail) => motorbike(detail), length: 1.8, width: 0.7, head: [0, 0.6, 1.0], tail: [0, -0.92, 0.7] },
  scooter: { build: (detail) => motorbike(detail, { step: true }), length: 1.8, width: 0.7, head: [0, 0.6, 1.0], tail: [0, -0.92, 0.7] },
  pair: {
    build: (detail) => motorbike(detail, { riders: 2, step: true }),
    length: 1.8,
    width: 0.7,
    head: [0, 0.6, 1.0],
    tail: [0, -0.92, 0.7],
  },
  courier: { build: (detail) => motorbike(detail, { cargo: 'box' }), length: 2.0, width: 0.7, head: [0, 0.6, 1.0], tail: [0, -0.92, 0.7] },
  goods: { build: (detail) => motorbike(detail, { cargo: 'goods' }), length: 2.0, width: 0.75, head: [0, 0.6, 1.0], tail: [0, -0.92, 0.7] },
  parked: { build: (detail) => motorbike(detail, { riders: 0, step: true }), length: 1.8, width: 0.7 },
  bicycle: { build: bicycle, length: 1.8, width: 0.6 },
};
