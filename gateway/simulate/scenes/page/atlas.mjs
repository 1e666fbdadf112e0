import { pick, random } from './math.mjs';

// One texture for everything that is not the ground: 8 by 8 tiles of 256 pixels, and its twin that holds what shines at night.
export const SIZE = 2048;
const TILE = 256;
const SIGNS = [
  ['PHỞ BÒ GIA TRUYỀN', '#b3261e', '#ffe9a8'],
  ['CÀ PHÊ SỚM', '#3a2418', '#f6dcae'],
  ['NHÀ THUỐC AN TÂM', '#0d7a45', '#ffffff'],
  ['TẠP HÓA MAI', '#f2c230', '#a01414'],
  ['BÁNH MÌ NÓNG', '#e0661b', '#fff6d8'],
  ['SỬA XE – RỬA XE', '#1d3f8f', '#ffe14a'],
  ['ĐIỆN THOẠI MINH', '#1670c9', '#ffffff'],
  ['CƠM BÌNH DÂN', '#c7252b', '#ffffff'],
  ['TRÀ SỮA LÀI', '#e77fa1', '#ffffff'],
  ['NHA KHOA SEN', '#e9f2f6', '#0d6d9a'],
  ['BÚN CHẢ 24', '#8d1f1f', '#ffd34d'],
  ['VÀNG BẠC KIM', '#b0121b', '#ffd84a'],
  ['THỜI TRANG HẠ', '#22242a', '#ffffff'],
  ['ĐIỆN NƯỚC TUẤN', '#15569c', '#ffffff'],
  ['HOA TƯƠI', '#2f8a4f', '#fff2f6'],
  ['KARAOKE MÂY', '#4b1c7a', '#ff8ae2'],
  ['GIẶT LÀ', '#23a0c4', '#ffffff'],
  ['BIA HƠI', '#f0b41f', '#6b1d0c'],
  ['SÁCH – VỞ', '#e8e2d2', '#1e4e8c'],
  ['KÍNH MẮT VIỆT', '#ffffff', '#c4161c'],
  ['LẨU NƯỚNG', '#9b1c12', '#ffe0b0'],
  ['VĂN PHÒNG', '#d8dde2', '#2b3a4a'],
  ['SIÊU THỊ MINI', '#d62828', '#ffffff'],
  ['NHÀ NGHỈ BÌNH', '#124f63', '#ffe890'],
  ['TRƯỜNG TIỂU HỌC HOA BAN', '#a3171b', '#ffe07a'],
];

export const tile = (index) => rectOf((index % 8) * TILE, Math.floor(index / 8) * TILE, TILE, TILE);
const rectOf = (x, y, w, h) => [(x + 1) / SIZE, (y + 1) / SIZE, (x + w - 1) / SIZE, (y + h - 1) / SIZE];

// Tile numbers by purpose; signs are four to a tile.
export const FLOORS = Array.from({ length: 16 }, (_, i) => i);
export const SHOPS = Array.from({ length: 16 }, (_, i) => 16 + i);
export const LEAVES = [40, 41];
export const PLAIN_WALL = 42,
  SCHOOL = 50,
  ROOF_TILES = 51,
  LEAVES_RED = 56;
export const SIGN_COUNT = 24,
  SCHOOL_SIGN = 24;
export const signRect = (i) => rectOf((i % 2) * 512 + 1024, 1792 - 512 + Math.floor(i / 2) * 56, 512, 56);

export function paintAtlas(seed) {
  const albedo = new OffscreenCanvas(SIZE, SIZE),
    emission = new OffscreenCanvas(SIZE, SIZE);
  const a = albedo.getContext('2d'),
    e = emission.getContext('2d'),
    rnd = random(seed * 3 + 2);
  e.fillStyle = '#000';
  e.fillRect(0, 0, SIZE, SIZE);
  const on = (index, draw) => {
    for (const g of [a, e]) {
      g.save();
      g.translate((index % 8) * TILE, Math.floor(index / 8) * TILE);
      g.beginPath();
      g.rect(0, 0, TILE, TILE);
      g.clip();
    }
    draw();
    for (const g of [a, e]) g.restore();
  };
  FLOORS.forEach((i) => on(i, () => floor(a, e, rnd, i)));
  SHOPS.forEach((i) => on(i, () => shop(a, e, rnd)));
  LEAVES.forEach((i) => on(i, () => leaves(a, rnd, ['#5d7f3c', '#4b6c33', '#77974a', '#3d5a2c'])));
  on(LEAVES_RED, () => leaves(a, rnd, ['#4f7238', '#c8452c', '#e0603a', '#5d7f3c']));
  on(PLAIN_WALL, () => wall(a, rnd));
  on(SCHOOL, () => school(a, e));
  on(ROOF_TILES, () => roof(a, rnd));
  SIGNS.forEach((sign, i) => paintSign(a, e, sign, i));
  a.fillStyle = '#fff';
  a.fillRect(SIZE - 12, SIZE - 12, 12, 12);
  return { albedo, emission };
}

