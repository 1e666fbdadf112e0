import { add, cross, normalize, scale, sub, transform } from './math.mjs';

// One vertex is 32 bytes: position 3 floats, texture 2 floats, normal 4 signed bytes, colour+emission 4 bytes,
// palette slot + gloss 4 bytes.
const STRIDE = 32;
export const WHITE = [0.998, 0.998];

/** Collects triangles. A detail below 1 gives round things fewer sides, for models seen from afar. The brush (colour, slot, emission, gloss) applies to what is added after it is set. */
export class Mesh {
  constructor(detail = 1) {
    this.detail = detail;
  }

  positions = [];
  normals = [];
  textures = [];
  paints = [];
  brush = { color: [255, 255, 255], slot: 0, emission: 0, gloss: 0 };

  paint(color, { slot = 0, emission = 0, gloss = 0 } = {}) {
    this.brush = { color, slot, emission, gloss };
    return this;
  }

  get count() {
    return this.positions.length;
  }

  vertex(p, n, uv = WHITE) {
    this.positions.push(p);
    this.normals.push(n);
    this.textures.push(uv);
    this.paints.push(this.brush);
  }

  triangle(a, b, c, normals, uvs = []) {
    const flat = normals ?? Array(3).fill(normalize(cross(sub(b, a), sub(c, a))));
    [a, b, c].forEach((p, i) => this.vertex(p, flat[i], uvs[i]));
  }

  /** Corners counter-clockwise seen from outside; rect is [u0, v0, u1, v1] in the atlas, a at u0 v1 (bottom left). */
  quad(a, b, c, d, rect) {
    const uv = rect
      ? [
          [rect[0], rect[3]],
          [rect[2], rect[3]],
          [rect[2], rect[1]],
          [rect[0], rect[1]],
        ]
      : [];
    const n = normalize(cross(sub(b, a), sub(d, a)));
    this.triangle(a, b, c, [n, n, n], [uv[0], uv[1], uv[2]]);
    this.triangle(a, c, d, [n, n, n], [uv[0], uv[2], uv[3]]);
  }

  box([x0, y0, z0], [x1, y1, z1], { bottom = false } = {}) {
    const p = (x, y, z) => [x ? x1 : x0, y ? y1 : y0, z ? z1 : z0];
    this.quad(p(0, 0, 0), p(1, 0, 0), p(1, 0, 1), p(0, 0, 1));
    this.quad(p(1, 1, 0), p(0, 1, 0), p(0, 1, 1), p(1, 1, 1));
    this.quad(p(0, 1, 0), p(0, 0, 0), p(0, 0, 1), p(0, 1, 1));
    this.quad(p(1, 0, 0), p(1, 1, 0), p(1, 1, 1), p(1, 0, 1));
    this.quad(p(0, 0, 1), p(1, 0, 1), p(1, 1, 1), p(0, 1, 1));
    if (bottom) this.quad(p(0, 1, 0), p(1, 1, 0), p(1, 0, 0), p(0, 0, 0));
  }

  sides(count, least) {
    return Math.max(least, Math.round(count * this.detail));
  }

