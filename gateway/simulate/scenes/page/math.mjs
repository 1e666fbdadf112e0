// Vectors are [x, y, z] in metres (x east, y north, z up); matrices are column-major Float32Array(16).

/** A seeded generator (mulberry32): the same scene must come out the same on every machine. */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = (rnd, list) => list[Math.floor(rnd() * list.length)];
export const mix = (a, b, t) => a + (b - a) * t;
export const clamp = (v, low, high) => Math.min(high, Math.max(low, v));

export const add = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a, k) => [a[0] * k, a[1] * k, a[2] * k];
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const normalize = (a) => scale(a, 1 / (Math.hypot(...a) || 1));

export function multiply(a, b) {
  const out = new Float32Array(16);
  for (let c = 0; c < 4; c++)
    for (let r = 0; r < 4; r++)
      out[c * 4 + r] = a[r] * b[c * 4] + a[4 + r] * b[c * 4 + 1] + a[8 + r] * b[c * 4 + 2] + a[12 + r] * b[c * 4 + 3];
  return out;
}

/** focal is in half picture heights; near and far in metres. */
export function perspective(focal, aspect, near, far) {
  const out = new Float32Array(16);
  out[0] = focal / aspect;
  out[5] = focal;
  out[10] = (far + near) / (near - far);
  out[11] = -1;
  out[14] = (2 * far * near) / (near - far);
  return out;
}

export function orthographic(half, near, far) {
  const out = new Float32Array(16);
  out[0] = out[5] = 1 / half;
  out[10] = -2 / (far - near);
  out[14] = -(far + near) / (far - near);
  out[15] = 1;
  return out;
}

export function lookAt(eye, target) {
  const back = normalize(sub(eye, target));
  const right = normalize(cross([0, 0, 1], back));
  const up = cross(back, right);
  return new Float32Array([
    right[0],
    up[0],
    back[0],
    0,
    right[1],
    up[1],
    back[1],
    0,
    right[2],
    up[2],
    back[2],
    0,
    -dot(right, eye),
    -dot(up, eye),
    -dot(back, eye),
    1,
  ]);
}

/** A model that looks along +y, turned to `heading` (radians from east), leaning sideways, put at x, y, z. */
export function place(x, y, z, heading, lean = 0, size = 1) {
  const s = Math.sin(heading),
    c = Math.cos(heading),
    sl = Math.sin(lean),
    cl = Math.cos(lean);
  return new Float32Array([
    s * cl * size,
    -c * cl * size,
    -sl * size,
    0,
    c * size,
    s * size,
    0,
    0,
    s * sl * size,
    -c * sl * size,
    cl * size,
    0,
    x,
    y,
    z,
    1,
  ]);
}

/** Swings a limb about the x axis through the point [0, 0, z]. */
export function swing(angle, z) {
  const s = Math.sin(angle),
    c = Math.cos(angle);
  return new Float32Array([1, 0, 0, 0, 0, c, s, 0, 0, -s, c, 0, 0, s * z, z - c * z, 1]);
}

export const IDENTITY = new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);

/** The mirror image in wet ground. */
export const mirrorZ = new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1]);

export function transform(m, p) {
  return [0, 1, 2, 3].map((r) => m[r] * p[0] + m[4 + r] * p[1] + m[8 + r] * p[2] + m[12 + r]);
}