function wall(g, rnd, base = '#f4f1ea') {
  g.fillStyle = base;
  g.fillRect(0, 0, TILE, TILE);
  for (let i = 0; i < 26; i++) {
    const x = rnd() * TILE,
      h = 30 + rnd() * 150;
    const run = g.createLinearGradient(0, 0, 0, h);
    run.addColorStop(0, `rgba(70,64,54,${0.05 + rnd() * 0.13})`);
    run.addColorStop(1, 'rgba(70,64,54,0)');
    g.fillStyle = run;
    g.fillRect(x, 0, 3 + rnd() * 14, h);
  }
}

const LIGHTS = ['#ffd9a0', '#ffcf8a', '#dfeaff', '#ffe8c4', '#f7c27a'];

function pane(a, e, x, y, w, h, rnd, lit) {
  const sky = a.createLinearGradient(x, y, x + w * 0.4, y + h);
  sky.addColorStop(0, '#6b8296');
  sky.addColorStop(0.5, '#34424e');
  sky.addColorStop(1, '#232d35');
  a.fillStyle = sky;
  a.fillRect(x, y, w, h);
  if (rnd() < 0.5) {
    a.fillStyle = pick(rnd, ['rgba(230,220,200,.7)', 'rgba(190,110,90,.6)', 'rgba(140,170,150,.6)']);
    a.fillRect(x, y, w * (0.25 + rnd() * 0.3), h);
  }
  if (!lit) return;
  e.fillStyle = pick(rnd, LIGHTS);
  e.globalAlpha = 0.35 + rnd() * 0.5;
  e.fillRect(x, y, w, h);
  e.globalAlpha = 1;
  e.fillStyle = 'rgba(0,0,0,.35)';
  e.fillRect(x, y, w * rnd() * 0.5, h);
}

function bars(a, e, x, y, w, h, step, color) {
  a.fillStyle = color;
  for (let i = 0; i <= w; i += step) {
    a.fillRect(x + i, y, 2.5, h);
    e.fillStyle = 'rgba(0,0,0,.75)';
    e.fillRect(x + i, y, 2.5, h);
  }
  a.fillRect(x, y, w, 4);
  a.fillRect(x, y + h - 3, w, 3);
}

/** One storey of a tube house, wall left white for the vertex colour to tint. */
function floor(a, e, rnd, style) {
  wall(a, rnd);
  const lit = rnd() < 0.45,
    frame = pick(rnd, ['#f7f5ef', '#5b4433', '#d9dde0', '#3d4a44']);
  a.fillStyle = 'rgba(0,0,0,.16)';
  a.fillRect(0, 0, TILE, 10);
  a.fillStyle = '#fffdf6';
  a.fillRect(0, 10, TILE, 7);
  const put = (x, y, w, h) => {
    a.fillStyle = frame;
    a.fillRect(x - 6, y - 6, w + 12, h + 12);
    pane(a, e, x, y, w, h, rnd, lit);
    a.fillStyle = frame;
    a.fillRect(x + w / 2 - 2, y, 4, h);
    e.fillStyle = '#000';
    e.fillRect(x + w / 2 - 2, y, 4, h);
  };
  if (style % 4 === 0) {
    put(34, 56, 84, 110);
    put(140, 56, 84, 110);
  } else if (style % 4 === 1) {
    put(40, 50, 112, 196);
    put(180, 62, 50, 90);
  } else if (style % 4 === 2) {
    put(28, 44, 200, 140);
    a.fillStyle = frame;
    a.fillRect(92, 44, 5, 140);
    a.fillRect(160, 44, 5, 140);
  } else {
    for (const x of [24, 100, 176]) put(x, 54, 54, 130);
  }
  if (rnd() < 0.6) bars(a, e, 20, 176, 216, 72, 12, pick(rnd, ['#3c4038', '#e8e6df', '#6d3f2f']));
  if (rnd() < 0.5) {
    a.fillStyle = '#e3e3de';
    a.fillRect(188, 196, 50, 36);
    a.fillStyle = '#8b8d8c';
    a.beginPath();
    a.arc(206, 214, 13, 0, 7);
    a.fill();
  }
}

function shutter(a, color) {
  a.fillStyle = color;
  a.fillRect(0, 0, TILE, TILE);
  for (let y = 0; y < TILE; y += 9) {
    a.fillStyle = 'rgba(0,0,0,.22)';
    a.fillRect(0, y, TILE, 2.5);
    a.fillStyle = 'rgba(255,255,255,.14)';
    a.fillRect(0, y + 2.5, TILE, 2);
  }
}