  ellipsoid(center, radii, { around = 10, rings = 6, from = -1 } = {}) {
    around = this.sides(around, 5);
    rings = this.sides(rings, 3);
    const at = (i, j) => {
      const lat = (from * Math.PI) / 2 + (((1 - from) * Math.PI) / 2) * (j / rings),
        lon = (i / around) * 2 * Math.PI;
      const n = [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
      const p = n.map((v, k) => center[k] + v * radii[k]);
      return [p, normalize(n.map((v, k) => v / radii[k]))];
    };
    this.grid(around, rings, at);
  }

  /** A round bar from a to b, thick ra at a and rb at b. */
  capsule(a, b, ra, rb = ra, { around = 8, caps = true } = {}) {
    around = this.sides(around, 3);
    caps &&= this.detail === 1;
    const axis = normalize(sub(b, a));
    const side = normalize(cross(axis, Math.abs(axis[2]) > 0.9 ? [1, 0, 0] : [0, 0, 1]));
    const other = cross(axis, side);
    const rows = caps
      ? [
          [a, -0.7 * ra, 0.4 * ra, -0.8],
          [a, 0, ra, 0],
          [b, 0, rb, 0],
          [b, 0.7 * rb, 0.4 * rb, 0.8],
        ]
      : [
          [a, 0, ra, 0],
          [b, 0, rb, 0],
        ];
    this.grid(around, rows.length - 1, (i, j) => {
      const [base, along, r, slope] = rows[j],
        lon = (i / around) * 2 * Math.PI;
      const out = add(scale(side, Math.cos(lon)), scale(other, Math.sin(lon)));
      return [add(add(base, scale(axis, along)), scale(out, r)), normalize(add(out, scale(axis, slope)))];
    });
  }

  /** A wheel or disc with its axle along x. */
  wheel(center, radius, width, around = 14) {
    around = this.sides(around, 6);
    const ring = (x, r) =>
      Array.from({ length: around + 1 }, (_, i) => {
        const lon = (i / around) * 2 * Math.PI;
        return [center[0] + x, center[1] + r * Math.cos(lon), center[2] + r * Math.sin(lon)];
      });
    const left = ring(-width / 2, radius),
      right = ring(width / 2, radius);
    for (let i = 0; i < around; i++) {
      this.quad(left[i], left[i + 1], right[i + 1], right[i]);
      this.triangle([center[0] + width / 2, center[1], center[2]], right[i], right[i + 1]);
      this.triangle([center[0] - width / 2, center[1], center[2]], left[i + 1], left[i]);
    }
  }

  /**
   * A smooth hull over rounded boxes along y: each station is [y, bottom, top, half width below, half width above].
   */
  hull(stations, round = 0.16) {
    const section = ([y, z0, z1, low, high]) => {
      const r = Math.min(round, (z1 - z0) / 2.2, high / 2);
      const half = [
        [low - r, z0],
        [low, z0 + r],
        [(low * 2 + high) / 3 + 0.015, (z0 * 2 + z1) / 3],
        [high, z1 - r],
        [high - r * 0.3, z1 - r * 0.3],
        [high - r, z1],
      ];
      if (this.detail < 1) half.splice(3, 2, [high, z1 - r]);
      return [...half, ...half.map(([x, z]) => [-x, z]).reverse()].map(([x, z]) => [x, y, z]);
    };
    const rows = stations.map(section),
      around = rows[0].length;
    const normal = (i, j) => {
      const along = sub(rows[Math.min(j + 1, rows.length - 1)][i % around], rows[Math.max(j - 1, 0)][i % around]);
      const over = sub(rows[j][(i + 1) % around], rows[j][(i + around - 1) % around]);
      return normalize(cross(over, along));
    };
    this.grid(around, rows.length - 1, (i, j) => [rows[j][i % around], scale(normal(i, j), -1)], true);
    for (const [j, turn] of [
      [0, false],
      [rows.length - 1, true],
    ]) {
      const middle = scale(rows[j].reduce(add), 1 / around);
      for (let i = 0; i < around; i++) {
        const a = rows[j][i],
          b = rows[j][(i + 1) % around];
        turn ? this.triangle(middle, b, a) : this.triangle(middle, a, b);
      }
    }
  }

  grid(columns, rows, at, flip = false) {
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
        const put = (p, q, r) => this.triangle(p[0], q[0], r[0], [p[1], q[1], r[1]]);
        flip ? (put(a, c, b), put(a, d, c)) : (put(a, b, c), put(a, c, d));
      }
  }

  /** Adds another mesh, moved by a matrix, its palette slots replaced by colours. */
  append(other, matrix, palette) {
    for (let i = 0; i < other.count; i++) {
      const [x, y, z] = other.normals[i],
        paint = other.paints[i],
        tint = palette[paint.slot] ?? [1, 1, 1];
      this.brush = { ...paint, slot: 0, color: paint.color.map((v, k) => v * tint[k]) };
      const turned = [0, 1, 2].map((r) => matrix[r] * x + matrix[4 + r] * y + matrix[8 + r] * z);
      this.vertex(transform(matrix, other.positions[i]), normalize(turned), other.textures[i]);
    }
  }

  bytes() {
    const data = new DataView(new ArrayBuffer(this.count * STRIDE));
    for (let i = 0; i < this.count; i++) {
      const o = i * STRIDE,
        b = this.paints[i];
      this.positions[i].forEach((v, k) => data.setFloat32(o + k * 4, v, true));
      (this.textures[i] ?? WHITE).forEach((v, k) => data.setFloat32(o + 12 + k * 4, v, true));
      this.normals[i].forEach((v, k) => data.setInt8(o + 20 + k, Math.round(v * 127)));
      b.color.forEach((v, k) => data.setUint8(o + 24 + k, Math.max(0, Math.min(255, v))));
      data.setUint8(o + 27, b.emission * 255);
      data.setUint8(o + 28, b.slot);
      data.setUint8(o + 29, b.gloss * 255);
    }
    return data.buffer;
  }
}

/** The attributes of Mesh.bytes(), as gl.vertexAttribPointer wants them. */
export const LAYOUT = {
  stride: STRIDE,
  fields: [
    { size: 3, type: 'FLOAT', normalized: false, offset: 0 },
    { size: 2, type: 'FLOAT', normalized: false, offset: 12 },
    { size: 3, type: 'BYTE', normalized: true, offset: 20 },
    { size: 4, type: 'UNSIGNED_BYTE', normalized: true, offset: 24 },
    { size: 2, type: 'UNSIGNED_BYTE', normalized: false, offset: 28 },
  ],
};