/** An open shop front: goods on shelves in light, or a shutter that is down. */
function shop(a, e, rnd) {
  if (rnd() < 0.2) {
    shutter(a, pick(rnd, ['#8c9298', '#7c8d84', '#a2937c']));
    return;
  }
  const warm = pick(rnd, ['#6e5b44', '#5c5e5e', '#72685a', '#4e4a48']);
  a.fillStyle = warm;
  a.fillRect(0, 0, TILE, TILE);
  const glow = e.createLinearGradient(0, 0, 0, TILE),
    tint = pick(rnd, ['255,226,178', '235,242,255', '255,212,150', '250,240,220']);
  glow.addColorStop(0, `rgba(${tint},1)`);
  glow.addColorStop(0.4, `rgba(${tint},.72)`);
  glow.addColorStop(1, `rgba(${tint},.4)`);
  e.fillStyle = glow;
  e.fillRect(10, 10, TILE - 20, TILE - 14);
  const goods = ['#c8453a', '#e2b23c', '#3c78b4', '#4a9a62', '#e6e0d4', '#d8839a', '#7a5a44', '#2c3238'];
  for (let y = 60; y < 190; y += 30 + rnd() * 8)
    for (let x = 16; x < 236; ) {
      const w = 6 + rnd() * 20,
        h = 12 + rnd() * 15,
        color = pick(rnd, goods);
      a.fillStyle = color;
      a.fillRect(x, y - h + 22, w, h);
      e.globalCompositeOperation = 'multiply';
      e.fillStyle = color;
      e.fillRect(x, y - h + 22, w, h);
      e.globalCompositeOperation = 'source-over';
      x += w + 2 + rnd() * 6;
    }
  for (let i = 0; i < 3; i++) {
    const x = 30 + rnd() * 180,
      h = 90 + rnd() * 26;
    for (const [g, c] of [
      [a, '#26221f'],
      [e, 'rgba(0,0,0,.78)'],
    ]) {
      g.fillStyle = c;
      g.beginPath();
      g.ellipse(x, 256 - h, 8, 11, 0, 0, 7);
      g.fill();
      g.beginPath();
      g.roundRect(x - 15, 268 - h, 30, h, 10);
      g.fill();
    }
  }
  a.fillStyle = '#4a4f52';
  e.fillStyle = '#000';
  for (const g of [a, e]) {
    g.fillRect(0, 0, 9, TILE);
    g.fillRect(TILE - 9, 0, 9, TILE);
    if (rnd() < 0.5) g.fillRect(124, 0, 6, TILE);
  }
}

function leaves(a, rnd, colors) {
  a.clearRect(0, 0, TILE, TILE);
  for (let i = 0; i < 170; i++) {
    const r = Math.sqrt(rnd()) * 108,
      t = rnd() * 7;
    a.save();
    a.translate(128 + r * Math.cos(t), 128 + r * Math.sin(t));
    a.rotate(rnd() * 7);
    a.fillStyle = pick(rnd, colors);
    a.beginPath();
    a.ellipse(0, 0, 13 + rnd() * 10, 6 + rnd() * 4, 0, 0, 7);
    a.fill();
    a.restore();
  }
}

function school(a, e) {
  a.fillStyle = '#f3dfa2';
  a.fillRect(0, 0, TILE, TILE);
  a.fillStyle = '#c98d3e';
  a.fillRect(0, 0, TILE, 22);
  a.fillStyle = '#fff6dc';
  a.fillRect(0, 22, TILE, 8);
  a.fillRect(0, 200, TILE, 56);
  for (const x of [30, 146]) {
    a.fillStyle = '#3f6a58';
    a.fillRect(x - 6, 60, 92, 128);
    a.fillStyle = '#2c3a42';
    a.fillRect(x, 66, 38, 116);
    a.fillRect(x + 42, 66, 38, 116);
    e.fillStyle = '#8d8468';
    e.fillRect(x, 66, 80, 116);
  }
  a.fillStyle = '#b98a4a';
  for (let x = 4; x < TILE; x += 14) a.fillRect(x, 206, 6, 44);
}

function roof(a, rnd) {
  a.fillStyle = '#8e4a35';
  a.fillRect(0, 0, TILE, TILE);
  for (let y = 0; y < TILE; y += 16)
    for (let x = 0; x < TILE; x += 16) {
      a.fillStyle = pick(rnd, ['#9c5440', '#84412e', '#a8604a', '#7a3b2a']);
      a.fillRect(x, y, 15, 14);
    }
}

function paintSign(a, e, [text, back, ink], i) {
  const x = (i % 2) * 512 + 1024,
    y = 1792 - 512 + Math.floor(i / 2) * 56;
  for (const [g, dim] of [
    [a, 1],
    [e, 0.62],
  ]) {
    g.save();
    g.beginPath();
    g.rect(x, y, 512, 56);
    g.clip();
    g.fillStyle = back;
    g.globalAlpha = dim;
    g.fillRect(x, y, 512, 56);
    g.globalAlpha = 1;
    g.fillStyle = ink;
    g.font = 'bold 38px "DejaVu Sans Condensed", "Liberation Sans Narrow", sans-serif';
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.fillText(text, x + 256, y + 30, 480);
    g.strokeStyle = ink;
    g.lineWidth = 3;
    g.strokeRect(x + 3, y + 3, 506, 50);
    g.restore();
  }
}
